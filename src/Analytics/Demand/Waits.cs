using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>How many waited how long, and whether they started, left, or wait still; of those that started, how long they ran.</summary>
/// <remarks>Waits are cut on <see cref="RuntimeBins"/>, in seconds.</remarks>
internal sealed class Waits
{
    private readonly double[] _started = new double[RuntimeBins.Count * RuntimeGrades.Count];

    private Waits() { }

    /// <summary>By bin of the wait.</summary>
    public double[] Left { get; } = new double[RuntimeBins.Count];

    /// <summary>By bin of the wait so far.</summary>
    public double[] Waiting { get; } = new double[RuntimeBins.Count];

    /// <summary>All that started, by grade of the runtime.</summary>
    public double[] Grades { get; } = new double[RuntimeGrades.Count];

    public static Waits Of(IReadOnlyList<Episode> episodes)
    {
        var waits = new Waits();
        for (var i = 0; i < episodes.Count; i++)
        {
            var episode = episodes[i];
            var bin = BinOf(episode.Waited);
            if (episode.Started is not null)
            {
                var grade = GradeOf(episode);
                waits._started[(bin * RuntimeGrades.Count) + grade]++;
                waits.Grades[grade]++;
            }
            else if (episode.HasLeft)
            {
                waits.Left[bin]++;
            }
            else
            {
                waits.Waiting[bin]++;
            }
        }

        return waits;
    }

    public static int BinOf(long waited) => RuntimeBins.Of(waited / (double)Micros.PerSecond);

    /// <summary>Of one that started. Who still runs runs about twice as long as until now.</summary>
    public static int GradeOf(in Episode episode) => RuntimeGrades.Of(episode.IsOver ? episode.Served : 2 * episode.Served);

    /// <summary>Those that started after a wait of a bin, by grade of the runtime.</summary>
    public ReadOnlySpan<double> Started(int bin) => _started.AsSpan(bin * RuntimeGrades.Count, RuntimeGrades.Count);

    /// <summary>Kaplan and Meier both ways: the share that would still wait at the edges of the bins, and of those that wait for as long as it takes, who starts in each bin.</summary>
    public (double[] Stay, double[] Offered) KaplanMeier()
    {
        var (stay, offered, unserved) = (new double[RuntimeBins.Count + 1], new double[RuntimeBins.Count], 1.0);
        var atRisk = Left.Sum() + Waiting.Sum() + Grades.Sum();
        stay[0] = 1;
        for (var bin = 0; bin < RuntimeBins.Count; bin++)
        {
            var starts = 0.0;
            foreach (var jobs in Started(bin))
            {
                starts += jobs;
            }

            var (left, half) = (Left[bin], Waiting[bin] / 2);
            stay[bin + 1] = stay[bin] * (left > 0 ? 1 - Math.Min(1, left / (atRisk - half - (starts / 2))) : 1);
            offered[bin] = unserved * (starts > 0 ? Math.Min(1, starts / (atRisk - half - (left / 2))) : 0);
            unserved -= offered[bin];
            atRisk -= left + starts + Waiting[bin];
        }

        return (stay, offered);
    }
}
