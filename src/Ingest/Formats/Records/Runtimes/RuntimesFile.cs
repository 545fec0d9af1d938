using Headroom.Domain.Messages;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Records.Runtimes;

/// <param name="Runtime">Unit: microseconds.</param>
public readonly record struct RuntimeRow(int Cards, long Runtime);

/// <summary>The runtimes CSV: <c>cards,runtime_s</c> of finished jobs.</summary>
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
        [],
        row => new(row.RequiredWhole("cards", 1, MostCards), (long)(row.RequiredNumber("runtime_s", 0, LongestSeconds) * Micros.PerSecond)));
}
