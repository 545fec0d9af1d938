using Headroom.Domain.Facts;

namespace Headroom.Ingest.Formats.Records.Slurm;

/// <summary>What the state of a node means for its devices.</summary>
/// <remarks>Source: SchedMD, sinfo(1), NODE STATE CODES.</remarks>
internal static class NodeStates
{
    private static readonly string[] Out = ["DOWN", "DRAIN", "DRAINED", "DRAINING", "FAIL", "FAILING", "ERROR", "INVAL", "UNK", "UNKNOWN", "NOT_RESPONDING", "NO_RESPOND", "POWERED_DOWN", "POWER_DOWN"];

    /// <summary>Null: in service. <c>MIXED+DRAIN</c>, <c>down*</c>: the words count, the signs behind them do not.</summary>
    public static InventoryEvent? EventOf(string state)
    {
        var words = state.ToUpperInvariant().Split('+').Select(word => word.TrimEnd('*', '~', '#', '!', '%', '$', '@', '^', '-')).ToArray();
        return words.Contains("MAINT") || words.Contains("MAINTENANCE") ? InventoryEvent.Maintenance
            : words.Any(Out.Contains) ? InventoryEvent.Down
            : null;
    }
}
