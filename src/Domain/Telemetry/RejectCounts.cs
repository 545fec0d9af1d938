using System.Collections.Immutable;

namespace Headroom.Domain.Telemetry;

/// <summary>Why a row was not accepted. The names are printed as they are, in snake case, in every language.</summary>
public enum RejectReason
{
    /// <summary>Not the shape of a row: too few columns, a broken line.</summary>
    Malformed,

    /// <summary>The time is missing or not a time.</summary>
    BadTime,

    /// <summary>Before 2000: an exporter that prints seconds where milliseconds belong, or a clock that was never set.</summary>
    Ancient,

    /// <summary>More than an hour ahead of the clock that receives it.</summary>
    Future,

    /// <summary>No device id, and nothing to make one of.</summary>
    NoDevice,

    /// <summary>A number outside of what the gauge can hold.</summary>
    OutOfRange,

    /// <summary>A value that means "no value": -1, 255, 65535, 4294967295, the blanks of DCGM, NaN.</summary>
    Sentinel,

    /// <summary>Not a number where one belongs.</summary>
    NotANumber,

    /// <summary>An ending before its beginning.</summary>
    Backwards,

    /// <summary>A word where one of a fixed list belongs.</summary>
    UnknownWord,

    /// <summary>A required cell is empty.</summary>
    MissingCell,

    /// <summary>It names another center than the one it was sent to.</summary>
    OtherCenter,
}

public static class RejectReasons
{
    private static readonly string[] Words =
    [
        .. Enum.GetNames<RejectReason>().Select(name => string.Concat(name.Select((letter, i) => char.IsUpper(letter) && i > 0 ? "_" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()))),
    ];

    /// <summary>The reason as it is printed everywhere: <c>out_of_range</c>.</summary>
    public static string Word(this RejectReason reason) => Words[(int)reason];
}

/// <summary>One rejected row, kept so that a person can look at it.</summary>
/// <param name="Place">File and line, or target and line.</param>
/// <param name="Device">The device it names, or null.</param>
/// <param name="Instant">Its instant, or null where it has none. Unit: microseconds since the Unix epoch.</param>
/// <param name="Column">The column or metric at fault, or null for a whole row.</param>
/// <param name="Found">The text found there.</param>
public sealed record RejectedRow(string Place, string? Device, long? Instant, string? Column, string Found, RejectReason Reason);

/// <summary>Received = accepted + rejected, always; the first rows of each reason are kept.</summary>
public sealed class RejectCounts
{
    /// <summary>Examples kept for each reason.</summary>
    public const int Kept = 100;

    private readonly long[] _byReason = new long[Enum.GetValues<RejectReason>().Length];
    private readonly List<RejectedRow> _rows = [];

    public long Accepted { get; private set; }

    public long Rejected => _byReason.Sum();

    public long Received => Accepted + Rejected;

    /// <summary>Columns of the input that we do not know, each counted once per page.</summary>
    public HashSet<string> IgnoredColumns { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<RejectedRow> Rows => _rows;

    public long Of(RejectReason reason) => _byReason[(int)reason];

    public ImmutableArray<(RejectReason Reason, long Count)> ByReason =>
        [.. Enum.GetValues<RejectReason>().Select(reason => (reason, Of(reason))).Where(pair => pair.Item2 > 0)];

    public void Accept(long rows = 1) => Accepted += rows;

    /// <summary>Cells that were not acceptable in rows that were: a power out of range beside a good utilization. The cell is missing.</summary>
    public long MissingCells { get; private set; }

    /// <summary>Counts one rejected row. True while its reason still wants examples: <see cref="Keep"/> one then.</summary>
    public bool Count(RejectReason reason) => ++_byReason[(int)reason] <= Kept;

    /// <summary>Keeps a row that <see cref="Count"/> asked for.</summary>
    public void Keep(RejectedRow row) => _rows.Add(row);

    public void Reject(RejectedRow row)
    {
        if (Count(row.Reason))
        {
            Keep(row);
        }
    }

    public void LoseCell() => MissingCells++;

    /// <summary>Adds the counts of one batch to those of its source; examples up to <see cref="Kept"/> of each reason.</summary>
    public void Add(RejectCounts batch)
    {
        Accepted += batch.Accepted;
        MissingCells += batch.MissingCells;
        IgnoredColumns.UnionWith(batch.IgnoredColumns);
        foreach (var row in batch._rows)
        {
            if (_rows.Count(kept => kept.Reason == row.Reason) < Kept)
            {
                _rows.Add(row);
            }
        }

        for (var reason = 0; reason < _byReason.Length; reason++)
        {
            _byReason[reason] += batch._byReason[reason];
        }
    }
}
