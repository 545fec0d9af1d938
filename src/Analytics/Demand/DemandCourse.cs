using Headroom.Analytics.Randomness;

namespace Headroom.Analytics.Demand;

/// <summary>How daily demand moves: a straight line, waves around it that fade or do not, and days that scatter by weekday and by chance.</summary>
/// <remarks>
/// y = level + growth t + size (u + weekday + e), u = kept u' + w. Each pair of how much of a wave is kept and how large waves are beside the scatter is filtered (Kalman, 1960; line by
/// generalized least squares on what the filter leaves, de Jong, Biometrika 1991) and weighed by how well it explains the days; a future draws the pair, the line and the scatter from what is left possible.
/// So a rise that a wave explains as well as growth does goes on in some futures and comes back in others. Growth is none, or drawn towards none by three priors of different width: most demand
/// does not grow, some grows slowly, some doubles in weeks; as long as growth is not sure, up to half of all futures are without. Breaks come once in fifty days. Sizes are shares of the level around a day, so that a future is no wider than its demand is large.
/// </remarks>
internal sealed class DemandCourse
{
    private const int Week = 7;

    /// <summary>Days on each side whose mean is the level around a day.</summary>
    private const int Around = 10;

    /// <summary>Of mean demand: the least size of a scatter.</summary>
    private const double LeastSize = 0.1;

    /// <summary>A weekday counts as if it had been seen so many more times as an ordinary day.</summary>
    private const double WeekdayPrior = 2;

    /// <summary>The scatter that other demand has counts for so many days; of demand that is steadier than that, no more than twice its own.</summary>
    private const double ScatterDays = 4;

    private const double UsualScatter = 0.12;
    private const int LongEnough = 28;

    /// <summary>Standard deviation of waves as other job logs have them, as a share of the level, and the scale of its logarithm (Student's t, 3 degrees of freedom): a few weeks do not show how far demand falls.</summary>
    private const double UsualWave = 0.4;

    private const double UsualWaveSpread = 0.5;

    /// <summary>A wave that nothing brings back is as large as after so many days.</summary>
    private const double WalkDays = 28;

    /// <summary>That there is no growth is that much likelier than that there is some, before anything is seen; but no larger a share of futures rests on it.</summary>
    private const double SteadyOdds = 10;

    private const double MostSteady = 0.5;

    /// <summary>Chance of a break on any day, its standard deviation over that of a day's change, and what is left of its logarithm a day later.</summary>
    private const double Breaks = 0.02;

    private const double BreakSize = 5;
    private const double BreakKept = 0.85;

    /// <summary>Squares of shares that sum up to less than this a day are rounding; the least variance.</summary>
    private const double Rounding = 1e-13;

    private const double Tiny = 1e-26;

    /// <summary>Days after which half of a wave is left; infinite: a walk that nothing brings back.</summary>
    private static readonly (double HalfLife, double Prior)[] Memories = [(2, 1), (4, 1), (8, 1), (16, 1), (32, 0.3), (64, 0.3), (double.PositiveInfinity, 0.1)];

