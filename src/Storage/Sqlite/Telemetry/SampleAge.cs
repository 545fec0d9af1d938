using Headroom.Domain.Time;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>How old the samples of a batch were when it was recorded.</summary>
/// <param name="Late">Rows of an hour or more before.</param>
/// <param name="Lag">Of the newest row; negative: it is of a time to come. Unit: microseconds.</param>
internal readonly record struct SampleAge(long Late, long Lag)
{
    /// <summary>Null: there are no rows.</summary>
    public static SampleAge? Of(ReadOnlySpan<long> instants, long recorded)
    {
        var (late, newest) = (0L, long.MinValue);
        foreach (var instant in instants)
        {
            late += instant <= recorded - Micros.PerHour ? 1 : 0;
            newest = Math.Max(newest, instant);
        }

        return instants.IsEmpty ? null : new(late, recorded - newest);
    }
}
