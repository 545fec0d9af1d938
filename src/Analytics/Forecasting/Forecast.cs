using System.Collections.Immutable;
using Headroom.Analytics.Forecasting.Combining;
using Headroom.Analytics.Forecasting.Intervals;
using Headroom.Analytics.Forecasting.LastValue;

namespace Headroom.Analytics.Forecasting;

/// <summary>Continues a series: lets the catalog compete on the series' own past, takes the best, and puts bands around it.</summary>
public static class Forecast
{
    /// <inheritdoc cref="Run(ReadOnlySpan{double}, ForecastSpec, ForecasterCatalog)"/>
    public static ForecastResult Run(ReadOnlySpan<double> history, ForecastSpec spec) => Run(history, spec, ForecasterCatalog.Default);

    /// <param name="history">Oldest first; what is not finite is a gap.</param>
    /// <exception cref="ArgumentException">Not one known value.</exception>
    public static ForecastResult Run(ReadOnlySpan<double> history, ForecastSpec spec, ForecasterCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(catalog);

        var magnitude = Magnitude.Of(history);
        var scaled = magnitude.Shrink(FromFirstKnown(history));
        return magnitude.Grow(RunScaled(scaled, spec, catalog));
    }

    private static ForecastResult RunScaled(double[] history, ForecastSpec spec, ForecasterCatalog catalog)
    {
        if (IsConstant(history))
        {
            return Repeat(history, spec, ChoiceReason.Constant);
        }

        var able = catalog.Forecasters.Where(f => f.NeedsAtLeast(spec) <= history.Length).ToArray();
        if (able.Length == 0)
        {
            return Repeat(history, spec, ChoiceReason.TooShort);
        }

        var lengths = RollingOrigins.Choose(history.Length, spec.Horizon, spec.Seasons[0], able.Max(f => f.NeedsAtLeast(spec)));
        var past = Array.ConvertAll(able, f => PastErrors.Replay(f, history, spec, lengths));
        var scores = able.Zip(past, (f, p) => new ForecasterScore(f.Name, p.MeanAbsolute())).ToImmutableArray();
        if (Blend.Weigh([.. scores.Select(s => s.MeanAbsoluteError)]) is { } blend)
        {
            return Blended(able, past, blend, new(ChoiceReason.Blended, scores, lengths.Length), history, spec);
        }

        var best = Best(past);
        var mean = new double[spec.Horizon];
        able[best].Forecast(history, spec, mean);
        var reason = able.Length == 1 ? ChoiceReason.OnlyOne : scores.All(s => double.IsNaN(s.MeanAbsoluteError)) ? ChoiceReason.NotScored : ChoiceReason.LeastError;
        return Result(able[best].Name, new(reason, scores, lengths.Length), mean, history, spec, past[best]);
    }

    private static ForecastResult Blended(
        IForecaster[] able, PastErrors[] past, Blend blend, ForecasterChoice why, ReadOnlySpan<double> history, ForecastSpec spec)
    {
        var members = new double[able.Length, spec.Horizon];
        var path = new double[spec.Horizon];
        for (var m = 0; m < able.Length; m++)
        {
            if (blend.Weights[m] > 0)
            {
                able[m].Forecast(history, spec, path);
                for (var h = 0; h < path.Length; h++)
                {
                    members[m, h] = spec.NonNegative ? Math.Max(0, path[h]) : path[h];
                }
            }
        }

        Span<double> column = stackalloc double[able.Length];
        for (var h = 0; h < path.Length; h++)
        {
            for (var m = 0; m < able.Length; m++)
            {
                column[m] = members[m, h];
            }

            path[h] = blend.Of(column);
        }

        return Result(Blend.Name, why, path, history, spec, PastErrors.Of(blend, past));
    }

    /// <summary>The first with the least error; where nothing could be scored, the first.</summary>
    private static int Best(PastErrors[] past)
    {
        var best = 0;
        for (var i = 1; i < past.Length; i++)
        {
            if (past[i].MeanAbsolute() < past[best].MeanAbsolute())
            {
                best = i;
            }
        }

        return best;
    }

    private static ForecastResult Repeat(double[] history, ForecastSpec spec, ChoiceReason reason)
    {
        var mean = new double[spec.Horizon];
        Array.Fill(mean, Gaps.LastKnown(history));
        return Result(LastValueForecaster.Id, new(reason, [], Origins: 0), mean, history, spec, past: null);
    }

    private static ForecastResult Result(
        string forecaster, ForecasterChoice why, double[] mean, ReadOnlySpan<double> history, ForecastSpec spec, PastErrors? past)
    {
        for (var i = 0; i < mean.Length && spec.NonNegative; i++)
        {
            mean[i] = Math.Max(0, mean[i]);
        }

        var (bands, basis) = Banding.Around(mean, history, spec, past);
        return new(forecaster, why, [.. mean], bands, basis);
    }

    private static ReadOnlySpan<double> FromFirstKnown(ReadOnlySpan<double> history)
    {
        var first = 0;
        while (!double.IsFinite(history[first]))
        {
            first++;
        }

        return history[first..];
    }

    private static bool IsConstant(ReadOnlySpan<double> history)
    {
        if (Gaps.CountKnown(history) < 2)
        {
            return false;
        }

        var value = Gaps.LastKnown(history);
        foreach (var other in history)
        {
            if (double.IsFinite(other) && other != value)
            {
                return false;
            }
        }

        return true;
    }
}
