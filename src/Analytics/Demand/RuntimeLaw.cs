namespace Headroom.Analytics.Demand;

/// <summary>How long jobs run on, given how long they have run: a hazard per stratum and bin of age.</summary>
/// <remarks>
/// A stratum's hazard, and that of a tenant's jobs of a size, is shrunk to that of all as if 50 more jobs at risk had the latter: where few of it live that long, all speak.
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
    private readonly Dictionary<double[], double[]> _chances = new(ReferenceEqualityComparer.Instance);
    private readonly double[] _pooledSeconds;
    private Dictionary<(string Tenant, int SizeClass), double[]> _own = [];
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
        return stratum.IsByShare
            ? new(_hazards[stratum.Index] ?? _pooledShares!, stratum)
            : new(BySeconds(episode), stratum, Paces?.Of(episode) ?? 1);
    }

    /// <summary>How many ends to expect of one job by its size, over the ages it lived: the sum of its chances of ending, bin by bin.</summary>
    /// <param name="entry">Age from which on it was seen. Unit: microseconds.</param>
    public double Expected(Episode episode, long entry)
    {
        var stratum = RuntimeStratum.BySeconds(episode.SizeClass);
        var hazard = BySeconds(episode);
        if (!_chances.TryGetValue(hazard, out var sums))
        {
            _chances[hazard] = sums = new double[hazard.Length];
            for (var bin = 0; bin + 1 < hazard.Length; bin++)
            {
                sums[bin + 1] = sums[bin] + 1 - Math.Exp(hazard[bin] - hazard[bin + 1]);
            }
        }

        var (first, last) = (RuntimeBins.Of(stratum.Age(entry)), RuntimeBins.Of(stratum.Age(episode.Served)));
        return episode.IsOver ? sums[last + 1] - sums[first] : ((sums[last] + sums[last + 1]) / 2) - sums[first];
    }

    /// <summary>How kinds of jobs differ from it; null: all are alike. Where a job says how long it asks for, that says it already.</summary>
    public RuntimePaces? Paces { get; init; }

    public RuntimeLaw With(RuntimePaces? paces) => new(_hazards, _pooledSeconds, _pooledShares) { Paces = paces, _own = _own };

    /// <summary>Hazards of a tenant's jobs of a size, shrunk to those of the size.</summary>
    public RuntimeLaw WithOwn(IReadOnlyDictionary<(string Tenant, int SizeClass), RiskTable> tables) => new(_hazards, _pooledSeconds, _pooledShares)
    {
        Paces = Paces,
        _own = tables.ToDictionary(entry => entry.Key, entry =>
        {
            var size = BySize(entry.Key.SizeClass);
            return Accumulate(Chances(entry.Value, bin => 1 - Math.Exp(size[bin] - size[bin + 1]), Shrink));
        }),
    };

    /// <summary>Tenants and their paces as in another law, as far from this law's sizes as they are there from its own.</summary>
    public RuntimeLaw LikeIn(RuntimeLaw other) => new(_hazards, _pooledSeconds, _pooledShares)
    {
        Paces = other.Paces,
        _own = other._own.ToDictionary(entry => entry.Key, entry =>
        {
            var (here, there, own) = (BySize(entry.Key.SizeClass), other.BySize(entry.Key.SizeClass), entry.Value);
            var moved = new double[own.Length];
            for (var bin = 0; bin + 1 < own.Length; bin++)
            {
                var step = there[bin + 1] - there[bin];
                moved[bin + 1] = moved[bin] + ((own[bin + 1] - own[bin]) * (step > 0 ? (here[bin + 1] - here[bin]) / step : 1));
            }

            return moved;
        }),
    };

    private double[] BySize(int sizeClass) => _hazards[RuntimeStratum.BySeconds(sizeClass).Index] ?? _pooledSeconds;

    private double[] BySeconds(Episode episode) => _own.TryGetValue((episode.Tenant, episode.SizeClass), out var own) ? own : BySize(episode.SizeClass);

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
