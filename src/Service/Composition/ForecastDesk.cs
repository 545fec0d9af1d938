using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Events;
using Headroom.Analytics.Forecasting.Series;
using Headroom.Analytics.Forecasting.Tracking;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Storage;

namespace Headroom.Service.Composition;

/// <summary>Issues forecasts of a center's pools and keeps them: an issued forecast is read again, never made again.</summary>
/// <param name="ahead">What is known of the hours ahead of a pool's served demand; asked only where a forecast is made.</param>
internal sealed class ForecastDesk(IStore store, CenterDefinition center, long asOf, bool mayIssue, Func<PoolId, ImmutableArray<KnownEvent>> ahead)
{
    private const int Day = 24;
    private const int Week = 7 * Day;

    /// <summary>Steps ahead. Unit: hours.</summary>
    internal const int Horizon = Week;

    /// <summary>Fewer known hours than this are no history.</summary>
    private const int LeastHistory = 2 * Day;

    /// <summary>Past origins on which the bands are tested, two days apart: their weeks overlap, so that more of them tell little more.</summary>
    private const int TestedOrigins = 4;

    /// <summary>U3 and served demand of every pool that has them, from whole hours before <paramref name="issuedAt"/>.</summary>
    public async Task<ImmutableArray<ForecastView>> ViewsAsync(IEnumerable<PoolHour> hours, long issuedAt, CancellationToken cancellationToken)
    {
        var views = ImmutableArray.CreateBuilder<ForecastView>();
        foreach (var pool in hours.Where(hour => hour.HourStart < issuedAt).GroupBy(hour => hour.Pool))
        {
            var history = pool.OrderBy(hour => hour.HourStart).ToList();
            await AddAsync(views, Series(history, MetricCatalog.U3.Id, MetricUnit.Share, hour => ValueOf(hour, MetricCatalog.U3.Id), capacity: 1), issuedAt, cancellationToken);
            await AddAsync(views, Series(history, MetricCatalog.DServed.Id, MetricUnit.Devices, hour => ValueOf(hour, MetricCatalog.DServed.Id), capacity: Installed(history[^1])), issuedAt, cancellationToken);
        }

        return views.DrainToImmutable();
    }

    private async Task AddAsync(ImmutableArray<ForecastView>.Builder views, PoolSeries series, long issuedAt, CancellationToken cancellationToken)
    {
        if (series.Points.Count(point => point.Value is not null) < LeastHistory)
        {
            return;
        }

        var key = TrackDesk.Key(series.Pool, series.Metric, issuedAt);
        var issued = await store.FindIssuedAsync(center.Id, key, asOf, cancellationToken);
        if (issued is not null)
        {
            views.Add(JsonSerializer.Deserialize<ForecastView>(issued)!);
        }
        else if (mayIssue && asOf == Instants.Never)
        {
            var lost = await new TrackDesk(store, center, asOf).LostAsync(series.Pool, series.Metric, issuedAt, cancellationToken);
            var (view, alone) = Issue(series, lost, series.Metric == MetricCatalog.DServed.Id ? ahead(series.Pool) : []);
            await store.KeepIssuedAsync(center.Id, TrackDesk.AloneKey(key), JsonSerializer.Serialize(alone), cancellationToken);
            await store.KeepIssuedAsync(center.Id, key, JsonSerializer.Serialize(view), cancellationToken);
            views.Add(view);
        }
    }

    private static PoolSeries Series(List<PoolHour> history, MetricId metric, MetricUnit unit, Func<PoolHour, double?> value, double? capacity)
    {
        var byHour = history.ToDictionary(hour => hour.HourStart);
        var points = ImmutableArray.CreateBuilder<SeriesPoint>();
        for (var hour = history[0].HourStart; hour <= history[^1].HourStart; hour += Micros.PerHour)
        {
            points.Add(new(hour, byHour.TryGetValue(hour, out var known) ? value(known) : null));
        }

        return new(history[0].Pool, metric, unit, points.DrainToImmutable(), capacity);
    }

