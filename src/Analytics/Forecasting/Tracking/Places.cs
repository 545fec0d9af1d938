using System.Collections.Immutable;
using Headroom.Analytics.Forecasting.Series;

namespace Headroom.Analytics.Forecasting.Tracking;

/// <summary>Who has lost the place in the catalog: whoever did worse than repeating the last season in each of the last three months.</summary>
/// <remarks>A model without a place is still run and scored; one month better than the naive and it is back.</remarks>
public static class Places
{
    /// <summary>What everybody is measured against.</summary>
    public const string Naive = SeasonalNaive.SeasonalNaiveForecaster.Id;

    private const int Months = 3;
    private const long Month = 30 * SeriesStep.Day;

    /// <summary>A month with fewer scored forecasts says nothing.</summary>
    private const int LeastForecasts = 7;

    /// <param name="now">Unit: microseconds since the Unix epoch, UTC; scores of forecasts issued later are not looked at.</param>
    /// <returns>Names; <see cref="TrackScore.Published"/> among them where what was published lost, whichever models it was made of.</returns>
    public static ImmutableSortedSet<string> Lost(IReadOnlyCollection<TrackScore> scores, long now)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ImmutableSortedSet<string>? lost = null;
        for (var month = 0; month < Months; month++)
        {
            var until = now - (month * Month);
            var worse = WorseThanNaive([.. scores.Where(score => score.IssuedAt > until - Month && score.IssuedAt <= until)]);
            lost = lost is null ? worse : lost.Intersect(worse);
        }

        return lost!;
    }

    /// <summary>The catalog without those who lost their place; the naive ones stay, and where what was published lost, they alone.</summary>
    public static ForecasterCatalog Without(this ForecasterCatalog catalog, IReadOnlySet<string> lost)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(lost);
        var all = lost.Contains(TrackScore.Published);
        return new([.. catalog.Forecasters.Where(f => f.Name is Naive or LastValue.LastValueForecaster.Id || (!all && !lost.Contains(f.Name)))]);
    }

    private static ImmutableSortedSet<string> WorseThanNaive(ImmutableArray<TrackScore> scores)
    {
        var errors = new Dictionary<string, (double Own, double Naive, int Forecasts)>();
        foreach (var score in scores)
        {
            if (score.Models.FirstOrDefault(model => model.Model == Naive) is not { } naive)
            {
                continue;
            }

            foreach (var model in score.Models.Where(model => model.Model != Naive))
            {
                var sum = errors.GetValueOrDefault(model.Model);
                errors[model.Model] = (sum.Own + Absolute(model), sum.Naive + Absolute(naive), sum.Forecasts + 1);
            }
        }

        return [.. errors.Where(pair => pair.Value.Forecasts >= LeastForecasts && pair.Value.Own > pair.Value.Naive).Select(pair => pair.Key)];
    }

    private static double Absolute(ModelScore model) => model.Spans.Sum(span => span.Absolute);
}
