namespace Headroom.Analytics.Forecasting.Ssa;

/// <summary>The options of ML.NET's `ForecastBySsa` that shape a forecast, under the same names.</summary>
/// <param name="WindowSize">L: length of the lagged vectors, 2 or more. Null: two of the first season, from 8 to 48, or a third of the history where that is less.</param>
/// <param name="TrainSize">How many of the last values are learned from. Null: all.</param>
/// <param name="Rank">Dimensions of the signal. Null: chosen by minimum description length.</param>
/// <param name="MaxRank">Most dimensions when they are chosen. Null: half the window.</param>
/// <param name="ShouldStabilize">Fewer dimensions while the recurrence is close to undetermined, so that paths do not explode.</param>
/// <param name="MaxGrowth">How far a path may leave the range of the history, in widths of that range.</param>
public sealed record SsaOptions(
    int? WindowSize = null, int? TrainSize = null, int? Rank = null, int? MaxRank = null, bool ShouldStabilize = true, double MaxGrowth = 1);
