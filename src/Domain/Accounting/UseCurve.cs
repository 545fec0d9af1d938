using System.Buffers;
using Headroom.Domain.Telemetry;

namespace Headroom.Domain.Accounting;

/// <summary>What samples say of a device up to an instant: differences of two instants are exact sums over the time between them.</summary>
/// <param name="Busy">Unit: microseconds, as are all but the last three.</param>
/// <param name="Known">Time with known use.</param>
/// <param name="Silent">Unknown because of a silent zero.</param>
/// <param name="PowerKnown">Time with known power.</param>
/// <param name="Samples">Samples of utilization.</param>
/// <param name="Next">The first sample after the instant.</param>
internal readonly record struct UsePoint(long Busy, long Known, long Silent, long PowerKnown, long EnergyNanojoules, int Samples, int Next);

/// <summary>A part of a window that one sample speaks for, or none does.</summary>
/// <param name="SpanStart">Where the time of the sample begins, at or before <paramref name="From"/>.</param>
/// <param name="UsePpm">Null: use is not known.</param>
internal readonly record struct UsePiece(long From, long Until, long SpanStart, int? UsePpm);

/// <summary>The sums of a day's samples, so that any window is two look-ups. Each sample stands for the time from its predecessor, at most one gap back.</summary>
internal sealed class UseCurve : IDisposable
{
    private readonly DeviceSamples _samples;
    private readonly bool[] _silent;
    private readonly long _maxGap;
    private readonly UsePoint[] _before;

    public UseCurve(DeviceSamples samples, bool[] silent, long maxGap)
    {
        (_samples, _silent, _maxGap) = (samples, silent, maxGap);
        _before = ArrayPool<UsePoint>.Shared.Rent(samples.Count + 1);
        var sum = default(UsePoint);
        for (var i = 0; i < samples.Count; i++)
        {
            _before[i] = sum with { Next = i };
            sum = Plus(sum, i, samples.Instants[i] - UseSignal.SpanStart(samples.Instants, i, maxGap));
            sum = sum with { Samples = sum.Samples + (samples.UsePpm[i] == TelemetryMetrics.Missing ? 0 : 1) };
        }

        _before[samples.Count] = sum with { Next = samples.Count };
    }

    public void Dispose() => ArrayPool<UsePoint>.Shared.Return(_before);

    /// <param name="from">A point at or before the instant: the search goes on from there.</param>
    public UsePoint At(long instant, in UsePoint from)
    {
        var (instants, next) = (_samples.Instants, from.Next);
        while (next < instants.Length && instants[next] <= instant)
        {
            next++;
        }

        var before = _before[next];
        if (next == instants.Length)
        {
            return before;
        }

        var reached = instant - UseSignal.SpanStart(instants, next, _maxGap);
        return reached <= 0 ? before : Plus(before, next, reached);
    }

    /// <summary>The point of the first sample after an instant, found anywhere.</summary>
    public UsePoint Begin(long instant)
    {
        var index = Array.BinarySearch(_samples.Instants, instant);
        return At(instant, default(UsePoint) with { Next = index >= 0 ? index : ~index });
    }

    /// <summary>Cuts a window into the parts that one sample each speaks for, oldest first, and the gaps between them.</summary>
    public void Pieces(Time.Window window, List<UsePiece> into)
    {
        into.Clear();
        var (instants, at) = (_samples.Instants, window.From);
        var index = Array.BinarySearch(instants, window.From);
        for (var i = index >= 0 ? index + 1 : ~index; i < instants.Length && at < window.Until; i++)
        {
            var start = UseSignal.SpanStart(instants, i, _maxGap);
            if (start > at)
            {
                into.Add(new(at, Math.Min(start, window.Until), at, null));
                at = Math.Min(start, window.Until);
            }

            var until = Math.Min(instants[i], window.Until);
            if (until > at)
            {
                var isKnown = _samples.UsePpm[i] != TelemetryMetrics.Missing && !_silent[i];
                into.Add(new(at, until, start, isKnown ? _samples.UsePpm[i] : null));
                at = until;
            }
        }

        if (at < window.Until)
        {
            into.Add(new(at, window.Until, at, null));
        }
    }

    /// <summary>Counts samples of known use from one point to another by whole percent.</summary>
    public void Count(in UsePoint from, in UsePoint until, Span<int> bins)
    {
        for (var i = from.Next; i < until.Next; i++)
        {
            if (_samples.UsePpm[i] != TelemetryMetrics.Missing && !_silent[i])
            {
                bins[UseDistribution.BinOf(_samples.UsePpm[i])]++;
            }
        }
    }

    // A part of the span of sample i that begins with the span.
    private UsePoint Plus(in UsePoint sum, int i, long micros)
    {
        var (use, power) = (_samples.UsePpm[i], _samples.PowerMilliwatts[i]);
        var isKnown = use != TelemetryMetrics.Missing && !_silent[i];
        var hasPower = power != TelemetryMetrics.Missing;
        return new(
            sum.Busy + (isKnown ? use * micros / 1_000_000 : 0),
            sum.Known + (isKnown ? micros : 0),
            sum.Silent + (_silent[i] ? micros : 0),
            sum.PowerKnown + (hasPower ? micros : 0),
            sum.EnergyNanojoules + (hasPower ? power * micros : 0),
            sum.Samples,
            sum.Next);
    }
}
