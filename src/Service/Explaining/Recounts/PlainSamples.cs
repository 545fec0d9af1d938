using Headroom.Domain.Accounting;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Service.Explaining.Recounts;

/// <summary>The raw samples of one device around a day, each with the time it stands for: back to its predecessor, at most 2.5 nominal periods.</summary>
internal sealed class PlainSamples
{
    private const long HalfHour = 30 * Micros.PerMinute;

    private readonly DeviceSamples _samples;
    private readonly long _reach;
    private readonly bool[] _isSilent;

    /// <param name="period">Declared; null: the most frequent gap of the day.</param>
    /// <param name="ratedMilliwatts">Null: a gauge at 0 is always believed.</param>
    public PlainSamples(DeviceSamples samples, Window day, long? period, long? ratedMilliwatts)
    {
        _samples = samples;
        _reach = (period ?? UsualGap(samples.Instants, day) ?? 60 * Micros.PerSecond) * 5 / 2;
        _isSilent = new bool[samples.Count];
        for (var i = 0; ratedMilliwatts is { } rated && i < Count;)
        {
            var end = i;
            while (end < Count && _samples.UsePpm[end] == 0 && _samples.PowerMilliwatts[end] != TelemetryMetrics.Missing && _samples.PowerMilliwatts[end] >= rated * 60 / 100)
            {
                end++;
            }

            if (end > i && _samples.Instants[end - 1] - Start(i) >= HalfHour)
            {
                Array.Fill(_isSilent, true, i, end - i);
            }

            i = Math.Max(end, i + 1);
        }
    }

    public int Count => _samples.Count;

    public bool HasTemperature => _samples.TemperatureMillidegrees.Length == Count;

    public long At(int i) => _samples.Instants[i];

    /// <summary>Where the time of a sample begins.</summary>
    public long Start(int i) => i == 0 ? At(0) - _reach : Math.Max(At(i - 1), At(i) - _reach);

    /// <summary>Parts per million; null: not reported, or not believed.</summary>
    public int? Use(int i) => _samples.UsePpm[i] == TelemetryMetrics.Missing || _isSilent[i] ? null : _samples.UsePpm[i];

    public int Temperature(int i) => _samples.TemperatureMillidegrees[i];

    /// <summary>The first sample after an instant.</summary>
    public int After(long instant)
    {
        var found = Array.BinarySearch(_samples.Instants, instant);
        return found >= 0 ? found + 1 : ~found;
    }

    /// <summary>Busy and known time in [from, until), sample by sample.</summary>
    public (long Busy, long Known) Sum(long from, long until)
    {
        var (busy, known) = (0L, 0L);
        for (var i = After(from); i < Count && Start(i) < until; i++)
        {
            var (begin, end) = (Math.Max(Start(i), from), Math.Min(At(i), until));
            if (end > begin && Use(i) is { } use)
            {
                known += end - begin;
                busy += ((end - Start(i)) * use / 1_000_000) - ((begin - Start(i)) * use / 1_000_000);
            }
        }

        return (busy, known);
    }

    /// <summary>Unbroken runs in [from, until) of samples that <paramref name="isOne"/> holds for, and no shorter than <paramref name="least"/>.</summary>
    public IEnumerable<Window> Runs(long from, long until, long least, Func<int, bool> isOne)
    {
        var run = default(Window);
        for (var i = After(from); i < Count && Start(i) < until; i++)
        {
            var part = new Window(Math.Max(Start(i), from), Math.Min(At(i), until));
            if (part.IsEmpty)
            {
                continue;
            }

            if (isOne(i) && !run.IsEmpty && run.Until == part.From)
            {
                run = run with { Until = part.Until };
                continue;
            }

            if (!run.IsEmpty && run.Until - run.From >= least)
            {
                yield return run;
            }

            run = isOne(i) ? part : default;
        }

        if (!run.IsEmpty && run.Until - run.From >= least)
        {
            yield return run;
        }
    }

    private static long? UsualGap(long[] instants, Window day)
    {
        var counts = new SortedDictionary<long, int>();
        for (var i = 1; i < instants.Length; i++)
        {
            if (instants[i - 1] >= day.From && instants[i] < day.Until)
            {
                counts[instants[i] - instants[i - 1]] = counts.GetValueOrDefault(instants[i] - instants[i - 1]) + 1;
            }
        }

        long? usual = null;
        foreach (var (gap, count) in counts)
        {
            usual = usual is null || count > counts[usual.Value] ? gap : usual;
        }

        return usual;
    }
}
