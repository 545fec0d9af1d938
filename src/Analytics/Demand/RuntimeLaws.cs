using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>How long jobs run, as it was at each time: for those that run or wait as in the last weeks, for those that left as in the weeks about that day.</summary>
internal sealed class RuntimeLaws
{
    /// <summary>Runtimes drift; those of other months mislead. Unit: days.</summary>
    private const int Latest = 45;

    /// <summary>Of an earlier era, and as much of the eras beside it. Unit: days.</summary>
    private const int Earlier = 60;

    /// <summary>Unit: days.</summary>
    private const int Era = 30;

    /// <summary>With fewer ends than this within the weeks all that is known counts.</summary>
    private const int Few = 200;

    private readonly RuntimeCohort[] _eras;
    private readonly long _now;
    private RuntimeTies? _ties;

    private RuntimeLaws(RuntimeCohort[] eras, bool grows, long now) => (_eras, PatienceGrows, _now) = (eras, grows, now);

    /// <summary>Whether who left is taken to have been the less patient the shorter his job.</summary>
    public bool PatienceGrows { get; }

    /// <summary>How many runtimes are known to their end, in the last weeks or, where those are few, at all.</summary>
    public int Ends => _eras[0].Ends;

    /// <summary>How much alike runtimes are, in the last weeks.</summary>
    public RuntimeTies Ties => _ties ??= _eras[0].Ties();

    /// <param name="extra">Runtimes of other finished jobs.</param>
    /// <param name="now">Unit: microseconds since the Unix epoch.</param>
    public static RuntimeLaws Of(IReadOnlyList<Episode> episodes, IReadOnlyList<FinishedRuntime> extra, long now)
    {
        var crowds = RuntimeCrowds.Of(episodes);
        var first = episodes.Where(episode => episode.HasLeft).Select(episode => episode.Settled).DefaultIfEmpty(now).Min();
        RuntimeCohort[] eras = [.. Enumerable.Range(0, EraOf(first, now) + 1).Select(era => new RuntimeCohort(episodes, crowds, Weeks(era, now)))];
        for (var i = 0; i < episodes.Count; i++)
        {
            // Weeks reach into the eras beside their own.
            var episode = episodes[i];
            var last = episode.Started is { } started ? Math.Min(eras.Length - 1, EraOf(started, now) + 1) : -1;
            for (var era = Math.Max(0, EraOf(episode.Settled, now) - 1); era <= last; era++)
            {
                eras[era].Add(i);
            }
        }

        var whole = new Lazy<RuntimeCohort>(() => Whole(episodes, extra, crowds, now));
        for (var era = 0; era < eras.Length; era++)
        {
            eras[era].Add(extra);
            eras[era] = eras[era].Ends >= Few ? eras[era] : whole.Value;
        }

        return new(eras, crowds.PatienceGrows, now);
    }

    /// <summary>The law of one episode's runtime.</summary>
    public RuntimeOf Of(in Episode episode)
    {
        var era = episode.HasLeft ? EraOf(episode.Settled, _now) : 0;
        return _eras[era].Law.Of(episode, era);
    }

    /// <summary>The hazard that runtimes from a source are drawn anew with.</summary>
    public double[] Fitted(RuntimeSource source) => _eras[source.Era].Law.Of(source);

    /// <summary>Hazards of all that started, had other days of an era been drawn.</summary>
    public double[]?[] Draw(int era, SplitMix random) => _eras[era].Draw(random);

    private static RuntimeCohort Whole(IReadOnlyList<Episode> episodes, IReadOnlyList<FinishedRuntime> extra, RuntimeCrowds crowds, long now)
    {
        var whole = new RuntimeCohort(episodes, crowds, new(0, now));
        for (var i = 0; i < episodes.Count; i++)
        {
            if (episodes[i].Started is not null)
            {
                whole.Add(i);
            }
        }

        whole.Add(extra);
        return whole;
    }

    private static int EraOf(long instant, long now) => (int)(Math.Max(0, now - instant) / (Era * Micros.PerDay));

    /// <summary>The last weeks; of earlier eras those around their middle.</summary>
    private static Window Weeks(int era, long now)
    {
        var until = now - (((era * Era) - ((Earlier - Era) / 2)) * Micros.PerDay);
        return era == 0 ? new(now - (Latest * Micros.PerDay), now) : new(until - (Earlier * Micros.PerDay), until);
    }
}
