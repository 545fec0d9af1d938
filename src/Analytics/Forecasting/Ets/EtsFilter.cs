using System.Runtime.Intrinsics;

namespace Headroom.Analytics.Forecasting.Ets;

/// <summary>Runs up to four candidates of one model of the family over a series, each in a lane of its own, and continues a fitted one.</summary>
/// <remarks>Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008), chapters 2 and 5; the recursion of R's `forecast::ets`, which is one for both kinds of error.</remarks>
internal static class EtsFilter
{
    public const int Lanes = 4;

    private const double Impossible = 1e300;

    /// <summary>One candidate alone; see the other.</summary>
    public static double Run(ReadOnlySpan<double> values, EtsForm form, in EtsParameters with, Span<double> season, out double level, out double slope)
    {
        Span<Vector256<double>> seasons = stackalloc Vector256<double>[season.Length];
        for (var place = 0; place < season.Length; place++)
        {
            seasons[place] = Vector256.Create(season[place]);
        }

        Span<double> likelihood = stackalloc double[1];
        Run(values, form, [with], seasons, likelihood, out var levels, out var slopes);
        (level, slope) = (levels[0], slopes[0]);
        for (var place = 0; place < season.Length; place++)
        {
            season[place] = seasons[place][0];
        }

        return likelihood[0];
    }

    /// <summary>Minus twice the logarithm of the likelihood of each candidate, up to a constant that all models of one series share. Source: ibid., equation 5.3.</summary>
    /// <param name="with">One to four candidates.</param>
    /// <param name="season">One value per place, that of the first step first; left as it is at the end, the step after the last one first.</param>
    /// <param name="likelihoods">As many as candidates.</param>
    /// <param name="level">As it is at the end.</param>
    public static void Run(
        ReadOnlySpan<double> values, EtsForm form, ReadOnlySpan<EtsParameters> with, Span<Vector256<double>> season, Span<double> likelihoods, out Vector256<double> level, out Vector256<double> slope)
    {
        Span<double> squares = stackalloc double[Lanes];
        Span<double> logs = stackalloc double[Lanes];
        Span<bool> impossible = stackalloc bool[Lanes];
        if (form is { Error: EtsError.Additive, Season: EtsSeason.None })
        {
            RunPlain(values, form, with, squares, out level, out slope);
        }
        else
        {
            RunAny(values, form, with, season, squares, logs, impossible, out level, out slope);
        }

        for (var lane = 0; lane < likelihoods.Length; lane++)
        {
            var likelihood = (values.Length * Math.Log(Math.Max(squares[lane], double.Epsilon))) + (2 * logs[lane]);
            likelihoods[lane] = double.IsFinite(likelihood) && !impossible[lane] ? likelihood : Impossible;
        }
    }

    /// <param name="logs">Sums of the logarithms of what was fitted, where errors are shares of it.</param>
    /// <param name="impossible">True where shares were to be taken of something not above zero.</param>
    private static void RunAny(
        ReadOnlySpan<double> values, EtsForm form, ReadOnlySpan<EtsParameters> with, Span<Vector256<double>> season, Span<double> squares, Span<double> logs, Span<bool> impossible, out Vector256<double> level, out Vector256<double> slope)
    {
        var (alpha, gamma, phi) = (Each(with, p => p.Alpha), Each(with, p => p.Gamma), Each(with, p => p.Phi));
        var pull = form.Trend == EtsTrend.None ? Vector256<double>.Zero : Each(with, p => p.Beta) / alpha;
        (level, slope) = (Each(with, p => p.Level), form.Trend == EtsTrend.None ? Vector256<double>.Zero : Each(with, p => p.Slope));
        var relative = form.Error == EtsError.Multiplicative;
        var (sum, product, failed, place) = (Vector256<double>.Zero, Vector256<double>.One, Vector256<double>.Zero, 0);
        foreach (var single in values)
        {
            var value = Vector256.Create(single);
            var carried = phi * slope;
            var expected = level + carried;
            var now = form.Season == EtsSeason.None ? Vector256<double>.Zero : season[place];
            var (fitted, adjusted) = form.Season switch
            {
                EtsSeason.None => (expected, value),
                EtsSeason.Additive => (expected + now, value - now),
                _ => (expected * now, value / now),
            };
            var error = value - fitted;
            if (relative)
            {
                failed |= ~Vector256.GreaterThan(fitted, Vector256<double>.Zero);
                error /= fitted;
                product *= fitted;
                if (Vector256.GreaterThanAny(product, Vector256.Create(1e100)) || Vector256.LessThanAny(product, Vector256.Create(1e-100)))
                {
                    Log(ref product, logs);
                }
            }

            sum += error * error;
            var before = level;
            level = expected + (alpha * (adjusted - expected));
            slope = carried + (pull * (level - before - carried));
            if (form.Season != EtsSeason.None)
            {
                var seen = form.Season == EtsSeason.Additive ? value - expected : value / expected;
                season[place] = now + (gamma * (seen - now));
                place = place + 1 == season.Length ? 0 : place + 1;
            }
        }

        Turn(season, place);
        Log(ref product, logs);
        sum.CopyTo(squares);
        for (var lane = 0; lane < Lanes; lane++)
        {
            impossible[lane] = failed.AsInt64()[lane] != 0;
        }
    }

    /// <summary>The same without season and with an additive error, which is what is run most.</summary>
    /// <remarks>Written by what is expected next, l + phi b, and what of it is carried, phi b: the way from one step to the next is shortest so.</remarks>
    private static void RunPlain(ReadOnlySpan<double> values, EtsForm form, ReadOnlySpan<EtsParameters> with, Span<double> squares, out Vector256<double> level, out Vector256<double> slope)
    {
        var (alpha, phi) = (Each(with, p => p.Alpha), Each(with, p => p.Phi));
        var (pull, start) = form.Trend == EtsTrend.None ? default : (phi * Each(with, p => p.Beta), Each(with, p => p.Slope));
        var carried = phi * start;
        var (expected, gain, sum) = (Each(with, p => p.Level) + carried, alpha + pull, Vector256<double>.Zero);
        foreach (var value in values)
        {
            var error = Vector256.Create(value) - expected;
            sum = Vector256.FusedMultiplyAdd(error, error, sum);
            carried *= phi;
            expected = Vector256.FusedMultiplyAdd(gain, error, expected + carried);
            carried = Vector256.FusedMultiplyAdd(pull, error, carried);
        }

        (level, slope) = (expected - carried, carried / phi);
        sum.CopyTo(squares);
    }

    /// <summary>One number of every candidate; lanes without one repeat the last.</summary>
    private static Vector256<double> Each(ReadOnlySpan<EtsParameters> with, Func<EtsParameters, double> number)
    {
        var last = with.Length - 1;
        return Vector256.Create(number(with[0]), number(with[Math.Min(1, last)]), number(with[Math.Min(2, last)]), number(with[Math.Min(3, last)]));
    }

    /// <summary>Products that would outgrow a double become logarithms.</summary>
    private static void Log(ref Vector256<double> product, Span<double> logs)
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            logs[lane] += Math.Log(product[lane]);
        }

        product = Vector256<double>.One;
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

    private static void Turn(Span<Vector256<double>> season, int first)
    {
        if (first > 0)
        {
            Span<Vector256<double>> turned = stackalloc Vector256<double>[season.Length];
            season[first..].CopyTo(turned);
            season[..first].CopyTo(turned[(season.Length - first)..]);
            turned.CopyTo(season);
        }
    }
}
