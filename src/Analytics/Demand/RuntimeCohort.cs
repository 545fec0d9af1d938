using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Who was at risk of ending at which age, and who ended, within some weeks.</summary>
/// <remarks>
/// A calendar cohort: only ages lived inside the weeks count, so a job that started before them enters late, and one that ends after them is lost from sight.
/// Kaplan and Meier, Journal of the American Statistical Association 53 (1958), with delayed entry, on binned ages.
/// </remarks>
internal sealed class RuntimeCohort(IReadOnlyList<Episode> episodes, RuntimeCrowds crowds, Window weeks)
{
    /// <summary>Days drawn with replacement are drawn in blocks: about this many in a cohort.</summary>
    private const int Blocks = 9;

    /// <summary>A tenant with fewer ends of a size is taken as all of that size.</summary>
    private const int FewestOwn = 50;

    private readonly Dictionary<int, RiskTable?[]> _days = [];
    private readonly RiskTable?[][] _waited = [.. Enumerable.Range(1, RuntimeCrowds.Count - 1).Select(_ => new RiskTable?[RuntimeStratum.Count])];
    private readonly List<int> _members = [];
    private RiskTable?[][]? _blocks;
    private RuntimeLaw? _law;

    /// <summary>How many runtimes are known to their end.</summary>
    public int Ends { get; private set; }

    public RuntimeLaw Law => _law ??= RuntimeLaw.Fit(crowds, Sum(_days.Values), _waited, Own());

    /// <summary>How much alike the runtimes are.</summary>
    public RuntimeTies Ties() => RuntimeTies.Of(_members.Select(member =>
    {
        var episode = episodes[member];
        var (entry, exit, ended) = Within(episode);
        return new RuntimeTies.Life(episode.Tenant, RuntimeTies.DayOf(episode.Started!.Value), episode.Devices, Law.Expected(episode, entry, exit, ended), ended);
    }));

    /// <summary>Hazards of all that started, had other days been drawn.</summary>
    public double[]?[] Draw(SplitMix random)
    {
        var blocks = _blocks ??= Grouped();
        return RuntimeLaw.Started(Sum(blocks.Select(_ => blocks[random.Below(blocks.Length)])));
    }

    /// <summary>Counts a job that started, as far as it lived within the weeks.</summary>
    /// <param name="member">Its place among the episodes.</param>
    public void Add(int member)
    {
        var episode = episodes[member];
        var started = episode.Started!.Value;
        var (entry, exit, ended) = Within(episode);
        if (exit < 0 || episode.Settled < weeks.From)
        {
            return;
        }

        _members.Add(member);
        Add((int)(started / Micros.PerDay), RuntimeStratum.BySeconds(episode.SizeClass), episode.Waited, entry, exit, ended);
        Ends += ended ? 1 : 0;
        if (episode.Requested > 0)
        {
            Add((int)(started / Micros.PerDay), RuntimeStratum.ByShare(episode.Requested.Value), episode.Waited, entry, exit, ended);
        }
    }

    /// <summary>Counts runtimes of other finished jobs, of no known day.</summary>
    public void Add(IReadOnlyList<FinishedRuntime> finished)
    {
        for (var i = 0; i < finished.Count; i++)
        {
            Add(i % Blocks, RuntimeStratum.BySeconds(SizeClasses.Of(finished[i].Devices)), finished[i].Waited ?? 0, 0, finished[i].Runtime, ended: true);
        }

        Ends += finished.Count;
    }

    private void Add(int day, RuntimeStratum stratum, long waited, long entry, long exit, bool ended)
    {
        if (!_days.TryGetValue(day, out var tables))
        {
            _days[day] = tables = new RiskTable?[RuntimeStratum.Count];
        }

        var (from, until) = (stratum.Age(entry), stratum.Age(exit));
        (tables[stratum.Index] ??= new()).Live(from, until, ended);
        (_waited[crowds.Of(waited) - 1][stratum.Index] ??= new()).Live(from, until, ended, crowds.Weight(waited));
    }

    /// <summary>The ages between which a job was seen within the weeks, and whether it was seen to end.</summary>
    private (long Entry, long Exit, bool Ended) Within(in Episode episode)
    {
        var started = episode.Started!.Value;
        var exit = Math.Min(episode.Served, weeks.Until - started);
        return (Math.Clamp(weeks.From - started, 0, episode.Served), exit, episode.IsOver && exit == episode.Served);
    }

    /// <summary>Of each tenant's jobs of a size, where enough of them ended.</summary>
    private Dictionary<(string Tenant, int SizeClass), RiskTable> Own()
    {
        var known = Seen().Where(life => life.Ended).CountBy(life => life.Key).Where(count => count.Value >= FewestOwn).ToDictionary(count => count.Key, _ => new RiskTable());
        foreach (var life in Seen())
        {
            if (known.TryGetValue(life.Key, out var table))
            {
                var stratum = RuntimeStratum.BySeconds(life.Key.SizeClass);
                table.Live(stratum.Age(life.Entry), stratum.Age(life.Exit), life.Ended);
            }
        }

        return known;
    }

    private IEnumerable<((string Tenant, int SizeClass) Key, long Entry, long Exit, bool Ended)> Seen() => _members.Select(member =>
    {
        var episode = episodes[member];
        var (entry, exit, ended) = Within(episode);
        return ((episode.Tenant, episode.SizeClass), entry, exit, ended);
    });

    private RiskTable?[][] Grouped()
    {
        var days = _days.OrderBy(day => day.Key).Select(day => day.Value).ToArray();
        var each = (days.Length + Blocks - 1) / Blocks;
        return [.. days.Chunk(Math.Max(1, each)).Select(Sum)];
    }

    private static RiskTable?[] Sum(IEnumerable<RiskTable?[]> parts)
    {
        var sums = new RiskTable?[RuntimeStratum.Count];
        foreach (var tables in parts)
        {
            for (var stratum = 0; stratum < sums.Length; stratum++)
            {
                if (tables[stratum] is { } table)
                {
                    (sums[stratum] ??= new()).Add(table);
                }
            }
        }

        return sums;
    }
}
