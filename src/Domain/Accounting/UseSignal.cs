using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Domain.Accounting;

/// <summary>Turns gauge samples into spans of known use: gaps, rejected samples and silent zeros are not spans.</summary>
public static class UseSignal
{
    /// <summary>A gauge at 0 for this long while the card draws power is not believed. Unit: microseconds.</summary>
    public const long SilentZeroMicros = 30 * Micros.PerMinute;

    /// <summary>Share of the rated power from which a card is surely working. Unit: percent.</summary>
    public const int SilentZeroPowerPercent = 60;

    /// <summary>The nominal period where nothing tells one. Unit: microseconds.</summary>
    public const long DefaultPeriodMicros = 60 * Micros.PerSecond;

    /// <summary>How long one sample may stand for: 2.5 nominal periods. Unit: microseconds.</summary>
    public static long MaxGap(long periodMicros) => periodMicros * 5 / 2;

    /// <summary>The most frequent distance between neighbors inside <paramref name="day"/>, the lesser of equals; null with fewer than two samples.</summary>
    public static long? NominalPeriod(ReadOnlySpan<long> instants, Window day)
    {
        var counts = new Dictionary<long, int>();
        var (run, length) = (0L, 0);
        for (var i = 1; i < instants.Length; i++)
        {
            if (instants[i - 1] >= day.From && instants[i] < day.Until)
            {
                var gap = instants[i] - instants[i - 1];
                if (gap != run)
                {
                    counts[run] = counts.GetValueOrDefault(run) + length;
                    (run, length) = (gap, 0);
                }

                length++;
            }
        }

        counts[run] = counts.GetValueOrDefault(run) + length;
        counts.Remove(0);

        return counts.Count == 0 ? null : counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).First().Key;
    }

    /// <summary>Where the time of sample <paramref name="i"/> begins: at its predecessor, at most <paramref name="maxGap"/> back.</summary>
    public static long SpanStart(long[] instants, int i, long maxGap) =>
        i == 0 ? instants[0] - maxGap : Math.Max(instants[i - 1], instants[i] - maxGap);

    /// <summary>Marks samples in runs of at least 30 minutes at 0 while power is at least 60 % of the rating.</summary>
    /// <param name="ratedMilliwatts">Null: no rated power, so no check, and nothing is marked.</param>
    public static bool[] SilentZeros(DeviceSamples samples, long maxGap, long? ratedMilliwatts)
    {
        var marked = new bool[samples.Count];
        if (ratedMilliwatts is not { } rated)
        {
            return marked;
        }

        var threshold = rated * SilentZeroPowerPercent / 100;
        var first = -1;
        for (var i = 0; i <= samples.Count; i++)
        {
            var suspicious = i < samples.Count && samples.UsePpm[i] == 0
                && samples.PowerMilliwatts[i] != TelemetryMetrics.Missing && samples.PowerMilliwatts[i] >= threshold;
            if (suspicious)
            {
                first = first < 0 ? i : first;
                continue;
            }

            if (first >= 0 && samples.Instants[i - 1] - SpanStart(samples.Instants, first, maxGap) >= SilentZeroMicros)
            {
                marked.AsSpan(first, i - first).Fill(true);
            }

            first = -1;
        }

        return marked;
    }
}
