namespace Headroom.Analytics.Tests.Forecasting;

/// <summary>Series whose future is known.</summary>
internal static class Synthetic
{
    public static double[] Of(int length, Func<int, double> at) => [.. Enumerable.Range(0, length).Select(at)];

    /// <summary>Gaussian by Box and Muller (1958), from a seeded generator.</summary>
    public static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>x[t] = first x[t-1] + second x[t-2] + noise, started 200 steps before it is shown.</summary>
    public static double[] Ar2(int length, double first, double second, double deviation, int seed)
    {
        var random = new Random(seed);
        var values = new double[length + 200];
        for (var t = 2; t < values.Length; t++)
        {
            values[t] = (first * values[t - 1]) + (second * values[t - 2]) + (deviation * Gaussian(random));
        }

        return values[200..];
    }

    /// <summary>A day and a week around a level, with noise.</summary>
    public static double[] Load(int length, double level, double noise, int seed)
    {
        var random = new Random(seed);
        return Of(length, t => Math.Max(0, level * (1 + (0.3 * Math.Sin(2 * Math.PI * t / 24)) + (0.1 * Math.Cos(2 * Math.PI * t / 168)) + (noise * Gaussian(random)))));
    }
}
