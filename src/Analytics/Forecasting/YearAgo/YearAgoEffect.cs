using Headroom.Analytics.Forecasting.Intervals;

namespace Headroom.Analytics.Forecasting.YearAgo;

/// <summary>What came a year ago next to what the weeks before it let expect, laid over a path as far as the past bears it out: holidays of fixed date, quiet and busy times of the year.</summary>
/// <remarks>
/// f[h] = 1 + b x[h]; x[h] is what came on the days around the same weekday 52 weeks ago over what the four weeks before had on those weekdays, less one: a ratio to a moving mean (Macaulay 1931), known from one side only.
/// b is the share of x that showed in the errors made from past origins, by a regression through the origin with a normal prior (Lindley and Smith, Journal of the Royal Statistical Society B 34 (1972)):
/// a single year says little by itself. The prior is what days of many series showed; measured with bench/forecast.
/// </remarks>
internal sealed class YearAgoEffect
{
    private const int WeeksBefore = 4;
    private const double MostOff = 1;
    private const double UsualShare = 0.35;
    private const double DeviationOfShare = 0.25;

    /// <summary>Errors this many weeks apart are taken to be independent.</summary>
    private const int WeeksTogether = 2;

    private readonly double[]?[] _past;
    private readonly double[] _ahead;

    private YearAgoEffect(double[]?[] past, double[] ahead, double share) => (_past, _ahead, Share) = (past, ahead, share);

    /// <summary>How much of last year's departure is expected again, 0 to 1.</summary>
    public double Share { get; }

    /// <summary>The shortest history that shows what came a year ago and the weeks before it.</summary>
    /// <param name="year">In steps; with <paramref name="week"/>, 365 and 7.</param>
    public static int NeedsAtLeast(int year, int week) => (year / week * week) + (WeeksBefore * week);

    /// <param name="past">What the blend missed by without it.</param>
    /// <returns>Null where no year is among the seasons, where it was not seen, and where values may be negative: a ratio would say nothing.</returns>
    public static YearAgoEffect? Learn(ReadOnlySpan<double> history, ForecastSpec spec, PastErrors past)
    {
        if (!spec.NonNegative || spec.Seasons.Length == spec.Nested.Length)
        {
            return null;
        }

        var (week, year) = (spec.Nested[^1], spec.Seasons[spec.Nested.Length]);
        if (Departures(history, history.Length, year, week, spec.Horizon) is not { } ahead)
        {
            return null;
        }

        var known = new double[]?[past.Origins];
        for (var origin = 0; origin < known.Length; origin++)
        {
            known[origin] = Departures(history, past.LengthAt(origin), year, week, spec.Horizon);
        }

        return new(known, ahead, ShareOf(history, past, known, week));
    }

    public void Over(Span<double> mean)
    {
        for (var lead = 0; lead < mean.Length; lead++)
        {
            mean[lead] *= Factor(_ahead[lead]);
        }
    }

    /// <summary>What would have been missed by with it.</summary>
    public PastErrors Over(PastErrors past, ReadOnlySpan<double> history) =>
        past.Times(history, (origin, lead) => _past[origin] is { } departures ? Factor(departures[lead]) : 1);

    private double Factor(double departure) => 1 + (Share * departure);

    /// <summary>By lead, in shares; null where the year ago or the weeks before it are not known as of this length.</summary>
    private static double[]? Departures(ReadOnlySpan<double> history, int length, int year, int week, int horizon)
    {
        var (at, reach) = (length - (year / week * week), week / 3);
        if (length < NeedsAtLeast(year, week) || at + horizon + reach > length)
        {
            return null;
        }

        var usual = Usual(history, at, week);
        var departures = new double[horizon];
        for (var lead = 0; lead < horizon; lead++)
        {
            var (came, due) = (0.0, 0.0);
            for (var near = lead - reach; near <= lead + reach; near++)
            {
                var (value, expected) = (history[at + near], usual[(near + week) % week]);
                (came, due) = double.IsFinite(value) && double.IsFinite(expected) ? (came + value, due + expected) : (came, due);
            }

            departures[lead] = due > 0 ? Math.Clamp((came / due) - 1, -MostOff, MostOff) : 0;
        }

        return departures;
    }

    /// <summary>The mean of the weeks before, place by place; NaN where none is known.</summary>
    private static double[] Usual(ReadOnlySpan<double> history, int at, int week)
    {
        var usual = new double[week];
        for (var place = 0; place < week; place++)
        {
            var (sum, count) = (0.0, 0);
            for (var back = 1; back <= WeeksBefore; back++)
            {
                var value = history[at - (back * week) + place];
                (sum, count) = double.IsFinite(value) ? (sum + value, count + 1) : (sum, count);
            }

            usual[place] = sum / count;
        }

        return usual;
    }

    private static double ShareOf(ReadOnlySpan<double> history, PastErrors past, double[]?[] known, int week)
    {
        var (products, squares, left, count) = (0.0, 0.0, 0.0, 0);
        for (var origin = 0; origin < known.Length; origin++)
        {
            var errors = past.Of(origin);
            for (var lead = 0; lead < errors.Length; lead++)
            {
                if (!double.IsFinite(errors[lead]) || history[past.LengthAt(origin) + lead] - errors[lead] is not (> 0 and var mean))
                {
                    continue;
                }

                var (missed, departure) = (Math.Clamp(errors[lead] / mean, -MostOff, MostOff), known[origin]?[lead] ?? 0);
                (products, squares, left, count) = (products + (missed * departure), squares + (departure * departure), left + (missed * missed), count + 1);
            }
        }

        var prior = 1 / (DeviationOfShare * DeviationOfShare);
        var worth = left > 0 ? past.Independent / past.Origins / (WeeksTogether * week) * count / left : 0;
        return Math.Clamp(((worth * products) + (prior * UsualShare)) / ((worth * squares) + prior), 0, 1);
    }
}