    /// <summary>What is forecast of a pool's hour; null: not known well enough.</summary>
    internal static double? ValueOf(PoolHour hour, MetricId metric) =>
        metric == MetricCatalog.U3.Id ? hour.Weighed.U3.Point : hour.Devices.U1s.Coverage >= MetricValue.BoundsOnlyBelow ? (double)hour.Devices.Allocated / Micros.PerHour : null;

    private static double Installed(PoolHour hour) => (double)hour.Devices.Installed / Micros.PerHour;

    private static (ForecastView Published, ImmutableArray<ModelPath> Alone) Issue(PoolSeries series, ImmutableSortedSet<string> lost, ImmutableArray<KnownEvent> events)
    {
        var values = series.Points.Select(point => point.Value ?? double.NaN).ToArray();
        var spec = SpecOf(values.Length);
        var catalog = ForecasterCatalog.Default.Without(lost);
        var options = new SeriesOptions(Horizon, spec.Seasons, spec.NonNegative) { Levels = spec.Levels, Catalog = catalog, Events = events, AssumeHolidays = true };
        var forecasted = (SeriesAnswer.Forecasted)SeriesForecaster.Run([.. series.Points.Select(point => point.Instant)], values, options);
        var result = forecasted.Result;
        var alone = Forecast.Alone(values, spec, ForecasterCatalog.Default);
        var end = series.Points[^1].Instant;
        var most = series.Unit == MetricUnit.Share ? 1 : double.MaxValue;
        var steps = Enumerable.Range(0, Horizon).Select(step => new ForecastStep(
            end + ((step + 1) * Micros.PerHour),
            Math.Min(most, result.Mean[step]),
            [.. result.Bands.Select(band => new Band((int)Math.Round(band.Level * 100), Math.Min(most, band.Low[step]), Math.Min(most, band.High[step])))]));
        ForecastView view = new(
            series.Pool,
            series.Metric,
            series.Unit,
            series.Points,
            [.. steps],
            result.Forecaster,
            ForecastReason.Of(result.WhyThisOne, lost, events, forecasted.AssumedHolidays),
            series.Capacity,
            Test(values, catalog));
        return (view, [.. alone.Select(path => path with { Mean = [.. path.Mean.Select(value => Short(Math.Min(most, value)))] })]);
    }

    /// <summary>Five digits are enough to score by, and a fifth of the room.</summary>
    private static double Short(double value) => double.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static ForecastSpec SpecOf(int length) => new(Horizon, length >= 2 * Week ? [Day, Week] : [Day]) { NonNegative = true };

    // Would the bands have held what came? Asked from past origins, each of which knew only its past.
    private static ImmutableArray<BandTest> Test(double[] values, ForecasterCatalog catalog) =>
    [
        .. Enumerable.Range(0, TestedOrigins)
            .Select(origin => values.Length - Horizon - (origin * 2 * Day))
            .Where(known => known >= 2 * Week && values.Take(known).Any(double.IsFinite))
            .AsParallel()
            .AsOrdered()
            .SelectMany(known => Held(values, known, catalog))
            .AsSequential()
            .GroupBy(test => test.Level)
            .OrderBy(level => level.Key)
            .Select(level => new BandTest(level.Key, level.Sum(test => test.Inside), level.Sum(test => test.Of)))
            .Where(test => test.Of > 0),
    ];

    private static IEnumerable<BandTest> Held(double[] values, int known, ForecasterCatalog catalog)
    {
        var to = values.AsSpan(known, Horizon);
        var tests = new List<BandTest>();
        foreach (var band in Forecast.Run(values.AsSpan(0, known), SpecOf(known), catalog).Bands)
        {
            var (inside, of) = (0L, 0L);
            for (var step = 0; step < Horizon; step++)
            {
                of += double.IsFinite(to[step]) ? 1 : 0;
                inside += to[step] >= band.Low[step] && to[step] <= band.High[step] ? 1 : 0;
            }

            tests.Add(new((int)Math.Round(band.Level * 100), inside, of));
        }

        return tests;
    }

    private sealed record PoolSeries(PoolId Pool, MetricId Metric, MetricUnit Unit, ImmutableArray<SeriesPoint> Points, double? Capacity);
}
