namespace Headroom.Analytics.Demand;

/// <summary>How long jobs of a size class run on, given how long they have run: a hazard per bin of age.</summary>
/// <remarks>
/// A class's hazard is shrunk to that of all as if 50 more jobs at risk had the latter: where few of the class live that long, all speak.
/// Beyond what anybody lived, one imagined job with hazard 2 / (age + 1 day) keeps the tail finite.
/// </remarks>
internal sealed class RuntimeLaw
{
    private const double Shrink = 50;
    private const double SecondsPerDay = 86_400;

    private readonly double[] _pooled;
    private readonly double[]?[] _byClass;

    private RuntimeLaw(double[] pooled, double[]?[] byClass) => (_pooled, _byClass) = (pooled, byClass);

    /// <param name="classes">By size class; null where no job of it is known.</param>
    public static RuntimeLaw Fit(RiskTable?[] classes)
    {
        var all = new RiskTable();
        foreach (var table in classes)
        {
            if (table is not null)
            {
                all.Add(table);
            }
        }

        var pooled = Rates(all, bin => 2 / (RuntimeBins.Low(bin) + SecondsPerDay), 1);
        return new(Accumulate(pooled), Array.ConvertAll(classes, table => table is null ? null : Accumulate(Rates(table, bin => pooled[bin], Shrink))));
    }

    /// <summary>P(runtime &gt; <paramref name="age"/> | runtime &gt; <paramref name="given"/>). Unit: seconds.</summary>
    public double Survival(int sizeClass, double given, double age)
    {
        var hazard = Of(sizeClass);
        return age <= given ? 1 : Math.Exp(At(hazard, given) - At(hazard, age));
    }

    /// <summary>A runtime beyond <paramref name="given"/>. Unit: seconds.</summary>
    /// <param name="exponential">A draw from the exponential law with mean 1.</param>
    public double Draw(int sizeClass, double given, double exponential)
    {
        var hazard = Of(sizeClass);
        var target = At(hazard, given) + exponential;
        var bin = Array.BinarySearch(hazard, target);
        bin = Math.Clamp(bin < 0 ? ~bin - 1 : bin, 0, RuntimeBins.Count - 1);
        var rate = (hazard[bin + 1] - hazard[bin]) / RuntimeBins.Width(bin);
        return RuntimeBins.Low(bin) + (rate > 0 ? (target - hazard[bin]) / rate : RuntimeBins.Width(bin));
    }

    private double[] Of(int sizeClass) => _byClass[sizeClass] ?? _pooled;

    private static double[] Rates(RiskTable table, Func<int, double> prior, double weight)
    {
        var bins = table.Bins();
        var rates = new double[bins.Length];
        for (var bin = 0; bin < bins.Length; bin++)
        {
            var imagined = weight * RuntimeBins.Width(bin);
            rates[bin] = (bins[bin].Ends + (imagined * prior(bin))) / (bins[bin].Risk + imagined);
        }

        return rates;
    }

    /// <summary>Cumulative hazard at the low edge of each bin, and at the end of the last.</summary>
    private static double[] Accumulate(double[] rates)
    {
        var sums = new double[rates.Length + 1];
        for (var bin = 0; bin < rates.Length; bin++)
        {
            sums[bin + 1] = sums[bin] + (rates[bin] * RuntimeBins.Width(bin));
        }

        return sums;
    }

    private static double At(double[] hazard, double seconds)
    {
        var bin = RuntimeBins.Of(seconds);
        return hazard[bin] + ((hazard[bin + 1] - hazard[bin]) * (seconds - RuntimeBins.Low(bin)) / RuntimeBins.Width(bin));
    }
}
