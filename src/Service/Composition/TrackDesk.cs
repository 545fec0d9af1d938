using System.Collections.Immutable;
using System.Text.Json;
using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Tracking;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Storage;

namespace Headroom.Service.Composition;

/// <summary>Scores issued forecasts once their last hour is known, and keeps the scores: a score is made once, from what was known then.</summary>
internal sealed class TrackDesk(IStore store, CenterDefinition center, long asOf)
{
    private const int Day = 24;
    private const string Forecasts = "forecast/";
    private const string Scores = "forecast-score/";
    private const string Models = "forecast-models/";

    /// <summary>Of the hours ahead; a forecast of which less is known is not scored.</summary>
    private const double LeastKnown = 0.5;

    /// <summary>Kept later than this after the end of its history, a forecast was made afterwards.</summary>
    private const long InTime = 2 * Micros.PerDay;

    public static string Key(PoolId pool, MetricId metric, long issuedAt) => $"{Forecasts}{pool}/{metric}/{Instants.ToText(issuedAt)}";

    public static bool IsForecast(string key) => key.StartsWith(Forecasts, StringComparison.Ordinal);

    /// <summary>Where what each model said alone is kept.</summary>
    public static string AloneKey(string key) => Models + key[Forecasts.Length..];

    /// <summary>Who lost the place by what had been scored when a forecast is issued.</summary>
    public async Task<ImmutableSortedSet<string>> LostAsync(PoolId pool, MetricId metric, long issuedAt, CancellationToken cancellationToken)
    {
        var scores = new List<TrackScore>();
        foreach (var note in await store.ListIssuedAsync(center.Id, $"{Scores}{pool}/{metric}/", asOf, cancellationToken))
        {
            scores.Add((await FindAsync<ScoredForecast>(note.Key, cancellationToken))!.Score);
        }

        // A forecast that is made afterwards must not know how later ones did.
        return Places.Lost([.. scores.Where(score => score.IssuedAt + (ForecastDesk.Horizon * Micros.PerHour) <= issuedAt)], issuedAt);
    }

    /// <summary>Every score of the center, after what has come due is scored.</summary>
    /// <param name="hoursOf">Reads the pool-hours of local days [from, until) that are over.</param>
    /// <param name="now">Forecasts whose last hour is later are not scored yet.</param>
    /// <param name="mayKeep">False on a store opened to read: new scores are told and not kept.</param>
    public async Task<TrackReading> ReadAsync(Func<DateOnly, DateOnly, Task<IReadOnlyList<PoolHour>>> hoursOf, long now, bool mayKeep, CancellationToken cancellationToken)
    {
        var kept = (await store.ListIssuedAsync(center.Id, Scores, asOf, cancellationToken)).Select(note => note.Key[Scores.Length..]).ToHashSet(StringComparer.Ordinal);
        var notes = await store.ListIssuedAsync(center.Id, Forecasts, asOf, cancellationToken);
        var (scored, open, due) = (new List<ScoredForecast>(), 0, new List<(IssuedNote Note, ForecastView View)>());
        foreach (var note in notes)
        {
            if (kept.Contains(note.Key[Forecasts.Length..]))
            {
                scored.Add((await FindAsync<ScoredForecast>(Scores + note.Key[Forecasts.Length..], cancellationToken))!);
            }
            else if (await FindAsync<ForecastView>(note.Key, cancellationToken) is { Steps.IsEmpty: false } view && EndOf(view) <= now)
            {
                due.Add((note, view));
            }
            else
            {
                open++;
            }
        }

        var truth = await TruthAsync(due.ConvertAll(entry => entry.View), hoursOf);
        foreach (var (note, view) in due)
        {
            if (await ScoreAsync(note, view, truth, cancellationToken) is { } score)
            {
                scored.Add(score);
                if (mayKeep)
                {
                    await store.KeepIssuedAsync(center.Id, Scores + note.Key[Forecasts.Length..], JsonSerializer.Serialize(score), cancellationToken);
                }
            }
            else
            {
                open++;
            }
        }

        return new(TablesOf(scored, now), open);
    }

