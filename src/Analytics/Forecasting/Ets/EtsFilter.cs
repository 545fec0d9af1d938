namespace Headroom.Analytics.Forecasting.Ets;

/// <summary>Runs one model of the family over a series and continues it.</summary>
/// <remarks>Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008), chapters 2 and 5; the recursion of R's `forecast::ets`, which is one for both kinds of error.</remarks>
internal static class EtsFilter
{
    private const double Impossible = 1e300;

    /// <summary>Minus twice the logarithm of the likelihood, up to a constant that all models of one series share. Source: ibid., equation 5.3.</summary>
    /// <param name="season">One value per place, that of the first step first; left as it is at the end, the step after the last one first.</param>
    /// <param name="level">As it is at the end.</param>
    public static double Run(
        ReadOnlySpan<double> values, EtsForm form, in EtsParameters with, Span<double> season, out double level, out double slope)
    {
        if (form is { Error: EtsError.Additive, Season: EtsSeason.None })
        {
            return RunPlain(values, form, with, out level, out slope);
        }

        (level, slope) = (with.Level, form.Trend == EtsTrend.None ? 0 : with.Slope);
        var pull = form.Trend == EtsTrend.None ? 0 : with.Beta / with.Alpha;
        var relative = form.Error == EtsError.Multiplicative;
        var (squares, product, logs, place) = (0.0, 1.0, 0.0, 0);
        foreach (var value in values)
        {
            var carried = with.Phi * slope;
            var expected = level + carried;
            var now = form.Season == EtsSeason.None ? 0 : season[place];
            var (fitted, adjusted) = form.Season switch
            {
                EtsSeason.None => (expected, value),
                EtsSeason.Additive => (expected + now, value - now),
                _ => (expected * now, value / now),
            };
            var error = value - fitted;
            if (relative)
            {
                if (!(fitted > 0))
                {
                    return Impossible;
                }

                error /= fitted;
                product *= fitted;
                if (product is > 1e100 or < 1e-100)
                {
                    (logs, product) = (logs + Math.Log(product), 1);
                }
            }

            squares += error * error;
            var before = level;
            level = expected + (with.Alpha * (adjusted - expected));
            slope = carried + (pull * (level - before - carried));
            if (form.Season != EtsSeason.None)
            {
                var seen = form.Season == EtsSeason.Additive ? value - expected : value / expected;
                season[place] = now + (with.Gamma * (seen - now));
                place = place + 1 == season.Length ? 0 : place + 1;
            }
        }

        Turn(season, place);
        var likelihood = (values.Length * Math.Log(Math.Max(squares, double.Epsilon))) + (2 * (logs + Math.Log(product)));
        return double.IsFinite(likelihood) ? likelihood : Impossible;
    }

    /// <summary>The same without season and with an additive error, which is what is run most.</summary>
    private static double RunPlain(ReadOnlySpan<double> values, EtsForm form, in EtsParameters with, out double level, out double slope)
    {
        (level, slope) = (with.Level, form.Trend == EtsTrend.None ? 0 : with.Slope);
        var (alpha, beta, phi, squares) = (with.Alpha, form.Trend == EtsTrend.None ? 0 : with.Beta, with.Phi, 0.0);
        foreach (var value in values)
        {
            var carried = phi * slope;
            var error = value - level - carried;
            squares += error * error;
            level += carried + (alpha * error);
            slope = carried + (beta * error);
        }

        var likelihood = values.Length * Math.Log(Math.Max(squares, double.Epsilon));
        return double.IsFinite(likelihood) ? likelihood : Impossible;
    }

    /// <summary>The mean path: level + (phi + ... + phi^h) slope, with the season of the step.</summary>
    public static void Continue(EtsForm form, double phi, double level, double slope, ReadOnlySpan<double> season, Span<double> path)
    {
        var (reach, power) = (0.0, 1.0);
        for (var h = 0; h < path.Length; h++)
        {
            power *= phi;
            reach += power;
            var expected = form.Trend == EtsTrend.None ? level : level + (reach * slope);
            path[h] = form.Season switch
            {
                EtsSeason.None => expected,
                EtsSeason.Additive => expected + season[h % season.Length],
                _ => expected * season[h % season.Length],
            };
        }
    }

    private static void Turn(Span<double> season, int first)
    {
        if (first > 0)
        {
            Span<double> turned = stackalloc double[season.Length];
            season[first..].CopyTo(turned);
            season[..first].CopyTo(turned[(season.Length - first)..]);
            turned.CopyTo(season);
        }
    }
}
