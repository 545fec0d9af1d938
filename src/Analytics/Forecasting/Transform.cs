namespace Headroom.Analytics.Forecasting;

/// <summary>The scale on which a series is modeled.</summary>
public enum Transform
{
    Identity,

    /// <summary>Square root: for counts and loads, whose noise grows with their level.</summary>
    Root,

    /// <summary>Logarithm, floored at a thousandth of the mean: for loads whose day multiplies their level.</summary>
    Log,
}
