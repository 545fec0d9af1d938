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
        new SeasonalAutoregression.SeasonalAutoregressionForecaster(),
        new Theta.ThetaForecaster(),
        new SeasonalNaive.SeasonalNaiveForecaster(),
        new SeasonalMean.SeasonalMeanForecaster(),
        new LastValue.LastValueForecaster(),
    ]);

    /// <summary>Null where no forecaster has this name.</summary>
    public IForecaster? Find(string name) => Forecasters.FirstOrDefault(f => f.Name == name);
}
