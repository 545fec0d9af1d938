using System.Collections.Immutable;

namespace Headroom.Analytics.Forecasting.Tracking;

/// <summary>Many scored forecasts added up: by model, over all leads and by span.</summary>
public static class TrackTable
{
    /// <summary>The published forecast first, then the models, the least error first.</summary>
    public static ImmutableArray<TrackRow> Of(IReadOnlyCollection<TrackScore> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var rows = scores
            .SelectMany(score => score.Models)
            .GroupBy(model => model.Model)
            .Select(model => new TrackRow(
                model.Key,
                model.Count(),
                TrackFigures.Of(model.SelectMany(entry => entry.Spans)),
                [.. Enumerable.Range(0, model.Max(entry => entry.Spans.Length)).Select(span => TrackFigures.Of(model.Where(entry => span < entry.Spans.Length).Select(entry => entry.Spans[span])))]));
        return [.. rows.OrderBy(row => row.Model != TrackScore.Published).ThenBy(row => row.All.Mase ?? double.MaxValue).ThenBy(row => row.Model, StringComparer.Ordinal)];
    }
}

/// <param name="Forecasts">How many were scored.</param>
/// <param name="Spans">The nearest first.</param>
public sealed record TrackRow(string Model, int Forecasts, TrackFigures All, ImmutableArray<TrackFigures> Spans);

/// <summary>What is null could not be told: no step known, or no bands.</summary>
/// <param name="Mase">Mean absolute error in units of the history's seasonal differences.</param>
/// <param name="Bias">Mean of actual minus forecast, in the same unit: above zero where forecasts were too low.</param>
/// <param name="Pinball">Mean of twice the pinball loss over the bounds and the middle, in the same unit.</param>
/// <param name="Held">Of each level, the share of values inside its band.</param>
public sealed record TrackFigures(int Known, double? Mase, double? Bias, double? Pinball, ImmutableArray<(double Level, double Share)> Held)
{
    public static TrackFigures Of(IEnumerable<SpanScore> spans)
    {
        var (known, absolute, signed, pinball, banded) = (0, 0.0, 0.0, 0.0, 0);
        var inside = new SortedDictionary<double, int>();
        foreach (var span in spans)
        {
            (known, absolute, signed) = (known + span.Known, absolute + span.Absolute, signed + span.Signed);
            (pinball, banded) = span.Pinball is { } loss ? (pinball + loss, banded + span.Known) : (pinball, banded);
            foreach (var (level, count) in span.Inside)
            {
                inside[level] = inside.GetValueOrDefault(level) + count;
            }
        }

        return known == 0
            ? new(0, null, null, null, [])
            : new(known, absolute / known, signed / known, banded == 0 ? null : pinball / banded, [.. inside.Select(pair => (pair.Key, (double)pair.Value / known))]);
    }
}
