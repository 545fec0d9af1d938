namespace Headroom.Analytics.Demand;

/// <summary>How long jobs run on, given how long they have run: a hazard per crowd, stratum and bin of age.</summary>
/// <remarks>
/// A stratum's hazard is shrunk to that of all, a crowd's to that of the crowd it is part of, and that of a tenant's jobs of a size to that of the size,
/// as if 50 more jobs at risk had the latter: where few of it live that long, all speak.
/// Beyond what anybody lived, one imagined job with hazard 2 / (age + 1 day) keeps the tail finite.
/// </remarks>
internal sealed class RuntimeLaw
{
    private const double Shrink = 50;
    private const double UnitsPerDay = 86_400;

    /// <summary>With fewer ends than this the requested time says nothing.</summary>
    private const double FewestByShare = 20;

    /// <summary>After the strata: all that are counted in seconds, and all that are counted in shares of a request.</summary>
    private const int AllSeconds = RuntimeStratum.Count;

    private const int AllShares = AllSeconds + 1;

    private static readonly double[] Tail =
        [.. Enumerable.Range(0, RuntimeBins.Count).Select(bin => 1 - Math.Exp(-2 * RuntimeBins.Width(bin) / (RuntimeBins.Low(bin) + UnitsPerDay)))];

    private readonly RuntimeCrowds _crowds;
    private readonly double[]?[][] _hazards;
    private readonly Dictionary<(string Tenant, int SizeClass), double[]> _own = [];
    private readonly Dictionary<(string Tenant, int SizeClass, int Crowd), double[]> _moved = [];
    private readonly Dictionary<(double[], int), double[]> _tilted = [];
    private readonly Dictionary<double[], double[]> _met = new(ReferenceEqualityComparer.Instance);

    private RuntimeLaw(RuntimeCrowds crowds, double[]?[][] hazards) => (_crowds, _hazards) = (crowds, hazards);

    /// <param name="started">Of all that started, by <see cref="RuntimeStratum.Index"/>; null where no job of it is known.</param>
    /// <param name="waited">Of the crowds after the first, each without those after it; weighted.</param>
    /// <param name="own">Of tenants' jobs of a size.</param>
    public static RuntimeLaw Fit(RuntimeCrowds crowds, RiskTable?[] started, RiskTable?[][] waited, IReadOnlyDictionary<(string Tenant, int SizeClass), RiskTable> own)
    {
        var law = new RuntimeLaw(crowds, [Started(started), .. waited.Select(_ => new double[]?[AllSeconds])]);
        for (var stratum = 0; stratum < AllSeconds; stratum++)
        {
            law.FitCrowds(stratum, waited);
        }

        foreach (var (key, table) in own)
        {
            law._own[key] = Hazards.Accumulate(table.Chances(Hazards.Chances(law.BySize(key.SizeClass, 0)), Shrink));
        }

        return law;
    }

    /// <summary>Hazards of all that started: by stratum, and in the end of all strata in seconds, and in shares.</summary>
    public static double[]?[] Started(RiskTable?[] strata)
    {
        var hazards = new double[]?[AllShares + 1];
        hazards[AllSeconds] = Pool(strata.AsSpan(0, SizeClasses.Count), hazards, 0).Hazard;
        var (shares, ends) = Pool(strata.AsSpan(SizeClasses.Count), hazards, SizeClasses.Count);
        hazards[AllShares] = ends >= FewestByShare ? shares : null;
        return hazards;
    }

    /// <summary>The law of one episode's runtime.</summary>
    /// <param name="era">Of the cohort it is fitted to.</param>
    public RuntimeOf Of(in Episode episode, int era)
    {
        var crowd = _crowds.Of(episode);
        if (_hazards[0][AllShares] is not null && episode.Requested > episode.Served)
        {
            var share = RuntimeStratum.ByShare(episode.Requested.Value);
            return new(Hazard(share.Index, crowd, AllShares), share, Source(era, share.Index, AllShares));
        }

        var seconds = RuntimeStratum.BySeconds(episode.SizeClass);
        return new(_crowds.Tilt(crowd) is { } tilt ? Tilted(episode, crowd, tilt) : BySeconds(episode, crowd), seconds, Source(era, seconds.Index, AllSeconds));
    }

