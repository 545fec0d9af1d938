using Headroom.Analytics.Forecasting.Combining;

namespace Headroom.Analytics.Forecasting.Intervals;

/// <summary>What a forecaster would have missed by, per past origin and lead: actual minus mean; NaN where the actual is unknown or yet to come.</summary>
internal sealed class PastErrors
{
    /// <summary>Origins that share all they are scored on are taken to be worth this many more than one.</summary>
    private const double LeastFreedom = 0.1;

    private readonly double[] _errors;
    private readonly int[] _lengths;

    private PastErrors(int[] lengths, int horizon)
    {
        var span = lengths.Length == 0 ? 0 : lengths[^1] - lengths[0];
        _lengths = lengths;
        Horizon = horizon;
        Independent = Math.Min(lengths.Length, 1 + ((double)span / horizon));
        _errors = new double[lengths.Length * horizon];
    }

    public int Origins => _lengths.Length;

    public int Horizon { get; }

    /// <summary>How many origins with horizons of their own these are worth; origins less than a horizon apart share what they are scored on.</summary>
    public double Independent { get; }

    /// <summary>How much of the history this origin knew.</summary>
    public int LengthAt(int origin) => _lengths[origin];

    /// <summary>What the forecaster says ahead of the whole history, where that came out on the way; else null.</summary>
    public double[]? Ahead { get; private set; }

    public ReadOnlySpan<double> Of(int origin) => _errors.AsSpan(origin * Horizon, Horizon);

    public static PastErrors Replay(IForecaster forecaster, ReadOnlySpan<double> history, ForecastSpec spec, ReadOnlySpan<int> lengths)
    {
        var past = new PastErrors(lengths.ToArray(), spec.Horizon);
        // Origins that knew nothing come first: lengths rise.
        var blind = 0;
        while (blind < lengths.Length && Gaps.CountKnown(history[..lengths[blind]]) == 0)
        {
            blind++;
        }

        past._errors.AsSpan(0, blind * spec.Horizon).Fill(double.NaN);
        if (blind < lengths.Length)
        {
            past.Forecast(forecaster, history, spec, lengths[blind..], past._errors.AsSpan(blind * spec.Horizon));
        }

        for (var origin = blind; origin < lengths.Length; origin++)
        {
            var errors = past._errors.AsSpan(origin * spec.Horizon, spec.Horizon);
            for (var lead = 0; lead < errors.Length; lead++)
            {
                var at = lengths[origin] + lead;
                var actual = at < history.Length && double.IsFinite(history[at]) ? history[at] : double.NaN;
                errors[lead] = actual - (spec.NonNegative ? Math.Max(0, errors[lead]) : errors[lead]);
            }
        }

        return past;
    }

    private void Forecast(IForecaster forecaster, ReadOnlySpan<double> history, ForecastSpec spec, ReadOnlySpan<int> lengths, Span<double> means)
    {
        var ahead = new double[spec.Horizon];
        if (forecaster is ICarriesOn onward && onward.TryCarryOn(history, lengths, spec, means, ahead))
        {
            Ahead = ahead;
            return;
        }

        forecaster.ForecastFrom(history, lengths, spec, means);
    }

    /// <summary>The past errors of a blend, from those of its members.</summary>
    public static PastErrors Of(Blend blend, PastErrors[] members)
    {
        var past = new PastErrors(members[0]._lengths, members[0].Horizon);
        Span<double> column = stackalloc double[members.Length];
        for (var i = 0; i < past._errors.Length; i++)
        {
            for (var m = 0; m < members.Length; m++)
            {
                column[m] = members[m]._errors[i];
            }

            past._errors[i] = double.IsFinite(column[0]) ? blend.Of(column) : double.NaN;
        }

        return past;
    }

    /// <summary>The past errors of the same paths, each value times a factor.</summary>
    /// <param name="history">What the errors were measured against.</param>
    /// <param name="factor">By origin and lead; 0 or more.</param>
    public PastErrors Times(ReadOnlySpan<double> history, Func<int, int, double> factor)
    {
        var past = new PastErrors(_lengths, Horizon);
        for (var i = 0; i < _errors.Length; i++)
        {
            var (origin, lead) = (i / Horizon, i % Horizon);
            var at = _lengths[origin] + lead;
            past._errors[i] = double.IsFinite(_errors[i]) ? history[at] - ((history[at] - _errors[i]) * factor(origin, lead)) : double.NaN;
        }

        return past;
    }

    /// <summary>The standard error of how much more this one missed by than another, from the spread between origins; larger where few are independent, since then the spread is hardly known itself.</summary>
    /// <remarks>Variance times (n + 1) / (n - 1) for n independent origins, after the tails of Student's t (1908).</remarks>
    public double StandardErrorOver(PastErrors other)
    {
        var (count, mean, squares) = (0, 0.0, 0.0);
        for (var origin = 0; origin < Origins; origin++)
        {
            var mine = Of(origin);
            var theirs = other.Of(origin);
            var (sum, steps) = (0.0, 0);
            for (var lead = 0; lead < Horizon; lead++)
            {
                if (double.IsFinite(mine[lead]))
                {
                    (sum, steps) = (sum + Math.Abs(mine[lead]) - Math.Abs(theirs[lead]), steps + 1);
                }
            }

            if (steps > 0)
            {
                count++;
                var off = (sum / steps) - mean;
                mean += off / count;
                squares += off * ((sum / steps) - mean);
            }
        }

        var independent = Math.Max(1, Math.Min(count, Independent));
        var unsure = 1 + (2 / Math.Max(LeastFreedom, independent - 1));
        return count < 2 ? double.PositiveInfinity : Math.Sqrt(squares / (count - 1) / independent * unsure);
    }

    /// <summary>Mean absolute error over all origins and leads; NaN where nothing could be scored.</summary>
    public double MeanAbsolute()
    {
        var (sum, count) = (0.0, 0);
        foreach (var error in _errors)
        {
            if (double.IsFinite(error))
            {
                (sum, count) = (sum + Math.Abs(error), count + 1);
            }
        }

        return count == 0 ? double.NaN : sum / count;
    }
}
