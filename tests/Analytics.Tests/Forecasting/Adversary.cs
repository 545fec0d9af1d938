namespace Headroom.Analytics.Tests.Forecasting;

/// <summary>Series that break careless arithmetic: spikes, steps, exponentials, alternation, gaps, magnitudes.</summary>
internal static class Adversary
{
    /// <param name="extreme">Also magnitudes of 1e-200 and 1e150, which only the wrapper of the catalog has to bear.</param>
    public static double[] Series(int seed, int length, bool extreme)
    {
        var random = new Random(seed);
        var magnitude = Math.Pow(10, random.Next(8) switch { 0 => extreme ? -200 : 1, 1 => extreme ? 150 : 1, 2 => -9, 3 => 12, _ => 1 });
        var kind = random.Next(9);
        var gaps = random.Next(3) == 0 ? 0.2 : 0;
        return Synthetic.Of(length, t => random.NextDouble() < gaps ? double.NaN : magnitude * kind switch
        {
            0 => Synthetic.Gaussian(random),
            1 => random.NextDouble() < 0.01 ? 1e6 : 0,
            2 => t < length / 2 ? 1 : 1000,
            3 => Math.Exp(20.0 * t / length),
            4 => t % 2 == 0 ? 1 : -1,
            5 => 1 / (1e-12 + random.NextDouble()),
            6 => t == length - 1 ? 1e9 : 1,
            7 => 1e9 + (1e-6 * random.NextDouble()),
            _ => t,
        });
    }
}
