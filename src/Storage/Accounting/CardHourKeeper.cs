using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Operations;
using Headroom.Domain.Time;

namespace Headroom.Storage.Accounting;

/// <summary>Brings a center's card-hours up to what was received, and answers windows that were never stored. Engine-neutral.</summary>
public sealed class CardHourKeeper(IStore store, TimeProvider clock)
{
    private const int DaysAtOnce = 7;

    /// <summary>Recomputes what is dirty of the days that are over; returns how many device-days that were.</summary>
    public async Task<int> UpdateAsync(CenterDefinition center, CardCatalog catalog, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var dirty = await store.ReadDirtyAsync(center.Id, cancellationToken).ConfigureAwait(false);
        if (dirty.Count == 0)
        {
            return 0;
        }

        var (centerClock, rules, now) = (center.Clock(), RulesOf(center, catalog), clock.Now());
        var today = centerClock.Day(centerClock.DayOf(now)).From;
        var feeds = await store.ReadFactsAsync(center.Id, default(Window), Instants.Never, cancellationToken).ConfigureAwait(false);
        var reach = DirtyDays.Reach(feeds, centerClock).Within(new(long.MinValue, today));
        var touched = dirty.Select(span => span.Window.Within(reach)).Where(window => !window.IsEmpty).ToList();
        var devices = touched.Count == 0
            ? new(center, feeds)
            : await CenterDevices.ReadAsync(
                store, center, centerClock.DayOf(touched.Min(window => window.From)), centerClock.DayOf(touched.Max(window => window.Until) - 1).AddDays(1), Instants.Never, cancellationToken).ConfigureAwait(false);
        var histories = devices.Histories;
        var wanted = DirtyDays.Of(dirty, histories, reach, centerClock);
        var (done, days) = (0, wanted.SelectMany(entry => entry.Days).Distinct().Order().ToList());
        var lapses = await store.ReadLapsesAsync(center.Id, Instants.Never, cancellationToken).ConfigureAwait(false);
        var late = new LateFacts(store, center, dirty);
        foreach (var (number, day) in days.Index())
        {
            var dirtyDevices = wanted.Where(entry => entry.Days.Contains(day)).Select(entry => entry.History.Device).ToHashSet();
            if (lapses.IsRawGone(centerClock.Day(day), center.PeriodMicros))
            {
                done += await late.TakeAsync(histories.Where(history => dirtyDevices.Contains(history.Device)), rules, day, now, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await AccountAsync(center, rules, histories, dirtyDevices, day, now, cancellationToken).ConfigureAwait(false);
                done += dirtyDevices.Count;
            }

            progress?.Report((number + 1.0) / days.Count);
        }

        await late.MarkAsync(cancellationToken).ConfigureAwait(false);
        await store.ClearDirtyAsync(center.Id, dirty.Max(span => span.Recorded), today, cancellationToken).ConfigureAwait(false);
        progress?.Report(1);
        return done;
    }

    /// <summary>Card-days of every installed device for local days [from, until): stored ones, and computed ones where none is stored or the day is still running.</summary>
    public async Task<IReadOnlyList<CardDay>> ReadAsync(
        CenterDefinition center, CardCatalog catalog, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken)
    {
        var devices = await CenterDevices.ReadAsync(store, center, from, until, asOf, cancellationToken).ConfigureAwait(false);
        return await ReadAsync(devices, catalog, from, until, asOf, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Pool-hours of local days [from, until), oldest first: from roll-ups where there are, else from card-days, of which a week at most is in memory.</summary>
    /// <param name="rating">MFLOPS of a model at the pool's precision; null: not rated.</param>
    /// <remarks>Facts are read where a day has no roll-ups, and only those of such days.</remarks>
    public Task<IReadOnlyList<PoolHour>> ReadPoolHoursAsync(
        CenterDefinition center, CardCatalog catalog, Func<PoolId, string?, long?> rating, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken) =>
        ReadPoolHoursAsync(
            center,
            async (day, last) => await ReadAsync(center, catalog, day, last, asOf, cancellationToken).ConfigureAwait(false),
            rating,
            from,
            until,
            asOf,
            cancellationToken);

    /// <inheritdoc cref="ReadPoolHoursAsync(CenterDefinition, CardCatalog, Func{PoolId, string?, long?}, DateOnly, DateOnly, long, CancellationToken)"/>
    public Task<IReadOnlyList<PoolHour>> ReadPoolHoursAsync(
        CenterDevices devices, CardCatalog catalog, Func<PoolId, string?, long?> rating, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken) =>
        ReadPoolHoursAsync(
            devices.Center,
            (day, last) => ReadAsync(devices, catalog, day, last, asOf, cancellationToken),
            rating,
            from,
            until,
            asOf,
            cancellationToken);

    /// <summary>The card-hours of one device and local day: the stored ones, else computed. Empty: it was not installed then, or the day has not begun.</summary>
    /// <param name="history">One of <see cref="HistoriesOf"/>.</param>
    public async Task<ImmutableArray<CardHour>> ReadDeviceAsync(
        CenterDefinition center, CardCatalog catalog, DeviceHistory history, DateOnly day, CancellationToken cancellationToken)
    {
        var (centerClock, now) = (center.Clock(), clock.Now());
        var window = centerClock.Day(day);
        if (window.From >= now || !history.Placements.Any(placement => placement.Valid.Overlaps(window)))
        {
            return [];
        }

        if (window.Until <= now)
        {
            var stored = await store.ReadCardDaysAsync(center.Id, day, day.AddDays(1), Instants.Never, cancellationToken).ConfigureAwait(false);
            if (stored.FirstOrDefault(entry => entry.Device == history.Device) is { } known)
            {
                return known.Hours;
            }
        }

        if (window.Until <= (await store.ReadLapsesAsync(center.Id, Instants.Never, cancellationToken).ConfigureAwait(false)).HoursRemovedBefore)
        {
            return [];
        }

        var context = CardDayAccountant.ContextMicros(center.PeriodMicros);
        var samples = await ReadableSamples.ReadAsync(store, center.Id, history.Device, new(window.From - context, window.Until + context), cancellationToken).ConfigureAwait(false);
        return CardDayAccountant.Account(history, samples, RulesOf(center, catalog), centerClock, day, now).Hours;
    }

    /// <summary>One history per device, those assumed from telemetry included.</summary>
    public static IEnumerable<DeviceHistory> HistoriesOf(CenterDefinition center, CenterFacts facts) =>
        DeviceHistories.Fold(facts.Inventory, facts.Jobs, facts.Coverage, AssumedDevicesOf(center, facts), center.FallbackPool, facts.Allocations, facts.Settlements, facts.Devices.ToDictionary(device => new DeviceId(device.Sighting.Id), device => device.LastSample));

    /// <summary>Devices that telemetry names and the inventory does not.</summary>
    public static IEnumerable<AssumedDevice> AssumedDevicesOf(CenterDefinition center, CenterFacts facts)
    {
        var known = facts.Inventory.Select(fact => fact.Device.Value).ToHashSet(StringComparer.Ordinal);
        var kept = facts.Settlements.Where(settlement => settlement.Decision == Settlement.OnHost).ToArray();
        return facts.Devices
            .Where(device => !known.Contains(device.Sighting.Id))
            .Where(device => !kept.Any(settlement => device.Sighting.Host is { } host && host != settlement.Host && device.Sighting.Id == SettlementFact.NameOn(settlement.Device.Value, host)))
            .Select(device => new AssumedDevice(
                new(device.Sighting.Id),
                device.FirstSample - (center.PeriodMicros ?? UseSignal.DefaultPeriodMicros),
                device.Sighting.Host,
                device.Sighting.Slot,
                device.Sighting.Model,
                device.Sighting.Pool is { Length: > 0 } pool ? new PoolId(pool) : center.FallbackPool));
    }

    /// <inheritdoc cref="ReadAsync(CenterDefinition, CardCatalog, DateOnly, DateOnly, long, CancellationToken)"/>
    public async Task<IReadOnlyList<CardDay>> ReadAsync(
        CenterDevices devices, CardCatalog catalog, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken)
    {
        var (center, facts) = (devices.Center, devices.Facts);
        var now = Math.Min(asOf, clock.Now());
        var centerClock = center.Clock();
        var stored = await store.ReadCardDaysAsync(center.Id, from, until, asOf, cancellationToken).ConfigureAwait(false);
        var running = centerClock.DayOf(now);
        var byKey = stored.Where(day => day.Day != running).ToDictionary(day => (day.Device, day.Day));
        var (rules, context) = (RulesOf(center, catalog), CardDayAccountant.ContextMicros(center.PeriodMicros));
        var days = new List<CardDay>(byKey.Count);
        var removedBefore = (await store.ReadLapsesAsync(center.Id, Instants.Never, cancellationToken).ConfigureAwait(false)).HoursRemovedBefore;
        var begun = new List<(DateOnly Day, Window Window)>();
        for (var day = from; day < until && centerClock.Day(day).From < now; day = day.AddDays(1))
        {
            begun.Add((day, centerClock.Day(day)));
        }

        foreach (var history in devices.Histories)
        {
            foreach (var (day, window) in begun)
            {
                if (byKey.TryGetValue((history.Device, day), out var known))
                {
                    days.Add(known);
                }
                else if (window.Until > removedBefore && history.Placements.Any(placement => placement.Valid.Overlaps(window)))
                {
                    var around = new Window(window.From - context, window.Until + context);
                    var samples = facts.Telemetry.Overlaps(around)
                        ? await ReadableSamples.ReadAsync(store, center.Id, history.Device, around, cancellationToken).ConfigureAwait(false)
                        : DeviceSamples.None;
                    days.Add(CardDayAccountant.Account(history, samples, rules, centerClock, day, now));
                }
            }
        }

        return [.. days.OrderBy(day => day.Day).ThenBy(day => day.Device.Value, StringComparer.Ordinal)];
    }

    /// <summary>Findings of local days [from, until): stored ones, and those of the running day so far. Days without samples, or from before findings were kept, are left out.</summary>
    public async Task<IReadOnlyList<DayFindings>> ReadFindingsAsync(
        CenterDevices devices, CardCatalog catalog, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken)
    {
        var (center, now) = (devices.Center, Math.Min(asOf, clock.Now()));
        var centerClock = center.Clock();
        var running = centerClock.DayOf(now);
        var days = (await store.ReadFindingsAsync(center.Id, from, until, asOf, cancellationToken).ConfigureAwait(false)).Where(day => day.Day < running).ToList();
        if (running >= from && running < until && devices.Facts.Telemetry.Overlaps(centerClock.Day(running)))
        {
            var (window, context) = (centerClock.Day(running), CardDayAccountant.ContextMicros(center.PeriodMicros));
            var findings = new FindingsOfDay(RulesOf(center, catalog), centerClock, running, now);
            var histories = devices.Histories.ToDictionary(history => history.Device);
            await store.ReadUseAsync(
                center.Id,
                new(window.From - context, now),
                withPower: true,
                (device, samples) =>
                {
                    if (histories.TryGetValue(device, out var history))
                    {
                        findings.Add(history, samples);
                    }
                },
                cancellationToken).ConfigureAwait(false);
            days.Add(findings.Result());
        }

        return days;
    }

    private async Task<IReadOnlyList<PoolHour>> ReadPoolHoursAsync(
        CenterDefinition center,
        Func<DateOnly, DateOnly, Task<IReadOnlyList<CardDay>>> cardDays,
        Func<PoolId, string?, long?> rating,
        DateOnly from,
        DateOnly until,
        long asOf,
        CancellationToken cancellationToken)
    {
        var running = center.Clock().DayOf(Math.Min(asOf, clock.Now()));
        var summed = (await store.ReadRollUpsAsync(center.Id, RollUpScope.Pool, RollUpGrain.Hour, from, until, asOf, cancellationToken).ConfigureAwait(false))
            .Where(entry => entry.Day < running)
            .ToDictionary(entry => entry.Day, entry => entry.RollUps);
        var hours = new List<PoolHour>();
        for (var day = from; day < until;)
        {
            if (summed.TryGetValue(day, out var rollUps))
            {
                hours.AddRange(PoolHours.Of(rollUps, rating));
                day = day.AddDays(1);
                continue;
            }

            var last = day.AddDays(1);
            while (last < until && last < day.AddDays(DaysAtOnce) && !summed.ContainsKey(last))
            {
                last = last.AddDays(1);
            }

            hours.AddRange(PoolHours.Of(await cardDays(day, last).ConfigureAwait(false), rating));
            day = last;
        }

        return hours;
    }

    // A day is accounted for as a whole: steps of five minutes are sums over all devices, and nothing of a single one is kept of them.
    private async Task AccountAsync(
        CenterDefinition center, AccountingRules rules, ImmutableArray<DeviceHistory> histories, HashSet<DeviceId> dirty, DateOnly day, long now, CancellationToken cancellationToken)
    {
        var (centerClock, context) = (center.Clock(), CardDayAccountant.ContextMicros(center.PeriodMicros));
        var window = centerClock.Day(day);
        var (steps, findings) = (new FiveMinutes(window), new FindingsOfDay(rules, centerClock, day, now));
        var open = histories.Where(history => dirty.Contains(history.Device) || history.Placements.Any(placement => placement.Valid.Overlaps(window))).ToDictionary(history => history.Device);
        var days = new List<CardDay>(open.Count);
        await store.ReadUseAsync(
            center.Id,
            new(window.From - context, window.Until + context),
            withPower: true,
            (device, samples) =>
            {
                if (open.Remove(device, out var history))
                {
                    days.Add(CardDayAccountant.Account(history, samples, rules, centerClock, day, now, steps));
                    findings.Add(history, samples);
                }
            },
            cancellationToken).ConfigureAwait(false);
        days.AddRange(open.Values.Select(history => CardDayAccountant.Account(history, DeviceSamples.None, rules, centerClock, day, now, steps)));
        await store.SaveCardDaysAsync(center.Id, days, ImmutableDictionary<DateOnly, ImmutableArray<RollUp>>.Empty.Add(day, steps.RollUps()), cancellationToken).ConfigureAwait(false);
        await store.SaveFindingsAsync(center.Id, [findings.Result()], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How samples of a center are read, by its file and the catalog.</summary>
    public static AccountingRules RulesOf(CenterDefinition center, CardCatalog catalog) =>
        new(center.PeriodMicros, model => catalog.Find(model)?.RatedPowerMilliwatts);
}
