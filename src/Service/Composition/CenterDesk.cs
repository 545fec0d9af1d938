using System.Collections.Concurrent;
using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Storage;
using Headroom.Storage.Accounting;
using Microsoft.Extensions.Options;

namespace Headroom.Service.Composition;

/// <summary>A center as pages show it: read together, at one moment.</summary>
/// <param name="LastWholeDay">The newest local day that telemetry or records reach the end of; null: none.</param>
/// <param name="LastWhole">Its pool-hours.</param>
/// <param name="Running">Pool-hours of the local day that runs, as far as it got; empty: nothing of it was received.</param>
/// <param name="Now">When this was read. Unit: microseconds since the Unix epoch.</param>
public sealed record CenterView(
    CenterDefinition Center,
    CardCatalog Catalog,
    CenterFacts Facts,
    DateOnly? LastWholeDay,
    ImmutableArray<PoolHour> LastWhole,
    ImmutableArray<PoolHour> Running,
    long Now)
{
    public CenterClock Clock { get; } = Center.Clock();

    public DateOnly Today => Clock.DayOf(Now);

    public CenterDevices Devices { get; } = new(Center, Facts);

    /// <summary>How many batches of samples had come when this was read.</summary>
    public long SamplesVersion { get; init; }

    /// <summary>Local days that there can be numbers of, newest first.</summary>
    public IEnumerable<DateOnly> Days
    {
        get
        {
            var spans = Facts.Coverage.Select(feed => feed.Valid).Concat(Facts.Telemetry.IsEmpty ? [] : [Facts.Telemetry]).Select(span => span.Within(new(long.MinValue, Now))).Where(span => !span.IsEmpty).ToList();
            return spans.Count == 0
                ? []
                : Clock.Days(new(spans.Min(span => span.From), spans.Max(span => span.Until))).Reverse();
        }
    }
}

/// <summary>Reads centers and their pool-hours for pages and the API, and keeps what holds.</summary>
internal sealed class CenterDesk(ServedStore store, TimeProvider clock, IOptions<ServeOptions> options)
{
    private const int MostDaysKept = 8_000;

    private readonly Fresh<CenterId, CenterView> _views = new(clock, atMost: 1_000);
    private readonly Fresh<string, ImmutableArray<CenterDefinition>> _centers = new(clock, atMost: 1);
    private readonly ConcurrentDictionary<(CenterId Center, DateOnly Day), (object Version, ImmutableArray<PoolHour> Hours)> _days = new();

    public Task<ImmutableArray<CenterDefinition>> CentersAsync(CancellationToken cancellationToken) => _centers.GetAsync(
        "",
        store.DocumentsVersion,
        pulse: 0,
        TimeSpan.Zero,
        async token => [.. await new CenterLibrary(store).ListAsync(Instants.Never, token)],
        cancellationToken);

    /// <exception cref="Domain.Messages.UserException">There is no such center.</exception>
    public async Task<CenterDefinition> CenterAsync(string id, CancellationToken cancellationToken) =>
        (await CentersAsync(cancellationToken)).FirstOrDefault(center => center.Id.Value == id)
            ?? throw await UnknownAsync(id, $"/centers/{id}", cancellationToken);

    /// <summary>The failure to throw when a center is asked for that there is not.</summary>
    public Task<Domain.Messages.UserException> UnknownAsync(string id, string place, CancellationToken cancellationToken) =>
        new CenterLibrary(store).UnknownAsync(id, place, cancellationToken);

    /// <summary>The center as it stood a few seconds ago at most.</summary>
    /// <exception cref="Domain.Messages.UserException">There is no such center.</exception>
    public async Task<CenterView> ViewAsync(string id, CancellationToken cancellationToken)
    {
        var center = await CenterAsync(id, cancellationToken);
        return await _views.GetAsync(
            center.Id,
            store.FactsVersion(center.Id),
            (store.SamplesVersion(center.Id), clock.Now() / Micros.PerMinute),
            TimeSpan.FromSeconds(options.Value.RunningDayForSeconds),
            token => ReadAsync(center, token),
            cancellationToken);
    }

    /// <summary>As <see cref="ViewAsync(string, CancellationToken)"/>, but read now when the device is not in it and may have come since.</summary>
    /// <exception cref="Domain.Messages.UserException">There is no such center.</exception>
    public async Task<CenterView> ViewAsync(string id, DeviceId device, CancellationToken cancellationToken)
    {
        var view = await ViewAsync(id, cancellationToken);
        return view.Devices.Histories.Any(history => history.Device == device) || view.SamplesVersion == store.SamplesVersion(view.Center.Id)
            ? view
            : await ReadAsync(view.Center, cancellationToken);
    }

