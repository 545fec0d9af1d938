using System.Collections.Immutable;

namespace Headroom.Analytics.Forecasting;

/// <summary>Keeps squares and sums of very large or very small series inside a double: a power of two, so that no digit changes.</summary>
internal readonly record struct Magnitude(int Exponent)
{
    private const int Harmless = 300;

    /// <exception cref="ArgumentException">Not one known value.</exception>
    public static Magnitude Of(ReadOnlySpan<double> history)
    {
        var largest = Math.Abs(Gaps.LastKnown(history));
        foreach (var value in history)
        {
            largest = double.IsFinite(value) ? Math.Max(largest, Math.Abs(value)) : largest;
        }

        var exponent = largest > 0 ? Math.ILogB(largest) : 0;
        return new(Math.Abs(exponent) <= Harmless ? 0 : exponent);
    }

    public double[] Shrink(ReadOnlySpan<double> history)
    {
        var scaled = history.ToArray();
        for (var i = 0; i < scaled.Length && Exponent != 0; i++)
        {
            scaled[i] = Math.ScaleB(scaled[i], -Exponent);
        }

        return scaled;
    }

    public ForecastResult Grow(ForecastResult result)
    {
        if (Exponent == 0)
        {
            return result;
        }

        var exponent = Exponent;
        ImmutableArray<double> Grown(ImmutableArray<double> values) =>
            [.. values.Select(v => Math.Clamp(Math.ScaleB(v, exponent), -double.MaxValue, double.MaxValue))];
        return result with
        {
            Exponent = exponent,
            Mean = Grown(result.Mean),
            Bands = [.. result.Bands.Select(b => b with { Low = Grown(b.Low), High = Grown(b.High) })],
            Findings = [.. result.Findings.Select(f => f with { Size = Math.ScaleB(f.Size, exponent) })],
            WhyThisOne = result.WhyThisOne with
            {
                Scores = [.. result.WhyThisOne.Scores.Select(s => s with { MeanAbsoluteError = Math.ScaleB(s.MeanAbsoluteError, exponent) })],
            },
        };
    }
}
