using System.Collections.Immutable;

namespace Headroom.Analytics.Forecasting.Tracking;

/// <summary>How one issued forecast and the models behind it did once the truth was there. Sums, so that many forecasts add up.</summary>
/// <param name="IssuedAt">Unit: microseconds since the Unix epoch, UTC.</param>
/// <param name="Models">The published forecast first, under <see cref="Published"/>.</param>
public sealed record TrackScore(long IssuedAt, ImmutableArray<ModelScore> Models)
{
    /// <summary>The name of what was published, whichever models it was made of.</summary>
    public const string Published = "published";

    /// <summary>Scores what is known of the truth.</summary>
    /// <param name="history">What the forecast knew, oldest first; NaN is a gap.</param>
    /// <param name="actual">One value per step ahead; NaN where nothing came.</param>
    /// <param name="season">The scale is the mean absolute difference over this many steps of the history, as in MASE (Hyndman and Koehler, International Journal of Forecasting 22 (2006)).</param>
    /// <param name="stepsPerSpan">Leads are summed by spans of this many steps.</param>
    /// <returns>Null where nothing of the truth is known, or where the history never differed from its season before: no scale.</returns>
    public static TrackScore? Of(IssuedPaths issued, ReadOnlySpan<double> history, ReadOnlySpan<double> actual, int season, int stepsPerSpan)
    {
        ArgumentNullException.ThrowIfNull(issued);
        var (scale, known) = (Scale(history, season), Gaps.CountKnown(actual));
        if (!(scale > 0) || known == 0)
        {
            return null;
        }

        var models = ImmutableArray.CreateBuilder<ModelScore>(1 + issued.Models.Length);
        models.Add(new(Published, Spans(issued.Mean, issued.Bands, actual, scale, stepsPerSpan)));
        foreach (var model in issued.Models)
        {
            models.Add(new(model.Model, Spans(model.Mean, [], actual, scale, stepsPerSpan)));
        }

        return new(issued.IssuedAt, models.MoveToImmutable());
    }

    private static double Scale(ReadOnlySpan<double> history, int season)
    {
        var (sum, count) = (0.0, 0);
        for (var t = season; t < history.Length; t++)
        {
            var difference = Math.Abs(history[t] - history[t - season]);
            (sum, count) = double.IsFinite(difference) ? (sum + difference, count + 1) : (sum, count);
        }

        return count == 0 ? double.NaN : sum / count;
    }

    private static ImmutableArray<SpanScore> Spans(ImmutableArray<double> mean, ImmutableArray<ForecastBand> bands, ReadOnlySpan<double> actual, double scale, int stepsPerSpan)
    {
        var spans = ImmutableArray.CreateBuilder<SpanScore>((mean.Length + stepsPerSpan - 1) / stepsPerSpan);
        for (var from = 0; from < mean.Length; from += stepsPerSpan)
        {
            var (known, absolute, signed, pinball) = (0, 0.0, 0.0, 0.0);
            var inside = new int[bands.Length];
            for (var lead = from; lead < Math.Min(mean.Length, from + stepsPerSpan); lead++)
            {
                var error = (actual[lead] - mean[lead]) / scale;
                if (!double.IsFinite(error))
                {
                    continue;
                }

                (known, absolute, signed) = (known + 1, absolute + Math.Abs(error), signed + error);
                pinball += Pinball(bands, lead, actual[lead], error, scale);
                for (var b = 0; b < bands.Length; b++)
                {
                    inside[b] += actual[lead] >= bands[b].Low[lead] && actual[lead] <= bands[b].High[lead] ? 1 : 0;
                }
            }

            spans.Add(new(known, absolute, signed, bands.IsEmpty ? null : pinball, [.. bands.Zip(inside, (band, count) => new LevelCount(band.Level, count))]));
        }

        return spans.MoveToImmutable();
    }

    /// <summary>Twice the pinball loss, averaged over the bounds and the middle.</summary>
    private static double Pinball(ImmutableArray<ForecastBand> bands, int lead, double actual, double error, double scale)
    {
        var sum = Math.Abs(error);
        foreach (var band in bands)
        {
            var tail = (1 - band.Level) / 2;
            sum += 2 * (Loss(actual - band.Low[lead], tail) + Loss(actual - band.High[lead], 1 - tail)) / scale;
        }

        return sum / (1 + (2 * bands.Length));
    }

    private static double Loss(double over, double quantile) => over >= 0 ? quantile * over : (quantile - 1) * over;
}

/// <param name="Model">A name in the catalog, or <see cref="TrackScore.Published"/>.</param>
/// <param name="Spans">The nearest first.</param>
public sealed record ModelScore(string Model, ImmutableArray<SpanScore> Spans);

/// <summary>Sums over the known steps of a span, in units of the forecast's scale.</summary>
/// <param name="Signed">Actual minus mean: above zero where the forecast was too low.</param>
/// <param name="Pinball">Null: the model has no bands of its own.</param>
/// <param name="Inside">How many steps each band held.</param>
public sealed record SpanScore(int Known, double Absolute, double Signed, double? Pinball, ImmutableArray<LevelCount> Inside);

/// <param name="Level">Of a band, in (0, 1).</param>
public readonly record struct LevelCount(double Level, int Count);
