using Headroom.Domain.Messages;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Records.Runtimes;

/// <param name="Runtime">Unit: microseconds.</param>
/// <param name="Wait">From when it could have started to its start. Unit: microseconds. Null: not known.</param>
public readonly record struct RuntimeRow(int Cards, long Runtime, long? Wait = null);

/// <summary>The runtimes CSV: <c>cards,runtime_s[,wait_s]</c> of finished jobs.</summary>
public static class RuntimesFile
{
    private const int MostCards = 1_000_000;
    private const double LongestSeconds = 1e10;

    /// <param name="path">Plain or <c>.gz</c>.</param>
    /// <exception cref="UserException">Missing, unreadable, or without one of the columns.</exception>
    public static RowsOf<RuntimeRow> Read(string path, RecordSource source) => RowsOf<RuntimeRow>.Read(
        path,
        source,
        ["cards", "runtime_s"],
        ["wait_s"],
        row => new(
            row.RequiredWhole("cards", 1, MostCards),
            (long)(row.RequiredNumber("runtime_s", 0, LongestSeconds) * Micros.PerSecond),
            row.Number("wait_s", 0, LongestSeconds) is { } wait ? (long)(wait * Micros.PerSecond) : null));
}
