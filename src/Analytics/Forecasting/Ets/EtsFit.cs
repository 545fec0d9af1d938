using System.Runtime.Intrinsics;
using Headroom.Analytics.Forecasting.Optimizing;

namespace Headroom.Analytics.Forecasting.Ets;

/// <summary>Estimates one model of the family by maximum likelihood: smoothing factors, level and slope at the start. The seasonal start comes from a decomposition.</summary>
/// <remarks>Bounds and starts as in R's `forecast::ets`, method of Hyndman et al. (2002), International Journal of Forecasting 18.</remarks>
internal static class EtsFit
{
    private const int Evaluations = 120;
    private const double Tolerance = 1e-5;
    private const double Least = 1e-4;
    private const double Most = 1 - Least;
    private const double LeastPhi = 0.8;
    private const double MostPhi = 0.98;

    /// <param name="start">The seasonal start by place, from <see cref="Begin"/>; not touched.</param>
    /// <param name="from">Where the search begins; its level and slope are in the unit of the series.</param>
    /// <param name="spread">The size of the series' moves: the unit in which level and slope are searched.</param>
    /// <returns>The parameters and minus twice the log-likelihood, as <see cref="EtsFilter.Run"/> has it.</returns>
    public static (EtsParameters Parameters, double Likelihood) Of(double[] values, EtsForm form, double[] start, EtsParameters from, double spread, int evaluations = Evaluations)
    {
        var n = form.Free;
        Span<double> at = stackalloc double[n];
        Span<double> step = stackalloc double[n];
        Pack(form, from, from, spread, at);
        step.Fill(0.1);
        step[n - (form.Trend == EtsTrend.None ? 1 : 2)] = 0.5;
        var season = new Vector256<double>[form.Season == EtsSeason.None ? 0 : start.Length];
        var tried = new EtsParameters[Simplex.AtOnce];
        var likelihood = Simplex.Minimize(at, step, evaluations, Tolerance, ahead: true, (candidates, costs) =>
        {
            var outside = 0;
            for (var i = 0; i < costs.Length; i++)
            {
                if (!Unpack(form, candidates.Slice(i * n, n), from, spread, out tried[i]))
                {
                    tried[i] = from;
                    outside |= 1 << i;
                }
            }

            for (var place = 0; place < season.Length; place++)
            {
                season[place] = Vector256.Create(start[place]);
            }

            EtsFilter.Run(values, form, tried.AsSpan(0, costs.Length), season, costs, out _, out _);
            for (var i = 0; i < costs.Length; i++)
            {
                costs[i] = (outside & (1 << i)) != 0 ? double.MaxValue : costs[i];
            }
        });
        _ = Unpack(form, at, from, spread, out var parameters);
        return (parameters, likelihood);
    }

    /// <summary>Level and slope by a line through the first values, adjusted for the season.</summary>
    public static EtsParameters Begin(ReadOnlySpan<double> values, EtsForm form, ReadOnlySpan<double> start)
    {
        var count = Math.Min(values.Length, Math.Max(10, form.Season == EtsSeason.None ? 0 : 2 * start.Length));
        var (middle, sum, cross, square) = ((count - 1) / 2.0, 0.0, 0.0, 0.0);
        for (var t = 0; t < count; t++)
        {
            var adjusted = form.Season switch
            {
                EtsSeason.None => values[t],
                EtsSeason.Additive => values[t] - start[t % start.Length],
                _ => values[t] / start[t % start.Length],
            };
            (sum, cross, square) = (sum + adjusted, cross + ((t - middle) * adjusted), square + ((t - middle) * (t - middle)));
        }

        var slope = form.Trend == EtsTrend.None || square == 0 ? 0 : cross / square;
        return new(0.3, 0.03, 0.05, form.Trend == EtsTrend.Damped ? 0.95 : 1, (sum / count) - (slope * (middle + 1)), slope);
    }

    private static void Pack(EtsForm form, in EtsParameters value, in EtsParameters origin, double spread, Span<double> at)
    {
        var i = 0;
        at[i++] = value.Alpha;
        if (form.Trend != EtsTrend.None)
        {
            at[i++] = value.Beta;
        }

        if (form.Season != EtsSeason.None)
        {
            at[i++] = value.Gamma;
        }

        if (form.Trend == EtsTrend.Damped)
        {
            at[i++] = value.Phi;
        }

        at[i++] = (value.Level - origin.Level) / spread;
        if (form.Trend != EtsTrend.None)
        {
            at[i] = (value.Slope - origin.Slope) / spread * 10;
        }
    }

    /// <summary>False outside the usual bounds.</summary>
    private static bool Unpack(EtsForm form, ReadOnlySpan<double> at, in EtsParameters origin, double spread, out EtsParameters value)
    {
        var (i, slope) = (0, 0.0);
        var alpha = at[i++];
        var beta = form.Trend == EtsTrend.None ? 0 : at[i++];
        var gamma = form.Season == EtsSeason.None ? 0 : at[i++];
        var phi = form.Trend == EtsTrend.Damped ? at[i++] : 1;
        var level = origin.Level + (at[i++] * spread);
        if (form.Trend != EtsTrend.None)
        {
            slope = origin.Slope + (at[i] * spread / 10);
        }

        value = new(alpha, beta, gamma, phi, level, slope);
        return alpha is >= Least and <= Most
            && (form.Trend == EtsTrend.None || (beta >= Least && beta <= alpha))
            && (form.Season == EtsSeason.None || (gamma >= Least && gamma <= 1 - alpha))
            && (form.Trend != EtsTrend.Damped || phi is >= LeastPhi and <= MostPhi);
    }
}
