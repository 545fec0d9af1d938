using System.Collections.Immutable;

namespace Headroom.Analytics.Forecasting;

/// <summary>The forecasters that compete. Earlier ones win ties.</summary>
public sealed record ForecasterCatalog(ImmutableArray<IForecaster> Forecasters)
{
    /// <summary>One line per forecaster.</summary>
    public static readonly ForecasterCatalog Default = new(
    [
        new RidgeAutoregression.RidgeAutoregressionForecaster(),
        new SeasonalNaive.SeasonalNaiveForecaster(),
    ]);

    /// <summary>Null where no forecaster has this name.</summary>
    public IForecaster? Find(string name) => Forecasters.FirstOrDefault(f => f.Name == name);
}
