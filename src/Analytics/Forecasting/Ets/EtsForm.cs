namespace Headroom.Analytics.Forecasting.Ets;

internal enum EtsError
{
    Additive,

    /// <summary>The error is a share of the level; only for values above zero.</summary>
    Multiplicative,
}

internal enum EtsTrend
{
    None,
    Additive,
    Damped,
}

internal enum EtsSeason
{
    None,
    Additive,
    Multiplicative,
}

/// <summary>One model of the exponential smoothing family, such as ETS(A,Ad,M).</summary>
internal readonly record struct EtsForm(EtsError Error, EtsTrend Trend, EtsSeason Season)
{
    /// <summary>Those that are sound: an additive error with a multiplicative season is left out, as R's `ets` does.</summary>
    public static readonly EtsForm[] Sound = [.. from error in Enum.GetValues<EtsError>()
        from trend in Enum.GetValues<EtsTrend>()
        from season in Enum.GetValues<EtsSeason>()
        where error == EtsError.Multiplicative || season != EtsSeason.Multiplicative
        select new EtsForm(error, trend, season)];

    public bool NeedsPositive => Error == EtsError.Multiplicative || Season == EtsSeason.Multiplicative;

    /// <summary>Smoothing factors, then level and slope at the start; the order of <see cref="EtsParameters"/>.</summary>
    public int Free => 2 + (Trend == EtsTrend.None ? 0 : 2) + (Trend == EtsTrend.Damped ? 1 : 0) + (Season == EtsSeason.None ? 0 : 1);

    /// <summary>All that is estimated, with the seasonal start and the variance: what the information criterion counts.</summary>
    public int Counted(int season) => Free + 1 + (Season == EtsSeason.None ? 0 : season - 1);

    public override string ToString() =>
        $"ETS({(Error == EtsError.Additive ? "A" : "M")},{Trend switch { EtsTrend.None => "N", EtsTrend.Additive => "A", _ => "Ad" }},{Season switch { EtsSeason.None => "N", EtsSeason.Additive => "A", _ => "M" }})";
}

/// <param name="Alpha">Of the level, (0, 1).</param>
/// <param name="Beta">Of the slope, (0, alpha).</param>
/// <param name="Gamma">Of the season, (0, 1 - alpha).</param>
/// <param name="Phi">What is left of the slope after a step; 1 where it is not damped.</param>
/// <param name="Level">Before the first value, in the unit of the series.</param>
internal readonly record struct EtsParameters(double Alpha, double Beta, double Gamma, double Phi, double Level, double Slope);
