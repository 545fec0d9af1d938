using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Headroom.Analytics.Forecasting.Events;
using Headroom.Analytics.Forecasting.Intervals;
using Headroom.Analytics.Forecasting.Repair;

namespace Headroom.Analytics.Forecasting;

/// <summary>A mean path and its bands, in the unit of the history. Every number is finite; low is at or below mean, mean at or below high, and a higher level is never narrower.</summary>
/// <param name="Forecaster">The name of the forecaster that made the mean.</param>
/// <param name="Bands">In the order of <see cref="ForecastSpec.Levels"/>.</param>
public sealed record ForecastResult(
    string Forecaster, ForecasterChoice WhyThisOne, ImmutableArray<double> Mean, ImmutableArray<ForecastBand> Bands, BandBasis Basis)
{
    /// <summary>What was found in the history and set right before it was continued.</summary>
    public ImmutableArray<HistoryFinding> Findings { get; init; } = [];

    /// <summary>How much of what was out of the ordinary a year ago is expected again, 0 to 1; null where no year was seen.</summary>
    public double? ShareOfYearAgo { get; init; }

    internal Banding? Banding { get; init; }

    /// <summary>Values of this result are this power of two times those of <see cref="Banding"/>.</summary>
    internal int Exponent { get; init; }

    /// <summary>What was laid over <see cref="Plain"/>; null where nothing beyond the history is known.</summary>
    internal KnownFuture? Future { get; init; }

    internal ForecastResult? Plain { get; init; }

    /// <summary>Draws futures around the mean. The same seed draws the same ones.</summary>
    /// <param name="count">1 or more.</param>
    public SamplePaths Paths(int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (Future is { } future && Plain is { } plain)
        {
            return future.Over(plain.Paths(count, seed), Banding?.NonNegative ?? false, seed);
        }

        var exponent = Exponent;
        double[] mean = [.. Mean.Select(value => Math.ScaleB(value, -exponent))];
        var paths = PathDraw.Draw(mean, Banding?.Widths ?? RandomWalk.Of(mean), Banding?.Past, Banding?.NonNegative ?? false, count, seed);
        return exponent == 0 ? paths : paths.Times(exponent);
    }
}

/// <param name="Level">The share of future values the band should hold, in (0, 1).</param>
/// <param name="Low">One bound per step ahead.</param>
public sealed record ForecastBand(double Level, ImmutableArray<double> Low, ImmutableArray<double> High);

/// <summary>What the width of the bands rests on.</summary>
public enum BandBasis
{
    /// <summary>Errors the forecaster would have made from past origins.</summary>
    PastErrors,

    /// <summary>Too short for that: the steps between neighboring values, widened with the square root of time.</summary>
    Differences,

    /// <summary>One known value: the bands are as wide as the value itself, which is a guess.</summary>
    OneValue,
}

/// <param name="Scores">Each forecaster that could run, in the order of the catalog.</param>
/// <param name="Origins">How many past origins the scores rest on.</param>
public sealed record ForecasterChoice(ChoiceReason Reason, ImmutableArray<ForecasterScore> Scores, int Origins)
{
    public override string ToString() => Reason switch
    {
        ChoiceReason.LeastError => $"least mean absolute error over {Origins} past origins: {Listed()}",
        ChoiceReason.Blended => $"the median, weighted by mean absolute error over {Origins} past origins: {Listed()}",
        ChoiceReason.NothingBeatsNaive => $"nothing beats repeating what was, by mean absolute error over {Origins} past origins: {Listed()}",
        ChoiceReason.OnlyOne => "no other forecaster can run on this history",
        ChoiceReason.NotScored => "the history is too short to score forecasters against each other",
        ChoiceReason.TooShort => "the history is shorter than every forecaster needs, so the last known value is repeated",
        ChoiceReason.Constant => "the history is constant, so its value is repeated",
        _ => throw new UnreachableException(),
    };

    private string Listed() =>
        string.Join(", ", Scores.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Forecaster} {s.MeanAbsoluteError:G4}{(s.Weight == 0 ? " (left out)" : "")}")));
}

/// <param name="MeanAbsoluteError">Over past origins and leads, in the unit of the history; NaN where nothing could be scored.</param>
/// <param name="Weight">Share in the forecast. The shares add up to 1.</param>
public sealed record ForecasterScore(string Forecaster, double MeanAbsoluteError, double Weight);

public enum ChoiceReason
{
    /// <summary>It did best from past origins.</summary>
    LeastError,

    /// <summary>Several did about as well from past origins; together they do better.</summary>
    Blended,

    /// <summary>Neither another forecaster nor a blend did better from past origins than repeating the last value or the last season.</summary>
    NothingBeatsNaive,

    /// <summary>No other forecaster can do with so short a history.</summary>
    OnlyOne,

    /// <summary>Nothing to score on: the first that repeats what was, else the first of the catalog that can run.</summary>
    NotScored,

    /// <summary>Too short for every forecaster.</summary>
    TooShort,

    /// <summary>All known values are equal.</summary>
    Constant,
}
