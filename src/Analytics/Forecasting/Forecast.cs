using System.Collections.Immutable;
using Headroom.Analytics.Forecasting.Combining;
using Headroom.Analytics.Forecasting.Intervals;
using Headroom.Analytics.Forecasting.LastValue;
using Headroom.Analytics.Forecasting.Repair;
using Headroom.Analytics.Forecasting.SeasonalNaive;
using Headroom.Analytics.Forecasting.Tracking;
using Headroom.Analytics.Forecasting.YearAgo;

namespace Headroom.Analytics.Forecasting;

/// <summary>Continues a series: lets the catalog compete on the series' own past, blends those that do about as well as the best, and puts bands around that.</summary>
public static class Forecast
{
    /// <summary>A blend that did this many standard errors worse than repeating what was gives way to that.</summary>
    private const double SurelyWorse = 2;

    /// <summary>So many first seasons ahead, those that tell a level have this much more say: what the last steps were doing is over by then. Measured with bench/forecast.</summary>
    private const int FarAhead = 7;

    private const double MoreSay = 1.5;

    /// <summary>Fewer independent origins are all scored on the same few days: what they agree on is no certainty.</summary>
    private const double LeastIndependent = 2;

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

    /// <summary>What each forecaster of the catalog that can run says alone, in the order of the catalog: to score them when the truth is there.</summary>
    /// <exception cref="ArgumentException">Not one known value.</exception>
    public static ImmutableArray<ModelPath> Alone(ReadOnlySpan<double> history, ForecastSpec spec, ForecasterCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(catalog);

        var magnitude = Magnitude.Of(history);
        var scaled = magnitude.Shrink(FromFirstKnown(history));
        HistoryRepair.Apply(scaled, spec);
        var paths = ImmutableArray.CreateBuilder<ModelPath>();
        foreach (var forecaster in catalog.Forecasters.Where(f => f.NeedsAtLeast(spec) <= scaled.Length && f.UsesAtMost(spec) >= scaled.Length))
        {
            var mean = new double[spec.Horizon];
            forecaster.Forecast(scaled, spec, mean);
            paths.Add(new(forecaster.Name, [.. mean.Select(value => Math.ScaleB(spec.NonNegative ? Math.Max(0, value) : value, magnitude.Exponent))]));
        }

        return paths.DrainToImmutable();
    }

    private static ForecastResult RunScaled(double[] history, ForecastSpec spec, ForecasterCatalog catalog)
    {
        if (IsConstant(history))
        {
            return Repeat(history, spec, ChoiceReason.Constant);
        }

        var findings = HistoryRepair.Apply(history, spec);
        return Compete(history, spec, catalog) with { Findings = findings };
    }

    private static ForecastResult Compete(double[] history, ForecastSpec spec, ForecasterCatalog catalog)
    {
        var able = Able(catalog, spec, history.Length);
        if (able.Length == 0)
        {
            return Repeat(history, spec, ChoiceReason.TooShort);
        }

        var lengths = RollingOrigins.Choose(history.Length, spec.Horizon, spec.Seasons[0], able.Max(f => f.NeedsAtLeast(spec)));
        var past = Array.ConvertAll(able, f => PastErrors.Replay(f, history, spec, lengths));
        var errors = Array.ConvertAll(past, p => p.MeanAbsolute());
        var best = Best(errors, _ => true);
        var naive = Best(errors, i => IsNaive(able[i]));
        if (Blend.Weigh(past, Prior(able, spec)) is { } blend && PastErrors.Of(blend, past) is var blended && !(naive >= 0 && IsSurelyWorse(blended, past[naive])))
        {
            var why = Choice(ChoiceReason.Blended, able, errors, blend.Weights, lengths.Length);
            var path = Blended(able, past, blend, history, spec);
            if (YearAgoEffect.Learn(history, spec, blended) is not { } year)
            {
                return Result(Blend.Name, why, path, history, spec, blended);
            }

            year.Over(path);
            return Result(Blend.Name, why, path, history, spec, year.Over(blended, history)) with { ShareOfYearAgo = year.Share };
        }

        var notScored = errors.All(double.IsNaN);
        var nothingBeatsNaive = naive >= 0 && able.Length > 1 && errors[naive] <= errors[best];
        best = nothingBeatsNaive || (notScored && naive >= 0) ? naive : best;
        var mean = new double[spec.Horizon];
        Ahead(able[best], past[best], history, spec, mean);
        var weights = new double[able.Length];
        weights[best] = 1;
        var reason = able.Length == 1 ? ChoiceReason.OnlyOne
            : notScored ? ChoiceReason.NotScored
            : nothingBeatsNaive ? ChoiceReason.NothingBeatsNaive : ChoiceReason.LeastError;
        return Result(able[best].Name, Choice(reason, able, errors, weights, lengths.Length), mean, history, spec, past[best]);
    }

