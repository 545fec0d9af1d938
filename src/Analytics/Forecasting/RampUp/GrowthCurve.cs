namespace Headroom.Analytics.Forecasting.RampUp;

internal enum GrowthShape
{
    /// <summary>F = (1 - e^-(p+q)t) / (1 + (q/p) e^-(p+q)t). Bass, Management Science 15 (1969).</summary>
    Bass,

    /// <summary>F = 1 / (1 + e^-r(t-m)). Verhulst (1838).</summary>
    Logistic,

    /// <summary>F = e^-e^-r(t-m). Gompertz (1825); its growth slows earlier.</summary>
    Gompertz,
}

/// <summary>D(t) = K F(t): growth towards a level.</summary>
/// <param name="Most">K, in the unit of the series.</param>
/// <param name="Speed">q of Bass, r of the others, per step.</param>
/// <param name="Place">log(q/p) of Bass; the step of the steepest growth of the others.</param>
internal readonly record struct GrowthCurve(GrowthShape Shape, double Most, double Speed, double Place)
{
    public double At(double t)
    {
        if (Shape == GrowthShape.Bass)
        {
            var ratio = Math.Exp(Math.Min(50, Place));
            var fade = Math.Exp(-Speed * (1 + (1 / ratio)) * t);
            return Most * (1 - fade) / (1 + (ratio * fade));
        }

        var away = Math.Exp(Math.Min(50, -Speed * (t - Place)));
        return Shape == GrowthShape.Logistic ? Most / (1 + away) : Most * Math.Exp(-away);
    }
}
