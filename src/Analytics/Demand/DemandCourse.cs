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

/// <summary>One way in which demand may move, and what the days leave possible of its line.</summary>
/// <param name="LogWeight">How well it explains the days, beside the others.</param>
/// <param name="Variance">Of a day's scatter, as a share of the level, squared.</param>
/// <param name="Freedom">Of what <paramref name="Variance"/> is known from.</param>
/// <param name="Level">Of the line on the last day.</param>
/// <param name="Growth">Of the line, a day.</param>
internal readonly record struct CourseLaw(CourseFilter Filter, double LogWeight, double Variance, double Freedom, double Level, double Growth, double GrowthVariance)
{
    public bool Grows => GrowthVariance > 0;

    /// <summary>By how much the level is less where growth is one more.</summary>
    public double LevelPerGrowth => Filter.LevelAt(1) - Filter.LevelAt(0);

    /// <summary>Of the level where growth is known, over <see cref="Variance"/>.</summary>
    public double LevelVariance => 1 / Filter.LevelInformation;

    /// <summary>The wave of the last day around a line.</summary>
    public double Wave(double level, double growth) => Filter.State - (level * Filter.LevelState) - (growth * Filter.GrowthState);
}

/// <summary>What a Kalman filter leaves of days and of a line through them. Unit of variances: that of the scatter of a day.</summary>
/// <param name="Kept">Share of a wave that is left a day later.</param>
/// <param name="Days">Known ones.</param>
/// <param name="LogDeterminant">Of the days, given a line whose level is not known.</param>
/// <param name="Squares">Of the days, less what a level explains.</param>
/// <param name="LevelInformation">Weighted squares of the level's share in the days.</param>
/// <param name="GrowthInformation">The same of growth, less what a level explains.</param>
/// <param name="GrowthScore">Weighted products of days and growth, less what a level explains.</param>
/// <param name="LevelMean">The level that explains the days best without growth.</param>
/// <param name="LevelSlope">How it falls with growth.</param>
/// <param name="State">Wave of the last day as if there were no line; the next two: of the level's and growth's share in the days.</param>
/// <param name="StateVariance">Of the wave of the last day.</param>
internal sealed record CourseFilter(
    double Kept,
    double WaveVariance,
    int Days,
    double LogDeterminant,
    double Squares,
    double LevelInformation,
    double GrowthInformation,
    double GrowthScore,
    double LevelMean,
    double LevelSlope,
    double State,
    double LevelState,
    double GrowthState,
    double StateVariance)
{
    public double LevelAt(double growth) => LevelMean + (LevelSlope * growth);

    /// <param name="shares">Days as shares of <paramref name="sizes"/>, weekdays taken out; NaN is a gap.</param>
    /// <param name="kept">1: waves begin at none, as the level is free to be where they began.</param>
    public static CourseFilter Run(double[] shares, double[] sizes, double kept, double waveVariance)
    {
        var variance = kept < 1 ? waveVariance / (1 - (kept * kept)) : 0;
        var (state, levelState, growthState) = (0.0, 0.0, 0.0);
        var (days, log, zz, za, zb, aa, ab, bb) = (0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for (var day = 0; day < shares.Length; day++)
        {
            if (day > 0)
            {
                (state, levelState, growthState) = (kept * state, kept * levelState, kept * growthState);
                variance = (kept * kept * variance) + waveVariance;
            }

            if (double.IsFinite(shares[day]))
            {
                var (z, a, b) = (shares[day] - state, (1 / sizes[day]) - levelState, ((day - shares.Length + 1) / sizes[day]) - growthState);
                var (spread, gain) = (variance + 1, variance / (variance + 1));
                (days, log) = (days + 1, log + Math.Log(spread));
                (zz, za, zb) = (zz + (z * z / spread), za + (z * a / spread), zb + (z * b / spread));
                (aa, ab, bb) = (aa + (a * a / spread), ab + (a * b / spread), bb + (b * b / spread));
                (state, levelState, growthState) = (state + (gain * z), levelState + (gain * a), growthState + (gain * b));
                variance *= 1 - gain;
            }
        }

        if (aa <= 0)
        {
            return new(kept, waveVariance, days, log, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0);
        }

        return new(
            kept, waveVariance, days, log + Math.Log(aa), Math.Max(0, zz - (za * za / aa)), aa, Math.Max(0, bb - (ab * ab / aa)), zb - (ab * za / aa), za / aa, -ab / aa, state, levelState, growthState, variance);
    }
}
