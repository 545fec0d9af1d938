using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Service.Composition;
using Headroom.Service.Rendering;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Exports;

/// <summary>Card-hours of a center as CSV, a week in memory at a time. Times in microseconds; energy in nJ.</summary>
/// <param name="asked">Without end where nobody gave one. Sums cut the hours it cuts, from their samples.</param>
/// <param name="device">Null: all devices.</param>
internal sealed class CardHourExport(IStore store, TimeProvider clock, CenterDefinition center, CardCatalog catalog, Window asked, DeviceId? device, long asOf)
{
    private const int DaysAtOnce = 7;

    private static readonly string Cells = string.Join(',', Enum.GetNames<Cell>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));

    /// <summary>One row per device and hour. <c>not_recomputed</c> is 1 where facts of the hour came after its samples were removed: the row is from before them.</summary>
    public async Task<long> WriteAsync(TextWriter writer, CancellationToken cancellationToken)
    {
        var rows = 0L;
        await writer.WriteLineAsync($"device,hour,pool,model,host,{Cells},silent_zero,energy_nj,energy_known,samples,not_recomputed".AsMemory(), cancellationToken);
        var facts = await store.ReadFactsAsync(center.Id, asOf, cancellationToken);
        var marks = (await store.ReadLapsesAsync(center.Id, asOf, cancellationToken)).NotRecomputed;
        await foreach (var (of, hour) in HoursAsync(facts, cancellationToken))
        {
            var span = new Window(hour.HourStart, hour.HourStart + Domain.Time.Micros.PerHour);
            var isOld = marks.Any(mark => (mark.Device ?? of) == of && mark.Window.Overlaps(span));
            rows++;
            await writer.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{CsvText.Cell(of.Value)},{Instants.ToText(hour.HourStart)},{CsvText.Cell(hour.Pool.Value)},{CsvText.Cell(hour.Model ?? "")},{CsvText.Cell(hour.Host ?? "")},{Micros(hour.Cells)},{hour.SilentZero},{hour.EnergyNanojoules},{hour.EnergyKnown},{hour.Samples},{(isOld ? 1 : 0)}")
                .AsMemory(), cancellationToken);
        }

        return rows;
    }

    /// <summary>Who held how much: of devices that jobs name, from their card-hours; of other jobs, from their sizes.</summary>
    public async Task<long> WriteTenantsAsync(TextWriter writer, CancellationToken cancellationToken)
    {
        var facts = await store.ReadFactsAsync(center.Id, asOf, cancellationToken);
        var held = new Dictionary<(TenantId Tenant, PoolId Pool), Int128>();
        await foreach (var (_, hour) in HoursAsync(facts, cancellationToken))
        {
            foreach (var part in hour.Tenants)
            {
                held[(part.Tenant, hour.Pool)] = held.GetValueOrDefault((part.Tenant, hour.Pool)) + part.Allocated;
            }
        }

        var (counted, placed) = JobTimes(facts);
        var jobs = placed.ToDictionary(row => (row.Tenant, row.Pool), row => row.Jobs);
        var rows = held
            .Select(pair => (pair.Key.Tenant, pair.Key.Pool, Source: "devices", Micros: pair.Value, Jobs: jobs.GetValueOrDefault(pair.Key)))
            .Concat(counted.Where(row => row.Jobs > 0).Select(row => (row.Tenant, row.Pool, Source: "jobs", Micros: row.DeviceMicros, row.Jobs)))
            .OrderBy(row => row.Tenant.Value, StringComparer.Ordinal)
            .ThenBy(row => row.Pool.Value, StringComparer.Ordinal)
            .ThenBy(row => row.Source, StringComparer.Ordinal)
            .ToList();
        await writer.WriteLineAsync("tenant,pool,source,device_hours,device_micros,jobs".AsMemory(), cancellationToken);
        foreach (var row in rows)
        {
            await writer.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{CsvText.Cell(row.Tenant.Value)},{CsvText.Cell(row.Pool.Value)},{row.Source},{Hours(row.Micros)},{row.Micros},{row.Jobs}").AsMemory(), cancellationToken);
        }

        return rows.Count;
    }

    /// <summary>One row per pool: installed time, its cells, and the device-time of jobs that name no device.</summary>
    public async Task<long> WritePoolsAsync(TextWriter writer, CancellationToken cancellationToken)
    {
        var facts = await store.ReadFactsAsync(center.Id, asOf, cancellationToken);
        var sums = await SumAsync(facts, (_, hour) => hour.Pool, cancellationToken);
        var counted = JobTimes(facts).Counted.ToLookup(row => row.Pool, row => row.DeviceMicros);
        await writer.WriteLineAsync($"pool,device_hours,{Cells},job_device_micros".AsMemory(), cancellationToken);
        var pools = sums.Keys.Union(counted.Select(pool => pool.Key)).OrderBy(pool => pool.Value, StringComparer.Ordinal).ToList();
        foreach (var pool in pools)
        {
            var cells = sums.GetValueOrDefault(pool) ?? new Int128[HourCells.Count];
            var job = counted[pool].Aggregate(Int128.Zero, (sum, micros) => sum + micros);
            await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{CsvText.Cell(pool.Value)},{Hours(Sum(cells))},{string.Join(',', cells)},{job}").AsMemory(), cancellationToken);
        }

        return pools.Count;
    }

    /// <summary>One row per device and pool: installed time and its cells.</summary>
    public async Task<long> WriteDevicesAsync(TextWriter writer, CancellationToken cancellationToken)
    {
        var facts = await store.ReadFactsAsync(center.Id, asOf, cancellationToken);
        var sums = await SumAsync(facts, (of, hour) => (Device: of, hour.Pool), cancellationToken);
        await writer.WriteLineAsync($"device,pool,device_hours,{Cells}".AsMemory(), cancellationToken);
        foreach (var (key, cells) in sums.OrderBy(pair => pair.Key.Device.Value, StringComparer.Ordinal).ThenBy(pair => pair.Key.Pool.Value, StringComparer.Ordinal))
        {
            await writer.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{CsvText.Cell(key.Device.Value)},{CsvText.Cell(key.Pool.Value)},{Hours(Sum(cells))},{string.Join(',', cells)}").AsMemory(), cancellationToken);
        }

        return sums.Count;
    }

    private async Task<Dictionary<TKey, Int128[]>> SumAsync<TKey>(CenterFacts facts, Func<DeviceId, CardHour, TKey> keyOf, CancellationToken cancellationToken)
        where TKey : notnull
    {
        var sums = new Dictionary<TKey, Int128[]>();
        await foreach (var (of, hour) in HoursAsync(facts, cancellationToken))
        {
            var key = keyOf(of, hour);
            if (!sums.TryGetValue(key, out var cells))
            {
                sums.Add(key, cells = new Int128[HourCells.Count]);
            }

            for (var cell = 0; cell < cells.Length; cell++)
            {
                cells[cell] += hour.Cells.Micros[cell];
            }
        }

        return sums;
    }

    private async IAsyncEnumerable<(DeviceId Device, CardHour Hour)> HoursAsync(
        CenterFacts facts, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reached = ExportWindow.Reached(asked, facts, clock.Now());
        if (reached.IsEmpty || !CardHourKeeper.HistoriesOf(center, facts).Any())
        {
            yield break;
        }

        var (centerClock, keeper) = (center.Clock(), new CardHourKeeper(store, clock));
        var cut = CutWindow.Of(asked, centerClock);
        foreach (var part in cut.Parts)
        {
            var devices = new CenterDevices(center, facts);
            foreach (var cardDay in await new SampledDays(store, clock, devices, catalog, asOf).ReadAsync(devices.Histories, part, Instants.ToText(part.From), cancellationToken))
            {
                foreach (var hour in cardDay.Hours.Where(_ => device is null || cardDay.Device == device))
                {
                    yield return (cardDay.Device, hour);
                }
            }
        }

        var hours = new Window(Math.Max(cut.Hours.From, centerClock.HourOf(reached.From).From), Math.Min(cut.Hours.Until, reached.Until));
        var end = centerClock.DayOf(reached.Until - 1).AddDays(1);
        for (var day = centerClock.DayOf(hours.From); day < end; day = day.AddDays(DaysAtOnce))
        {
            var last = day.AddDays(DaysAtOnce) < end ? day.AddDays(DaysAtOnce) : end;
            foreach (var cardDay in await keeper.ReadAsync(center, catalog, day, last, asOf, cancellationToken))
            {
                foreach (var hour in cardDay.Hours.Where(hour => hours.Contains(hour.HourStart) && (device is null || cardDay.Device == device)))
                {
                    yield return (cardDay.Device, hour);
                }
            }
        }
    }

    private (ImmutableArray<TenantJobTime> Counted, ImmutableArray<TenantJobTime> Placed) JobTimes(CenterFacts facts)
    {
        var devices = CardHourKeeper.HistoriesOf(center, facts).Select(history => history.Device).ToHashSet();
        var without = JobTime.WithoutDevices(facts.Jobs, devices).ToHashSet(ReferenceEqualityComparer.Instance);
        var knownUntil = JobTime.KnownUntil(facts.Coverage);
        return (
            JobTime.Of(facts.Jobs.Where(without.Contains), asked, knownUntil, center.FallbackPool),
            JobTime.Of(facts.Jobs.Where(job => !without.Contains(job)), asked, knownUntil, center.FallbackPool));
    }

    private static Int128 Sum(Int128[] cells) => cells.Aggregate(Int128.Zero, (sum, cell) => sum + cell);

    private static string Micros(HourCells cells) => string.Join(',', cells.Micros.ToArray());

    private static string Hours(Int128 micros) => ((decimal)micros / Domain.Time.Micros.PerHour).ToString("0.######", CultureInfo.InvariantCulture);
}