    /// <summary>How many ends to expect of one job by its size, over the ages it lived: the sum of its chances of ending, bin by bin.</summary>
    /// <param name="entry">Age from which on it was seen. Unit: microseconds.</param>
    /// <param name="exit">Age until which it was seen. Unit: microseconds.</param>
    public double Expected(in Episode episode, long entry, long exit, bool ended)
    {
        var hazard = BySeconds(episode, 0);
        if (!_met.TryGetValue(hazard, out var sums))
        {
            _met[hazard] = sums = new double[hazard.Length];
            var chances = Hazards.Chances(hazard);
            for (var bin = 0; bin < chances.Length; bin++)
            {
                sums[bin + 1] = sums[bin] + chances[bin];
            }
        }

        var stratum = RuntimeStratum.BySeconds(episode.SizeClass);
        var (first, last) = (RuntimeBins.Of(stratum.Age(entry)), RuntimeBins.Of(stratum.Age(exit)));
        return ended ? sums[last + 1] - sums[first] : ((sums[last] + sums[last + 1]) / 2) - sums[first];
    }

    /// <summary>The hazard of all that started, of which an episode's runtime is drawn anew.</summary>
    public double[] Of(RuntimeSource source) => _hazards[0][source.Stratum]!;

    private RuntimeSource Source(int era, int stratum, int all) => new(era, _hazards[0][stratum] is null ? all : stratum);

    private double[] Hazard(int stratum, int crowd, int all) => _hazards[crowd][stratum] ?? _hazards[0][all]!;

    private double[] BySize(int sizeClass, int crowd) => Hazard(RuntimeStratum.BySeconds(sizeClass).Index, crowd, AllSeconds);

    private double[] BySeconds(in Episode episode, int crowd)
    {
        var (tenant, size) = (episode.Tenant, episode.SizeClass);
        if (!_own.TryGetValue((tenant, size), out var own) || crowd == 0)
        {
            return own ?? BySize(size, crowd);
        }

        if (!_moved.TryGetValue((tenant, size, crowd), out var moved))
        {
            _moved[(tenant, size, crowd)] = moved = Hazards.Moved(BySize(size, crowd), own, BySize(size, 0));
        }

        return moved;
    }

    private double[] Tilted(in Episode episode, int crowd, double[] tilt)
    {
        var started = BySeconds(episode, 0);
        if (!_tilted.TryGetValue((started, crowd), out var tilted))
        {
            _tilted[(started, crowd)] = tilted = Hazards.Tilted(started, tilt);
        }

        return tilted;
    }

    private void FitCrowds(int stratum, RiskTable?[][] waited)
    {
        var among = new RiskTable?[waited.Length];
        for (var crowd = waited.Length - 1; crowd >= 0; crowd--)
        {
            among[crowd] = RiskTable.Sum(crowd + 1 < waited.Length ? among[crowd + 1] : null, waited[crowd][stratum]);
        }

        for (var crowd = 1; crowd <= waited.Length; crowd++)
        {
            var prior = _hazards[crowd - 1][stratum];
            _hazards[crowd][stratum] = prior is null || among[crowd - 1] is not { } table ? prior : Hazards.Accumulate(table.Chances(Hazards.Chances(prior), Shrink, _crowds.Worth(crowd)));
        }
    }

    private static (double[] Hazard, double Ends) Pool(ReadOnlySpan<RiskTable?> strata, double[]?[] hazards, int first)
    {
        var all = new RiskTable();
        foreach (var table in strata)
        {
            if (table is not null)
            {
                all.Add(table);
            }
        }

        var pooled = all.Chances(Tail, 1);
        for (var stratum = 0; stratum < strata.Length; stratum++)
        {
            hazards[first + stratum] = strata[stratum] is { } table ? Hazards.Accumulate(table.Chances(pooled, Shrink)) : null;
        }

        return (Hazards.Accumulate(pooled), all.Ends);
    }
}
