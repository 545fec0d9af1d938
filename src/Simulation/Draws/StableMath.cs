namespace Headroom.Simulation.Draws;

/// <summary>Exp, log and the normal quantile from additions, products and roots alone: IEEE 754 fixes their bits, a machine's own library does not.</summary>
internal static class StableMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>Natural logarithm of a positive, normal number; relative error below 1e-14.</summary>
    public static double Log(double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(x);
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }

        // log m = 2 artanh((m - 1) / (m + 1)), a series in s^2 <= 0.0295.
        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var sum = 0.0;
        for (var k = 23; k >= 1; k -= 2)
        {
            sum = (sum * square) + (1.0 / k);
        }

        return (exponent * Ln2High) + ((exponent * Ln2Low) + (2 * s * sum));
    }

    /// <summary>e to the power of <paramref name="x"/>; relative error below 1e-14; 0 below -700.</summary>
    public static double Exp(double x)
    {
        if (x < -700)
        {
            return 0;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(x, 700);
        var power = (int)Math.Floor((x / Ln2High) + 0.5);
        var rest = x - (power * Ln2High) - (power * Ln2Low);
        var sum = 1.0;
        for (var k = 18; k >= 1; k--)
        {
            sum = 1 + (rest / k * sum);
        }

        return sum * BitConverter.Int64BitsToDouble((long)(power + 1023) << 52);
    }

    public static double Power(double positive, double exponent) => Exp(exponent * Log(positive));

    /// <summary>The z with P(Z &lt;= z) = <paramref name="p"/>, 0 &lt; p &lt; 1; relative error below 1.2e-9.</summary>
    /// <remarks>Source: Acklam's rational approximation (2003).</remarks>
    public static double NormalQuantile(double p)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(p);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(p, 1);
        const double low = 0.02425;
        if (p < low)
        {
            return Tail(Math.Sqrt(-2 * Log(p)));
        }

        if (p > 1 - low)
        {
            return -Tail(Math.Sqrt(-2 * Log(1 - p)));
        }

        var q = p - 0.5;
        var r = q * q;
        return ((((((((((-39.69683028665376 * r) + 220.9460984245205) * r) - 275.9285104469687) * r) + 138.3577518672690) * r) - 30.66479806614716) * r) + 2.506628277459239) * q
            / ((((((((((-54.47609879822406 * r) + 161.5858368580409) * r) - 155.6989798598866) * r) + 66.80131188771972) * r) - 13.28068155288572) * r) + 1);
    }

    private static double Tail(double q) =>
        ((((((((((-0.007784894002430293 * q) - 0.3223964580411365) * q) - 2.400758277161838) * q) - 2.549732539343734) * q) + 4.374664141464968) * q) + 2.938163982698783)
        / ((((((((0.007784695709041462 * q) + 0.3224671290700398) * q) + 2.445134137142996) * q) + 3.754408661907416) * q) + 1);
}