    /// <summary>Pool-hours of local days [from, until) that are over, oldest first; a day is read once while it stays as it is.</summary>
    public async Task<ImmutableArray<PoolHour>> HoursAsync(CenterView view, DateOnly from, DateOnly until, CancellationToken cancellationToken)
    {
        var (center, hours) = (view.Center.Id, ImmutableArray.CreateBuilder<PoolHour>());
        for (var day = from; day < until;)
        {
            if (Find(center, day) is { } known)
            {
                hours.AddRange(known);
                day = day.AddDays(1);
                continue;
            }

            var last = day.AddDays(1);
            while (last < until && Find(center, last) is null)
            {
                last = last.AddDays(1);
            }

            hours.AddRange(await ReadDaysAsync(view, day, last, cancellationToken));
            day = last;
        }

        return hours.DrainToImmutable();
    }

    /// <summary>Pool-hours of the local day that runs, read now.</summary>
    public async Task<ImmutableArray<PoolHour>> RunningAsync(CenterView view, CancellationToken cancellationToken)
    {
        var today = view.Clock.DayOf(clock.Now());
        var days = await new CardHourKeeper(store, clock).ReadAsync(view.Devices, view.Catalog, today, today.AddDays(1), Instants.Never, cancellationToken);
        return PoolHours.Of(days, PoolRatings.Of(view.Center, view.Catalog));
    }

    public Task<CardCatalog> CatalogAsync(CancellationToken cancellationToken) => new CenterLibrary(store).CatalogAsync(Instants.Never, cancellationToken);

    private object VersionOf(CenterId center, DateOnly day) => (store.FactsVersion(center), store.DayVersion(center, day));

    private ImmutableArray<PoolHour>? Find(CenterId center, DateOnly day) =>
        _days.TryGetValue((center, day), out var known) && known.Version.Equals(VersionOf(center, day)) ? known.Hours : null;

    private async Task<List<PoolHour>> ReadDaysAsync(CenterView view, DateOnly from, DateOnly until, CancellationToken cancellationToken)
    {
        var center = view.Center;
        var versions = Enumerable.Range(0, until.DayNumber - from.DayNumber).Select(from.AddDays).ToDictionary(day => day, day => VersionOf(center.Id, day));
        var hours = await new CardHourKeeper(store, clock).ReadPoolHoursAsync(
            view.Devices, view.Catalog, PoolRatings.Of(center, view.Catalog), from, until, Instants.Never, cancellationToken);
        var byDay = hours.ToLookup(hour => view.Clock.DayOf(hour.HourStart));
        if (_days.Count > MostDaysKept)
        {
            _days.Clear();
        }

        foreach (var (day, version) in versions)
        {
            _days[(center.Id, day)] = (version, [.. byDay[day]]);
        }

        return [.. hours];
    }

    private async Task<CenterView> ReadAsync(CenterDefinition center, CancellationToken cancellationToken)
    {
        var (now, samplesVersion) = (clock.Now(), store.SamplesVersion(center.Id));
        var catalog = await CatalogAsync(cancellationToken);
        var facts = await store.ReadFactsAsync(center.Id, Instants.Never, cancellationToken);
        var view = new CenterView(center, catalog, facts, null, [], [], now) { SamplesVersion = samplesVersion };
        var today = view.Clock.Day(view.Today);
        var lastDay = LastWholeDay(view);
        return view with
        {
            LastWholeDay = lastDay,
            LastWhole = lastDay is { } day ? await HoursAsync(view, day, day.AddDays(1), cancellationToken) : [],
            Running = facts.Telemetry.Overlaps(today) || facts.Coverage.Any(feed => feed.Valid.Overlaps(new(today.From, now)))
                ? await RunningAsync(view, cancellationToken)
                : [],
        };
    }

    // A day counts as whole when what was received comes within an hour of its end.
    private static DateOnly? LastWholeDay(CenterView view)
    {
        var spans = view.Facts.Telemetry.IsEmpty ? view.Facts.Coverage.Select(feed => feed.Valid) : [view.Facts.Telemetry];
        var until = spans.Select(span => Math.Min(span.Until, view.Now)).DefaultIfEmpty(long.MinValue).Max();
        if (until == long.MinValue)
        {
            return null;
        }

        var day = view.Clock.DayOf(until - 1);
        var end = view.Clock.Day(day).Until;
        var last = end - until <= Micros.PerHour && end <= view.Now ? day : day.AddDays(-1);
        return view.Days.Contains(last) ? last : null;
    }
}
