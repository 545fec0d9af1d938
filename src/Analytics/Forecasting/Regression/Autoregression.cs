using System.Buffers;
using System.Runtime.Intrinsics;

namespace Headroom.Analytics.Forecasting.Regression;

/// <summary>Regresses a standardized series on its own lags and on cycles of the calendar, and continues it step by step from any of several origins.</summary>
/// <param name="Lags">Rising.</param>
/// <param name="Cycles">Periods in steps, each a pair of sine and cosine; empty for none.</param>
/// <param name="HalfLife">Steps after which a row weighs half.</param>
/// <param name="Shrinkage">Penalty of a coefficient per row.</param>
/// <param name="Doubt">Penalty of a coefficient however many rows there are: what keeps short histories from being overfitted.</param>
internal readonly ref struct Autoregression(ReadOnlySpan<int> lags, ReadOnlySpan<double> cycles, int halfLife, double shrinkage, double doubt)
{
    private readonly ReadOnlySpan<int> _lags = lags;
    private readonly ReadOnlySpan<double> _cycles = cycles;

    private int Size => 1 + _lags.Length + (2 * _cycles.Length);

    /// <summary>From the waves of one step to those of the next: whole vectors of two cycles.</summary>
    private int WaveStride => (_cycles.Length + 1) / 2 * 4;

    /// <summary>Paths from past origins, and from the end of the history what it would say alone; all in the unit of the history.</summary>
    /// <inheritdoc cref="Standardized.TryToTheEnd" path="/returns"/>
    public bool TryCarryOn(ReadOnlySpan<double> history, ReadOnlySpan<int> lengths, ForecastSpec spec, Transform transform, Span<double> means, Span<double> ahead)
    {
        if (!Standardized.TryToTheEnd(history, lengths, spec, transform, out var work))
        {
            return false;
        }

        var paths = ArrayPool<double>.Shared.Rent(means.Length + ahead.Length);
        var used = paths.AsSpan(0, means.Length + ahead.Length);
        Continue(work, work.Z, used);
        work.Undo(used, used);
        used[..means.Length].CopyTo(means);
        used[means.Length..].CopyTo(ahead);
        ArrayPool<double>.Shared.Return(paths);
        return true;
    }

    /// <param name="work">What the origins know.</param>
    /// <param name="z">The series to continue, on the steps of <paramref name="work"/>: its own or what a season leaves of it.</param>
    /// <param name="paths">One path after the other, standardized.</param>
    public void Continue(Standardized work, ReadOnlySpan<double> z, Span<double> paths)
    {
        var history = work.History;
        var (lengths, horizon) = (work.Lengths, work.Horizon);
        using var ridge = new GrowingRidge(Size, halfLife);
        var waves = ArrayPool<double>.Shared.Rent((history.Length + horizon + 1) * WaveStride);
        Waves(waves, history.Length + horizon);
        var coefficients = new double[Size];
        var centers = new double[Size];
        var units = new double[Size - 1];
        Array.Fill(units, 1);
        var joined = ArrayPool<double>.Shared.Rent(_lags[^1] + horizon);
        var first = _lags[^1];
        var now = first;
        for (var origin = 0; origin < lengths.Length; origin++)
        {
            for (; now < lengths[origin]; now++)
            {
                Fill(ridge.Row, z, now, waves);
                ridge.Add(double.IsFinite(history[now]) ? z[now] : double.NaN);
            }

            centers.AsSpan(0, 1 + _lags.Length).Fill(Sums.Of(z[..lengths[origin]]) / lengths[origin]);
            units.AsSpan(0, _lags.Length).Fill(work.UnitAt(origin));
            if (!ridge.TrySolve(centers, units, shrinkage, doubt, coefficients))
            {
                Array.Clear(coefficients);
            }

            var known = z[Math.Max(0, lengths[origin] - first)..lengths[origin]];
            known.CopyTo(joined);
            var path = joined.AsSpan(0, known.Length + horizon);
            var (lowest, highest) = work.Scale.Bounds(work.RangeAt(origin));
            for (var h = 0; h < horizon; h++)
            {
                var at = known.Length + h;
                var value = coefficients[0];
                // Two sums, since one would wait for itself.
                var odd = 0.0;
                for (var i = 0; i < _lags.Length && _lags[i] <= at; i++)
                {
                    (value, odd) = (odd, value + (coefficients[1 + i] * path[at - _lags[i]]));
                }

                value += odd;

                var wave = waves.AsSpan((lengths[origin] + h) * WaveStride, 2 * _cycles.Length);
                value += Dots.Of(coefficients.AsSpan(1 + _lags.Length), wave);
                path[at] = Math.Clamp(double.IsNaN(value) ? 0 : value, lowest, highest);
            }

            path[known.Length..].CopyTo(paths.Slice(origin * horizon, horizon));
        }

        ArrayPool<double>.Shared.Return(joined);
        ArrayPool<double>.Shared.Return(waves);
    }

    private void Fill(Span<double> row, ReadOnlySpan<double> z, int now, ReadOnlySpan<double> waves)
    {
        row[0] = 1;
        var lagged = row.Slice(1, _lags.Length);
        for (var i = 0; i < lagged.Length; i++)
        {
            lagged[i] = z[now - _lags[i]];
        }

        waves.Slice(now * WaveStride, 2 * _cycles.Length).CopyTo(row[(1 + _lags.Length)..]);
    }

    /// <summary>Sine and cosine of every cycle at every step, each of variance 1.</summary>
    /// <remarks>sin(a + b) and cos(a + b) from those of a and b, all cycles at once: each step is the one before, turned.</remarks>
    private void Waves(Span<double> waves, int steps)
    {
        var stride = WaveStride;
        waves[..stride].Clear();
        Span<double> cosines = stackalloc double[stride];
        Span<double> sines = stackalloc double[stride];
        for (var c = 0; c < _cycles.Length; c++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI / _cycles[c]);
            (cosines[2 * c], cosines[(2 * c) + 1]) = (cos, cos);
            (sines[2 * c], sines[(2 * c) + 1]) = (sin, -sin);
            (waves[2 * c], waves[(2 * c) + 1]) = (0, Math.Sqrt(2));
        }

        for (var step = 1; step < steps; step++)
        {
            var before = waves.Slice((step - 1) * stride, stride);
            var after = waves.Slice(step * stride, stride);
            for (var at = 0; at < stride; at += 4)
            {
                var now = Vector256.Create<double>(before[at..]);
                var crossed = Vector256.Shuffle(now, Vector256.Create(1L, 0, 3, 2));
                ((now * Vector256.Create<double>(cosines[at..])) + (crossed * Vector256.Create<double>(sines[at..]))).CopyTo(after[at..]);
            }
        }
    }
}
