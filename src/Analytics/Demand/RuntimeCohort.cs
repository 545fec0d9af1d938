using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Who was at risk of ending at which age, and who ended: by day of start, size class and bin.</summary>
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

    private const int Classes = 32;

    private readonly Dictionary<int, Block> _blocks = [];

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

    public RuntimeLaw Law() => RuntimeLaw.Fit(Sum([.. _blocks.Values]));

    /// <summary>The law of as many days drawn with replacement.</summary>
    public RuntimeLaw Resampled(Randomness.SplitMix draws)
    {
        var blocks = _blocks.OrderBy(pair => pair.Key).Select(pair => pair.Value).ToArray();
        return RuntimeLaw.Fit(Sum([.. blocks.Select(_ => blocks[draws.Below(blocks.Length)])]));
    }

    private static RuntimeCohort Collect(IReadOnlyList<Episode> episodes, IReadOnlyList<FinishedRuntime> extra, long from, long now)
    {
        var cohort = new RuntimeCohort();
        foreach (var episode in episodes)
        {
            if (episode.Started is { } started && (episode.State is EpisodeState.Running or EpisodeState.Waiting || episode.Settled >= from))
            {
                var entry = from > started ? Math.Min(from - started, episode.Served) : 0;
                cohort.Add((int)(started / Micros.PerDay), episode.SizeClass, entry, episode.Served, episode.IsOver);
            }
        }

        var today = (int)(now / Micros.PerDay);
        for (var i = 0; i < extra.Count; i++)
        {
            cohort.Add(today - (i % Days), new Episode(0, extra[i].Devices, null, 0, EpisodeState.Over, null, 0).SizeClass, 0, extra[i].Runtime, ended: true);
        }

        return cohort;
    }

    private void Add(int day, int sizeClass, long entry, long exit, bool ended)
    {
        if (!_blocks.TryGetValue(day, out var block))
        {
            _blocks[day] = block = new();
        }

        (block.Classes[sizeClass] ??= new()).Live(RuntimeBins.Seconds(entry), RuntimeBins.Seconds(exit), ended);
        Ends += ended ? 1 : 0;
    }

    private static RiskTable?[] Sum(Block[] blocks)
    {
        var sums = new RiskTable?[Classes];
        foreach (var block in blocks)
        {
            for (var c = 0; c < Classes; c++)
            {
                if (block.Classes[c] is { } table)
                {
                    (sums[c] ??= new()).Add(table);
                }
            }
        }

        return sums;
    }

    private sealed class Block
    {
        public RiskTable?[] Classes { get; } = new RiskTable?[RuntimeCohort.Classes];
    }
}

/// <summary>A job that is over, of any log: only its size and its runtime are known.</summary>
/// <param name="Runtime">Unit: microseconds.</param>
public readonly record struct FinishedRuntime(int Devices, long Runtime);
