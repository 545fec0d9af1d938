namespace Headroom.Analytics.Forecasting;

/// <summary>The scale on which a series is modeled.</summary>
public enum Transform
{
    Identity,

    /// <summary>Square root: for counts and loads, whose noise grows with their level.</summary>
    Root,

    /// <summary>Logarithm, of the value and a tenth of the mean where values come near zero: for loads whose day multiplies their level.</summary>
    Log,
}