    /// <summary>Variance of a day's new wave over that of its scatter.</summary>
    private static readonly double[] Waves = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];

    /// <summary>Standard deviation of growth a day, as a share of the level; 0: none, only waves.</summary>
    private static readonly (double Deviation, double Prior)[] Growths = [(0, SteadyOdds), (0.002, 0.4), (0.008, 0.4), (0.032, 0.2)];

    private readonly List<CourseLaw> _laws = [];
    private readonly double[] _until;
    private readonly double[] _weekday;
    private readonly int _length;
    private readonly double _size;
    private readonly double _leastSize;

    /// <param name="history">Daily means, 0 or more, oldest first; NaN is a gap. At least one is known.</param>
    public DemandCourse(double[] history)
    {
        _length = history.Length;
        _leastSize = LeastSize * history.Where(double.IsFinite).Average();
        var sizes = Sizes(history);
        _size = sizes[^1];
        _weekday = Weekdays(history, sizes);
        var shares = history.Select((value, day) => sizes[day] > 0 ? (value / sizes[day]) - _weekday[day % Week] : double.NaN).ToArray();
        foreach (var (halfLife, memory) in Memories)
        {
            foreach (var wave in Waves)
            {
                var filter = CourseFilter.Run(shares, sizes, Math.Pow(0.5, 1 / halfLife), wave);
                foreach (var (deviation, growth) in Growths)
                {
                    _laws.Add(Law(filter, deviation * _size, Math.Log(memory * growth)));
                }
            }
        }

        _until = Cumulated(_laws);
    }

    /// <summary>The mean of futures, but that they do not go below zero.</summary>
    public double[] Expected(int days)
    {
        var path = new double[days];
        for (var i = 0; i < _laws.Count; i++)
        {
            var (law, weight) = (_laws[i], _until[i] - (i > 0 ? _until[i - 1] : 0));
            var wave = _size * law.Wave(law.Level, law.Growth);
            for (var day = 0; day < days; day++)
            {
                wave *= law.Filter.Kept;
                var level = Math.Max(0, law.Level + (law.Growth * (day + 1)) + wave);
                path[day] += weight * (level + (level * _weekday[(_length + day) % Week]));
            }
        }

        return path;
    }

    /// <param name="off">By how much the level known now is off, in the unit of the history; it fades as waves do.</param>
    public void Draw(SplitMix random, double off, Span<double> path)
    {
        var share = random.Share();
        var at = Array.BinarySearch(_until, share);
        var law = _laws[Math.Min(at < 0 ? ~at : at, _laws.Count - 1)];
        var variance = law.Variance * law.Freedom / ChiSquare(law.Freedom, random);
        var growth = law.Growth + (Math.Sqrt(law.GrowthVariance) * random.Normal());
        var level = law.Level + (law.LevelPerGrowth * (growth - law.Growth)) + (Math.Sqrt(variance * law.LevelVariance) * random.Normal());
        var wave = law.Wave(level, growth) + (Math.Sqrt(variance * law.Filter.StateVariance) * random.Normal());
        wave += _size > 0 ? off / _size : 0;
        var (scatter, waves) = (Math.Sqrt(variance), Math.Sqrt(variance * law.Filter.WaveVariance));
        var (broken, size) = (0.0, BreakSize * Math.Sqrt(variance * (1 + law.Filter.WaveVariance)));
        for (var day = 0; day < path.Length; day++)
        {
            broken = (BreakKept * broken) + (random.Share() < Breaks ? size * random.Normal() : 0);
            wave = (law.Filter.Kept * wave) + (waves * random.Normal());
            var line = growth * (day + 1);
            var now = Math.Max(0, level + line + (Math.Max(_leastSize, _size + line) * wave)) * Math.Exp(broken);
            path[day] = Math.Max(0, now + ((now + _leastSize) * (_weekday[(_length + day) % Week] + (scatter * random.Normal()))));
        }
    }

    private static CourseLaw Law(CourseFilter filter, double deviation, double logPrior)
    {
        var freedom = Math.Max(1, filter.Days - 2) + ScatterDays;
        var slope = filter.GrowthInformation > 0 ? filter.GrowthScore / filter.GrowthInformation : 0;
        var left = filter.Squares - (slope * filter.GrowthScore);
        var rest = left > Rounding * filter.Days ? left : 0;
        var own = rest / Math.Max(1, filter.Days - 2);
        var usual = filter.Days >= LongEnough ? Math.Min(UsualScatter * UsualScatter, 4 * own) : UsualScatter * UsualScatter;
        var variance = Math.Max(Tiny, (rest + (ScatterDays * usual)) / freedom);
        var (information, prior) = (filter.GrowthInformation / variance, deviation * deviation);
        var kept = prior > 0 ? information * prior / (1 + (information * prior)) : 0;
        var growth = kept * slope;
        var misfit = information > 0 ? slope * slope * information / (1 + (information * prior)) : 0;
        var waves = variance * filter.WaveVariance * Math.Min(WalkDays, 1 / Math.Max(Tiny, 1 - (filter.Kept * filter.Kept)));
        var unusual = Math.Log(Math.Sqrt(waves) / UsualWave) / UsualWaveSpread;
        var weight = logPrior - (2 * Math.Log(1 + (unusual * unusual / 3))) - (filter.LogDeterminant / 2) - (freedom / 2 * Math.Log(variance)) - (Math.Log(1 + (information * prior)) / 2) - (misfit / 2);
        return new(filter, weight, variance, freedom, filter.LevelAt(growth), growth, prior * (1 - kept));
    }

    /// <summary>Shares of the weights, added up; the last is 1.</summary>
    private static double[] Cumulated(List<CourseLaw> laws)
    {
        var (most, until) = (laws.Max(law => law.LogWeight), new double[laws.Count]);
        double Sum(bool grows) => laws.Sum(law => law.Grows == grows ? Math.Exp(law.LogWeight - most) : 0);
        var (steady, growing) = (Sum(grows: false), Sum(grows: true));
        var share = Math.Min(MostSteady, steady / (steady + growing));
        var sum = 0.0;
        for (var i = 0; i < until.Length; i++)
        {
            var (of, part) = laws[i].Grows ? (growing, 1 - share) : (steady, share);
            until[i] = sum += of > 0 ? part * Math.Exp(laws[i].LogWeight - most) / of : 0;
        }

        return Array.ConvertAll(until, value => value / sum);
    }

    /// <summary>By Wilson and Hilferty, Proceedings of the National Academy of Sciences 17 (1931).</summary>
    private static double ChiSquare(double freedom, SplitMix random)
    {
        var spread = 2 / (9 * freedom);
        var root = Math.Max(0.3, 1 - spread + (Math.Sqrt(spread) * random.Normal()));
        return freedom * root * root * root;
    }

    private double[] Sizes(double[] history)
    {
        var sizes = new double[history.Length];
        var last = history.First(double.IsFinite);
        for (var day = 0; day < sizes.Length; day++)
        {
            var (sum, known) = (0.0, 0);
            for (var near = Math.Max(0, day - Around); near <= Math.Min(sizes.Length - 1, day + Around); near++)
            {
                (sum, known) = double.IsFinite(history[near]) ? (sum + history[near], known + 1) : (sum, known);
            }

            last = known > 0 ? sum / known : last;
            sizes[day] = last + _leastSize;
        }

        return sizes;
    }

    /// <summary>How weekdays are off the mean of the week around them, as shares of the level; their mean is 0. Nothing is said of them before two weeks were seen.</summary>
    private static double[] Weekdays(double[] history, double[] sizes)
    {
        var (off, seen) = (new double[Week], new int[Week]);
        for (var day = Week / 2; day < history.Length - (Week / 2) && history.Length >= 2 * Week; day++)
        {
            var mean = history.AsSpan(day - (Week / 2), Week).ToArray().Average();
            if (double.IsFinite(mean) && sizes[day] > 0)
            {
                off[day % Week] += (history[day] - mean) / sizes[day];
                seen[day % Week]++;
            }
        }

        for (var weekday = 0; weekday < Week; weekday++)
        {
            off[weekday] /= seen[weekday] + WeekdayPrior;
        }

        var rest = off.Average();
        return Array.ConvertAll(off, value => value - rest);
    }
}
