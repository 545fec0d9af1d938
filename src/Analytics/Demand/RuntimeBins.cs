namespace Headroom.Analytics.Demand;

/// <summary>Ages of a job, cut where each bin is 5 % longer than the one before: the grid on which hazards are counted.</summary>
internal static class RuntimeBins
{
    private const double Ratio = 1.05;

    private static readonly double PerE = 1 / Math.Log(Ratio);

    /// <summary>Edges in units of age: 0, 1, 1.05 and so on; in seconds to beyond 10 years.</summary>
    private static readonly double[] Edges = [0, .. Enumerable.Range(0, 410).Select(i => Math.Pow(Ratio, i))];

    public static int Count => Edges.Length - 1;

    public static double Low(int bin) => Edges[bin];

    public static double Width(int bin) => Edges[bin + 1] - Edges[bin];

    /// <summary>The bin that holds an age; the last one for all beyond it.</summary>
    public static int Of(double age)
    {
        var bin = age < 1 ? 0 : Math.Min(Count - 1, 1 + (int)(Math.Log(age) * PerE));
        while (bin < Count - 1 && age >= Edges[bin + 1])
        {
            bin++;
        }

        while (bin > 0 && age < Edges[bin])
        {
            bin--;
        }

        return bin;
    }
}
