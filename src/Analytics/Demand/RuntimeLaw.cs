namespace Headroom.Analytics.Demand;

/// <summary>How long jobs run on, given how long they have run: a hazard per stratum and bin of age.</summary>
/// <remarks>
/// A stratum's hazard is shrunk to that of all as if 50 more jobs at risk had the latter: where few of it live that long, all speak.
/// Beyond what anybody lived, one imagined job with hazard 2 / (age + 1 day) keeps the tail finite.
/// </remarks>
internal sealed class RuntimeLaw
{
    private const double Shrink = 50;
    private const double Certain = 1 - 1e-9;
    private const double UnitsPerDay = 86_400;

    /// <summary>With fewer ends than this the requested time says nothing.</summary>
    private const double FewestByShare = 20;

    private readonly double[]?[] _hazards;
    private readonly double[] _pooledSeconds;
    private readonly double[]? _pooledShares;

    private RuntimeLaw(double[]?[] hazards, double[] pooledSeconds, double[]? pooledShares) =>
        (_hazards, _pooledSeconds, _pooledShares) = (hazards, pooledSeconds, pooledShares);

    /// <param name="strata">By <see cref="RuntimeStratum.Index"/>; null where no job of it is known.</param>
    public static RuntimeLaw Fit(RiskTable?[] strata)
    {
        var hazards = new double[]?[strata.Length];
        var (seconds, _) = Pool(strata, 0, hazards);
        var (shares, ends) = Pool(strata, SizeClasses.Count, hazards);
        return new(hazards, seconds, ends >= FewestByShare ? shares : null);
    }

    /// <summary>The law of one episode's runtime.</summary>
    public RuntimeOf Of(Episode episode)
    {
        var stratum = _pooledShares is not null && episode.Requested > episode.Served
            ? RuntimeStratum.ByShare(episode.Requested.Value)
            : RuntimeStratum.BySeconds(episode.SizeClass);
        return new(_hazards[stratum.Index] ?? (stratum.IsByShare ? _pooledShares! : _pooledSeconds), stratum);
    }

    private static (double[] Hazard, double Ends) Pool(RiskTable?[] strata, int first, double[]?[] hazards)
    {
        var all = new RiskTable();
        for (var stratum = first; stratum < first + SizeClasses.Count; stratum++)
        {
            if (strata[stratum] is { } table)
            {
                all.Add(table);
            }
        }

        var pooled = Chances(all, bin => 1 - Math.Exp(-2 * RuntimeBins.Width(bin) / (RuntimeBins.Low(bin) + UnitsPerDay)), 1);
        for (var stratum = first; stratum < first + SizeClasses.Count; stratum++)
        {
            hazards[stratum] = strata[stratum] is { } table ? Accumulate(Chances(table, bin => pooled[bin], Shrink)) : null;
        }

        return (Accumulate(pooled), all.Bins().Sum(bin => bin.Ends));
    }

    /// <summary>P(ends in the bin | reaches it), with <paramref name="weight"/> more jobs at risk that have the prior.</summary>
    private static double[] Chances(RiskTable table, Func<int, double> prior, double weight)
    {
        var bins = table.Bins();
        var chances = new double[bins.Length];
        for (var bin = 0; bin < bins.Length; bin++)
        {
            chances[bin] = Math.Min(Certain, (bins[bin].Ends + (weight * prior(bin))) / (bins[bin].AtRisk + weight));
        }

        return chances;
    }

    /// <summary>Cumulative hazard at the low edge of each bin, and at the end of the last.</summary>
    private static double[] Accumulate(double[] chances)
    {
        var sums = new double[chances.Length + 1];
        for (var bin = 0; bin < chances.Length; bin++)
        {
            sums[bin + 1] = sums[bin] - Math.Log(1 - chances[bin]);
        }

        return sums;
    }
}
