using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Randomness;

namespace Headroom.Analytics.Demand;

/// <summary>Futures of daily demand, from a day to years ahead: what saturation, and demand after the observed hours, are made of.</summary>
/// <remarks>
/// Each future continues the whole past, its last half or its last quarter, as <see cref="DemandCourse"/> says: nobody knows for how long what demand did is what it will do.
/// The first two weeks lean towards the forecast that the catalog blends. Measured against other ways in docs/adr/0019-one-way-to-draw-demand.md.
/// </remarks>
internal sealed class DemandPaths
{
    private const int Week = 7;

    /// <summary>Days over which the catalog has something to say, and its share in the first of them.</summary>
    private const int Near = 14;

    private const double NearShare = 0.5;

    private const int ShortestStretch = 28;
    private const int MostStretches = 3;

    private readonly List<DemandCourse> _stretches;
    private readonly double[] _lean;
    private readonly double _deviation;

    /// <param name="history">Daily means, oldest first; NaN is a gap. At least one is known.</param>
    /// <param name="days">1 or more.</param>
    /// <param name="deviation">Standard deviation of the level known now, in the unit of the history.</param>
    public DemandPaths(double[] history, int days, double deviation)
    {
        _stretches = [new(history)];
        for (var length = history.Length / 2; length >= ShortestStretch && _stretches.Count < MostStretches; length /= 2)
        {
            if (history[^length..].Any(double.IsFinite))
            {
                _stretches.Add(new(history[^length..]));
            }
        }

        _deviation = deviation;
        _lean = Lean(history, Math.Min(days, Near));
        Days = days;
    }

    public int Days { get; }

    /// <summary>One future: a value for each day.</summary>
    public double[] Draw(SplitMix random)
    {
        var path = new double[Days];
        var level = _deviation > 0 ? _deviation * random.Normal() : 0;
        _stretches[random.Below(_stretches.Count)].Draw(random, level, path);
        for (var day = 0; day < _lean.Length; day++)
        {
            path[day] = Math.Max(0, path[day] + _lean[day]);
        }

        return path;
    }

    private double[] Lean(double[] history, int days)
    {
        var forecast = Forecast.Run(history, new ForecastSpec(days, Week) { NonNegative = true, Levels = [] }).Mean;
        var lean = new double[days];
        foreach (var course in _stretches)
        {
            var expected = course.Expected(days);
            for (var day = 0; day < days; day++)
            {
                lean[day] += NearShare * (1 - ((double)day / Near)) * (forecast[day] - expected[day]) / _stretches.Count;
            }
        }

        return lean;
    }
}
