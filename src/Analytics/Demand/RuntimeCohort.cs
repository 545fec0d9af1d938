using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Who was at risk of ending at which age, and who ended: by day of start, stratum and bin.</summary>
/// <remarks>
/// A calendar cohort: only ages lived inside the last <see cref="Days"/> days count, so a job that started before them enters late.
/// Kaplan and Meier, Journal of the American Statistical Association 53 (1958), with delayed entry, on binned ages.
/// </remarks>
internal sealed class RuntimeCohort
{
    /// <summary>Runtimes drift; older ones mislead.</summary>
    public const int Days = 45;

    /// <summary>With fewer ends than this in the last days all that is known counts.</summary>
    private const int Few = 200;

    /// <summary>A tenant with fewer ends of a size is taken as all of that size.</summary>
    private const int FewestOwn = 50;

    private readonly Dictionary<int, Block> _blocks = [];
    private readonly List<(Episode Episode, long Entry)> _lives = [];
    private RuntimeTies? _ties;
    private RuntimeLaw? _law;

    private RuntimeCohort() { }

    /// <summary>How many runtimes are known to their end.</summary>
    public int Ends { get; private set; }

    /// <param name="extra">Runtimes of other finished jobs.</param>
    /// <param name="now">Unit: microseconds since the Unix epoch.</param>
    public static RuntimeCohort Of(IReadOnlyList<Episode> episodes, IReadOnlyList<FinishedRuntime> extra, long now)
    {
        var recent = Collect(episodes, extra, now - (Days * Micros.PerDay), now);
        return recent.Ends >= Few ? recent : Collect(episodes, extra, long.MinValue, now);
    }

    public RuntimeLaw Law()
    {
        if (_law is null)
        {
            var law = RuntimeLaw.Fit(Sum([.. _blocks.Values])).WithOwn(OwnTables());
            _law = law.With(RuntimePaces.Of([.. _lives.Select(life => (life.Episode, law.Expected(life.Episode, life.Entry)))]));
        }

        return _law;
    }

    /// <summary>One future: the law of as many days drawn with replacement, and runtimes tied as they were.</summary>
    public RuntimeFuture Draw(SplitMix random)
    {
        var blocks = _blocks.OrderBy(pair => pair.Key).Select(pair => pair.Value).ToArray();
        return new(RuntimeLaw.Fit(Sum([.. blocks.Select(_ => blocks[random.Below(blocks.Length)])])).LikeIn(Law()), Ties(), random);
    }

    /// <summary>Of each tenant's jobs of a size, where enough of them ended.</summary>
    private Dictionary<(string Tenant, int SizeClass), RiskTable> OwnTables()
    {
        var ends = new Dictionary<(string, int), int>();
        foreach (var (episode, _) in _lives.Where(life => life.Episode.IsOver))
        {
            ends[(episode.Tenant, episode.SizeClass)] = ends.GetValueOrDefault((episode.Tenant, episode.SizeClass)) + 1;
        }

        var tables = new Dictionary<(string, int), RiskTable>();
        foreach (var (episode, entry) in _lives)
        {
            var key = (episode.Tenant, episode.SizeClass);
            if (ends.GetValueOrDefault(key) >= FewestOwn)
            {
                if (!tables.TryGetValue(key, out var table))
                {
                    tables[key] = table = new();
                }

                var stratum = RuntimeStratum.BySeconds(episode.SizeClass);
                table.Live(stratum.Age(entry), stratum.Age(episode.Served), episode.IsOver);
            }
        }

        return tables;
    }

    /// <summary>How much alike the runtimes of the cohort are.</summary>
    public RuntimeTies Ties()
    {
        if (_ties is { } known)
        {
            return known;
        }

        var law = Law();
        var ties = RuntimeTies.Of(_lives.Select(life => new RuntimeTies.Life(
            life.Episode.Tenant,
            RuntimeTies.DayOf(life.Episode.Started!.Value),
            life.Episode.Devices,
            law.Paces!.Of(life.Episode) * law.Expected(life.Episode, life.Entry),
            life.Episode.IsOver)));
        _ties = ties;
        return ties;
    }

    private static RuntimeCohort Collect(IReadOnlyList<Episode> episodes, IReadOnlyList<FinishedRuntime> extra, long from, long now)
    {
        var cohort = new RuntimeCohort();
        foreach (var episode in episodes)
        {
            if (episode.Started is { } started && (episode.State is EpisodeState.Running or EpisodeState.Waiting || episode.Settled >= from))
            {
                var entry = from > started ? Math.Min(from - started, episode.Served) : 0;
                var day = (int)(started / Micros.PerDay);
                cohort._lives.Add((episode, entry));
                cohort.Ends += episode.IsOver ? 1 : 0;
                cohort.Add(day, RuntimeStratum.BySeconds(episode.SizeClass), entry, episode.Served, episode.IsOver);
                if (episode.Requested > 0)
                {
                    cohort.Add(day, RuntimeStratum.ByShare(episode.Requested.Value), entry, episode.Served, episode.IsOver);
                }
            }
        }

        var today = (int)(now / Micros.PerDay);
        for (var i = 0; i < extra.Count; i++)
        {
            cohort.Ends++;
            cohort.Add(today - (i % Days), RuntimeStratum.BySeconds(SizeClasses.Of(extra[i].Devices)), 0, extra[i].Runtime, ended: true);
        }

        return cohort;
    }

    private void Add(int day, RuntimeStratum stratum, long entry, long exit, bool ended)
    {
        if (!_blocks.TryGetValue(day, out var block))
        {
            _blocks[day] = block = new();
        }

        (block.Tables[stratum.Index] ??= new()).Live(stratum.Age(entry), stratum.Age(exit), ended);
    }

    private static RiskTable?[] Sum(Block[] blocks)
    {
        var sums = new RiskTable?[RuntimeStratum.Count];
        foreach (var block in blocks)
        {
            for (var stratum = 0; stratum < sums.Length; stratum++)
            {
                if (block.Tables[stratum] is { } table)
                {
                    (sums[stratum] ??= new()).Add(table);
                }
            }
        }

        return sums;
    }

    private sealed class Block
    {
        public RiskTable?[] Tables { get; } = new RiskTable?[RuntimeStratum.Count];
    }
}

/// <summary>A job that is over, of any log: only its size and its runtime are known.</summary>
/// <param name="Runtime">Unit: microseconds.</param>
public readonly record struct FinishedRuntime(int Devices, long Runtime)
{
    /// <summary>How long it waited before. Unit: microseconds. Null: not known.</summary>
    public long? Waited { get; init; }
}
