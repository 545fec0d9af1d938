using System.Collections.Immutable;

namespace Headroom.Analytics.Forecasting;

/// <summary>The forecasters that compete. Earlier ones win ties.</summary>
public sealed record ForecasterCatalog(ImmutableArray<IForecaster> Forecasters)
{
    /// <summary>One line per forecaster.</summary>
    public static readonly ForecasterCatalog Default = new(
    [
        new RidgeAutoregression.RidgeAutoregressionForecaster("ridge-autoregression", Transform.Root),
        new RidgeAutoregression.RidgeAutoregressionForecaster("ridge-autoregression-log", Transform.Log),
        new RidgeAutoregression.RidgeAutoregressionForecaster("ridge-autoregression-level", Transform.Identity),
        new SeasonalAutoregression.SeasonalAutoregressionForecaster(),
        new DynamicHarmonic.DynamicHarmonicForecaster("dynamic-harmonic", Transform.Root),
        new DynamicHarmonic.DynamicHarmonicForecaster("dynamic-harmonic-log", Transform.Log),
        new Mstl.MstlForecaster(),
        new OptimizedTheta.OptimizedThetaForecaster(),
        new DampedTrend.DampedTrendForecaster(),
        new RampUp.RampUpForecaster(),
        new Ssa.SsaForecaster(),
        new Theta.ThetaForecaster(),
        new Ets.EtsForecaster(),
        new SeasonalNaive.SeasonalNaiveForecaster(SeasonalNaive.SeasonalNaiveForecaster.Id, longest: false),
        new SeasonalNaive.SeasonalNaiveForecaster("seasonal-naive-long", longest: true),
        new Drift.DriftForecaster(),
        new SeasonalMedian.SeasonalMedianForecaster("seasonal-median", moved: false),
        new SeasonalMedian.SeasonalMedianForecaster("seasonal-median-moved", moved: true),
        new RecentLevel.RecentLevelForecaster(),
        new SteadyLevel.SteadyLevelForecaster(),
        new MedianLevel.MedianLevelForecaster(),
        new LastValue.LastValueForecaster(),
    ]);

    /// <summary>Null where no forecaster has this name.</summary>
    public IForecaster? Find(string name) => Forecasters.FirstOrDefault(f => f.Name == name);
}