    private static double[] Prior(IForecaster[] able, ForecastSpec spec)
    {
        var far = spec.Nested[0] > 1 && spec.Horizon >= FarAhead * spec.Nested[0];
        return Array.ConvertAll(able, f => far && f.TellsLevel ? MoreSay : 1);
    }

    private static bool IsSurelyWorse(PastErrors one, PastErrors other) =>
        one.Independent >= LeastIndependent && one.MeanAbsolute() - other.MeanAbsolute() >= SurelyWorse * one.StandardErrorOver(other);

    private static bool IsNaive(IForecaster forecaster) => forecaster is LastValueForecaster or SeasonalNaiveForecaster;

    /// <summary>Those that can also be replayed from a little way back; where there is none, those that can run at all.</summary>
    private static IForecaster[] Able(ForecasterCatalog catalog, ForecastSpec spec, int length)
    {
        var replayed = length - RollingOrigins.LeftToScore(length, spec.Horizon);
        IForecaster[] able = [.. catalog.Forecasters.Where(f => f.NeedsAtLeast(spec) <= replayed && f.UsesAtMost(spec) >= length)];
        return able.Length > 0 ? able : [.. catalog.Forecasters.Where(f => f.NeedsAtLeast(spec) <= length)];
    }

    /// <summary>The first with the least error; where nothing could be scored, the first; -1 where there is none among them.</summary>
    private static int Best(double[] errors, Func<int, bool> among)
    {
        var best = -1;
        for (var i = 0; i < errors.Length; i++)
        {
            best = among(i) && (best < 0 || errors[i] < errors[best]) ? i : best;
        }

        return best;
    }

    private static void Ahead(IForecaster forecaster, PastErrors past, ReadOnlySpan<double> history, ForecastSpec spec, Span<double> mean)
    {
        if (past.Ahead is { } known)
        {
            known.CopyTo(mean);
        }
        else
        {
            forecaster.Forecast(history, spec, mean);
        }
    }

    private static double[] Blended(IForecaster[] able, PastErrors[] past, Blend blend, ReadOnlySpan<double> history, ForecastSpec spec)
    {
        var members = new double[able.Length, spec.Horizon];
        var path = new double[spec.Horizon];
        for (var m = 0; m < able.Length; m++)
        {
            if (blend.Weights[m] > 0)
            {
                Ahead(able[m], past[m], history, spec, path);
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

        return path;
    }

    private static ForecasterChoice Choice(ChoiceReason reason, IForecaster[] able, double[] errors, ReadOnlySpan<double> weights, int origins)
    {
        var scores = ImmutableArray.CreateBuilder<ForecasterScore>(able.Length);
        for (var i = 0; i < able.Length; i++)
        {
            scores.Add(new(able[i].Name, errors[i], weights[i]));
        }

        return new(reason, scores.MoveToImmutable(), origins);
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

        var banding = Banding.Of(history, spec, past);
        return new(forecaster, why, [.. mean], banding.Around(mean, spec.Levels), banding.Widths.Basis) { Banding = banding };
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
