using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Metrics;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Sections.Tenants;
using Headroom.Service.Composition;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Explaining;

/// <summary>Numbers that no card-hour tells: sizes of jobs that name no device, what was received, the center file, issued forecasts.</summary>
internal sealed class OtherRecounts(IStore store, CenterDevices devices, DailyReportInput input)
{
    private readonly Lazy<HashSet<DeviceId>> _known = new(() => [.. devices.Histories.Select(history => history.Device)]);
    private IReadOnlyList<ReceivedNote>? _notes;

    /// <summary>Null: the number is of another kind.</summary>
    public async Task<Recounted?> FindAsync(Figure figure, CancellationToken cancellationToken) => figure switch
    {
        _ when figure.Cell.StartsWith("forecast.", StringComparison.Ordinal) => await IssuedAsync(figure, cancellationToken),
        { Scope.Part: CountedTenants.Part } => OfJobs(figure),
        { Scope.Part: { } source } when figure.Metric.Name is "Received" or "Accepted" or "Rejected" or "Duplicates" or "Conflicts" => await ReceivedAsync(figure, source, cancellationToken),
        { Scope.Pool: { } pool } when figure.Metric == MetricCatalog.Nameplate.Id => OfFile(figure, devices.Center.Find(pool)?.Nameplate),
        { Scope.Pool: { } pool } when figure.Metric == MetricCatalog.NDeclared.Id => OfFile(figure, devices.Center.Find(pool)?.Devices),
        _ => null,
    };

    private static Recounted OfFile(Figure figure, double? value) =>
        new(RowKind.CenterFile, null, null, value, null, null, null, FigureGap.None, figure.Metric.Name, value is { } known ? [new(figure.Metric.Name, known, figure.Unit)] : []);

    private Recounted OfJobs(Figure figure)
    {
        var (window, knownUntil) = (figure.Window, long.MinValue);
        foreach (var feed in devices.Facts.Coverage)
        {
            knownUntil = feed.Feed == FeedCoverage.Jobs ? Math.Max(knownUntil, feed.Valid.Until) : knownUntil;
        }

        Int128 held = 0;
        var (started, ended, pending) = (0L, 0L, 0L);
        foreach (var job in devices.Facts.Jobs)
        {
            if ((job.Pool ?? devices.Center.FallbackPool) != figure.Scope.Pool
                || (figure.Scope.Tenant is { } tenant && job.Tenant != tenant)
                || job.DeviceIds.Any(_known.Value.Contains))
            {
                continue;
            }

            var last = Math.Min(window.Until, knownUntil);
            if (job.Started is { } start)
            {
                held += (Int128)Math.Max(0, Math.Min(window.Until, job.Ended ?? Math.Max(knownUntil, start)) - Math.Max(window.From, start)) * job.Devices;
                started += start >= window.From && start < window.Until ? 1 : 0;
            }

            ended += job.Ended >= window.From && job.Ended < window.Until ? 1 : 0;
            pending += window.From < last && job.Submitted < last && (job.Started ?? job.Ended ?? long.MaxValue) >= last ? 1 : 0;
        }

        return figure.Metric.Name switch
        {
            "JobsStarted" => Count(started),
            "JobsEnded" => Count(ended),
            "JobsPending" => Count(pending),
            _ => new(
                RowKind.Jobs, held, Micros.PerHour, (double)held / Micros.PerHour, null, null, null, FigureGap.None, "Σ n × t (job)", [new("Allocated", (double)held / Micros.PerHour, MetricUnit.DeviceHours)]),
        };

        Recounted Count(long count) =>
            new(RowKind.Jobs, count, 1, count, null, null, null, FigureGap.None, "Σ 1 (job)", [new(figure.Metric.Name, count, MetricUnit.Count)]);
    }

    private async Task<Recounted?> ReceivedAsync(Figure figure, string source, CancellationToken cancellationToken)
    {
        _notes ??= await store.ReadReceivedAsync(devices.Center.Id, input.AsOf, cancellationToken);
        var reason = figure.Cell.Split(".rejected.") is [_, var word] ? word : null;
        foreach (var kind in _notes.GroupBy(note => (Kind: SourceKind.Of(note.Source), note.Format)))
        {
            if (SourceKind.NameOf(kind.Key.Kind, [.. kind.Select(note => note.Source).Distinct()]) != source)
            {
                continue;
            }

            var count = 0L;
            foreach (var note in kind)
            {
                var rejected = note.Rejected.Where(pair => reason is null || pair.Reason.Word() == reason).Sum(pair => pair.Count);
                count += figure.Metric.Name switch
                {
                    "Received" => note.Received,
                    "Accepted" => note.Accepted,
                    "Rejected" => rejected,
                    "Duplicates" => note.Duplicates,
                    _ => note.Conflicts,
                };
            }

            return new(RowKind.Received, count, 1, count, null, null, null, FigureGap.None, "Σ n (batch)", [new(figure.Metric.Name, count, MetricUnit.Count)]);
        }

        return null;
    }

    // forecast.POOL.METRIC.(peak.DAY|band.LEVEL|capacity), from the issue that was kept for the end of the day, or its begin while it runs.
    private async Task<Recounted?> IssuedAsync(Figure figure, CancellationToken cancellationToken)
    {
        var rest = figure.Cell[$"forecast.{figure.Scope.Pool}.".Length..].Split('.');
        var issuedAt = input.Until is null ? input.Window.Until : input.Window.From;
        var key = TrackDesk.Key(figure.Scope.Pool!.Value, MetricCatalog.All.First(metric => metric.Id.Name == rest[0]).Id, issuedAt);
        if (await store.FindIssuedAsync(devices.Center.Id, key, input.AsOf, cancellationToken) is not { } content)
        {
            return null;
        }

        var view = JsonSerializer.Deserialize<ForecastView>(content)!;
        var clock = devices.Center.Clock();
        switch (rest[1])
        {
            case "peak":
                var steps = view.Steps.Where(step => FigureMaker.At(clock.DayOf(step.Instant)) == rest[2]).ToList();
                var peak = steps.First(step => step.Mean >= steps.Max(other => other.Mean));
                var band = peak.Bands.IsEmpty ? (Band?)null : peak.Bands.OrderBy(entry => Math.Abs(entry.Level - 80)).First();
                return Kept(peak.Mean, band?.Low, band?.High);
            case "band":
                var test = view.Tested.First(entry => entry.Level.ToString(CultureInfo.InvariantCulture) == rest[2]);
                return Kept((double)test.Inside / test.Of, null, null) with { Numerator = test.Inside, Denominator = test.Of };
            default:
                return Kept(view.Capacity, null, null);
        }

        Recounted Kept(double? value, double? low, double? high) =>
            new(RowKind.Issued, null, null, value, null, low, high, FigureGap.None, key, value is { } known ? [new(figure.Metric.Name, known, figure.Unit)] : []);
    }
}
