using System.Collections.Immutable;
using Headroom.Analytics.Forecasting.Intervals;
using Headroom.Analytics.Randomness;
using MathNet.Numerics.Distributions;

namespace Headroom.Analytics.Forecasting.Events;

/// <summary>What is known of the steps ahead beyond the history, laid over a forecast: holidays multiply, events add.</summary>
/// <param name="Factors">By lead; 1 for an ordinary day.</param>
/// <param name="Deviations">By lead: a standard deviation of the factor.</param>
/// <param name="Events">With the lead (0 is the first step ahead, below zero in the past) at which each begins.</param>
internal sealed record KnownFuture(ImmutableArray<double> Factors, ImmutableArray<double> Deviations, ImmutableArray<(KnownEvent Event, int Lead)> Events)
{
    public ForecastResult Over(ForecastResult plain, bool nonNegative)
    {
        var mean = plain.Mean.ToArray();
        for (var lead = 0; lead < mean.Length; lead++)
        {
            mean[lead] = Least((mean[lead] * Factors[lead]) + Added(lead), nonNegative);
        }

        return plain with { Mean = [.. mean], Bands = [.. plain.Bands.Select(band => Band(band, plain.Mean, mean, nonNegative))], Future = this, Plain = plain };
    }

    /// <summary>Whether an event happens, how large it is and what the holidays are like this year are drawn once per path.</summary>
    public SamplePaths Over(SamplePaths plain, bool nonNegative, ulong seed)
    {
        var random = new SplitMix(~seed);
        var values = new double[plain.Count * plain.Horizon];
        for (var path = 0; path < plain.Count; path++)
        {
            var from = plain.Of(path);
            var to = values.AsSpan(path * plain.Horizon, plain.Horizon);
            var year = random.Normal();
            for (var lead = 0; lead < to.Length; lead++)
            {
                to[lead] = from[lead] * Math.Max(0, Factors[lead] + (year * Deviations[lead]));
            }

            foreach (var (known, begins) in Events)
            {
                var amount = random.Share() < known.Probability ? known.Amount * Math.Max(0, 1 + (known.Uncertainty * random.Normal())) : 0;
                for (var lead = Math.Max(0, begins); lead < to.Length; lead++)
                {
                    to[lead] += amount * known.ShareAfter(lead - begins + 1);
                }
            }

            for (var lead = 0; lead < to.Length; lead++)
            {
                to[lead] = Least(to[lead], nonNegative);
            }
        }

        return new(plain.Horizon, values);
    }

    private static double Least(double value, bool nonNegative) => nonNegative ? Math.Max(0, value) : value;

    private double Added(int lead) => Events.Sum(e => e.Event.Probability * e.Event.Amount * e.Event.ShareAfter(lead - e.Lead + 1));

    /// <summary>Variance of what events add, independent of each other and of the rest.</summary>
    private double VarianceAt(int lead) => Events.Sum(e =>
    {
        var (share, known) = (e.Event.ShareAfter(lead - e.Lead + 1) * e.Event.Amount, e.Event);
        return share * share * known.Probability * (1 + (known.Uncertainty * known.Uncertainty) - known.Probability);
    });

    private ForecastBand Band(ForecastBand band, ImmutableArray<double> plain, double[] mean, bool nonNegative)
    {
        var (low, high) = (new double[mean.Length], new double[mean.Length]);
        var normal = Normal.InvCDF(0, 1, (1 + band.Level) / 2);
        for (var lead = 0; lead < mean.Length; lead++)
        {
            var holiday = plain[lead] * Deviations[lead];
            var spread = normal * normal * (VarianceAt(lead) + (holiday * holiday));
            var factor = Factors[lead];
            double Wider(double half) => Math.Sqrt((half * factor * half * factor) + spread);
            low[lead] = Least(mean[lead] - Wider(plain[lead] - band.Low[lead]), nonNegative);
            high[lead] = mean[lead] + Wider(band.High[lead] - plain[lead]);
        }

        return new(band.Level, [.. low], [.. high]);
    }
}