    private static ImmutableArray<TrackedSeries> TablesOf(List<ScoredForecast> scored, long now) =>
    [
        .. scored
            .GroupBy(entry => (entry.Pool, entry.Metric))
            .OrderBy(group => group.Key.Pool.Value, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Metric.Name, StringComparer.Ordinal)
            .Select(group =>
            {
                var scores = group.Select(entry => entry.Score).ToList();
                var issued = scores.Select(score => score.IssuedAt).ToList();
                return new TrackedSeries(
                    group.Key.Pool, group.Key.Metric, new(issued.Min(), issued.Max()), scores.Count, group.Count(entry => entry.MadeAfterwards), TrackTable.Of(scores), Places.Lost(scores, now));
            }),
    ];

    // What came in all the hours that any of the forecasts is about.
    private async Task<Dictionary<(PoolId Pool, long Hour), PoolHour>> TruthAsync(List<ForecastView> due, Func<DateOnly, DateOnly, Task<IReadOnlyList<PoolHour>>> hoursOf)
    {
        if (due.Count == 0)
        {
            return [];
        }

        var clock = center.Clock();
        var (first, last) = (due.Min(view => view.Steps[0].Instant), due.Max(EndOf));
        return (await hoursOf(clock.DayOf(first), clock.DayOf(last - 1).AddDays(1))).ToDictionary(hour => (hour.Pool, hour.HourStart));
    }

    private async Task<ScoredForecast?> ScoreAsync(IssuedNote note, ForecastView view, Dictionary<(PoolId Pool, long Hour), PoolHour> truth, CancellationToken cancellationToken)
    {
        double[] actual = [.. view.Steps.Select(step => (truth.TryGetValue((view.Pool, step.Instant), out var hour) ? ForecastDesk.ValueOf(hour, view.Metric) : null) ?? double.NaN)];
        if (actual.Count(double.IsFinite) < LeastKnown * actual.Length)
        {
            return null;
        }

        var models = await FindAsync<ImmutableArray<ModelPath>?>(AloneKey(note.Key), cancellationToken) ?? [];
        var issuedAt = view.Steps[0].Instant;
        var bands = view.Steps[0].Bands.Select((band, i) => new ForecastBand(
            band.Level / 100.0, [.. view.Steps.Select(step => step.Bands[i].Low)], [.. view.Steps.Select(step => step.Bands[i].High)]));
        var issued = new IssuedPaths(issuedAt, [.. view.Steps.Select(step => step.Mean)], [.. bands], models);
        double[] history = [.. view.History.Select(point => point.Value ?? double.NaN)];
        return TrackScore.Of(issued, history, actual, season: Day, stepsPerSpan: Day) is { } score
            ? new(view.Pool, view.Metric, score, note.Recorded - issuedAt > InTime)
            : null;
    }

    private static long EndOf(ForecastView view) => view.Steps[^1].Instant + Micros.PerHour;

    private async Task<T?> FindAsync<T>(string key, CancellationToken cancellationToken) =>
        await store.FindIssuedAsync(center.Id, key, asOf, cancellationToken) is { } content ? JsonSerializer.Deserialize<T>(content) : default;
}

/// <summary>What is kept of a forecast once it was scored.</summary>
/// <param name="MadeAfterwards">Made from what was known at its instant, but days later: for a day of the past.</param>
internal sealed record ScoredForecast(PoolId Pool, MetricId Metric, TrackScore Score, bool MadeAfterwards);

/// <summary>How the forecasts of a center did.</summary>
/// <param name="Open">Issued and not scored: what they foretell is not known yet.</param>
internal sealed record TrackReading(ImmutableArray<TrackedSeries> Series, int Open);

/// <summary>The forecasts of one pool and metric.</summary>
/// <param name="Issued">From the first to the last scored one.</param>
/// <param name="MadeAfterwards">How many of them were made afterwards.</param>
/// <param name="Rows">What was published first, then each model alone.</param>
/// <param name="Lost">Who is without a place now.</param>
internal sealed record TrackedSeries(
    PoolId Pool, MetricId Metric, Window Issued, int Forecasts, int MadeAfterwards, ImmutableArray<TrackRow> Rows, ImmutableSortedSet<string> Lost);
