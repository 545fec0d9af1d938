using System.Numerics;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Sections.Counts;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Explaining.Recounts;

/// <summary>Numbers of how a center ran, worked out again from jobs, applications, allocations, counts, meters, records of the inventory and raw samples as the store has them.</summary>
/// <param name="raw">Null: samples were removed, or nobody asks for what they tell.</param>
internal sealed partial class RowRecounts(CenterDevices devices, DailyReportInput input, PlainFleet fleet, PeriodRows rows, RawFindings? raw)
{
    private const long MflopsPerPetaflops = 1_000_000_000;
    private const long NanojoulesPerKilowattHour = 3_600_000_000_000_000;
    private const long MillijoulesPerKilowattHour = 3_600_000_000;

    private static readonly Cell[] UseUnknown = [Cell.AllocatedUseUnknown, Cell.AllocUnknownUseUnknown, Cell.FreeUseUnknown];

    private readonly Dictionary<PoolId, PlainHeld> _held = [];
    private readonly Dictionary<PoolId, PlainRoom> _rooms = [];
    private readonly Lazy<List<Wait>> _waits = new(() => Wait.Of(devices.Facts.Jobs, devices.Facts.Requests, devices.Center.FallbackPool));
    private readonly Lazy<List<PlainChange>> _changes = new(() => PlainChange.Of(devices.Facts.Inventory, fleet, input.Elapsed));

    private Window Window => input.Elapsed;

    /// <summary>Whether a number is one of these.</summary>
    /// <param name="hasRegister">A register of reservations and contracts is kept: then U1s is of records, not of card-hours.</param>
    public static bool Has(Figure figure, bool hasRegister) => figure.Cell.Split('.')[0] switch
    {
        "queue" or "gang" or "stranded" or "idle" or "cards" or "changes" or "counts" => true,
        "energy" => figure.Metric != MetricCatalog.CardEnergy.Id,
        "act" => figure.Metric != MetricCatalog.State.Id,
        "pool" => figure.Metric == MetricCatalog.U1c.Id || figure.Metric == MetricCatalog.ContractOnly.Id
            || (hasRegister && figure.Metric == MetricCatalog.U1s.Id),
        _ => false,
    };

    /// <summary>Whether raw samples have to be read for it.</summary>
    public static bool NeedsSamples(Figure figure) =>
        figure.Metric == MetricCatalog.UPeak.Id
        || figure.Metric == MetricCatalog.LoadFactor.Id
        || figure.Metric == MetricCatalog.IdleReclaimable.Id
        || figure.Cell.StartsWith("cards.hot", StringComparison.Ordinal)
        || figure.Cell.StartsWith("cards.straggler", StringComparison.Ordinal)
        || (figure.Cell.StartsWith("act.", StringComparison.Ordinal) && KindOf(figure) is "Reclaim" or "Compare" or "Tune");

    /// <summary>Null: its samples are not there any more.</summary>
    public Recounted? Find(Figure figure)
    {
        if (NeedsSamples(figure) && raw is null)
        {
            return null;
        }

        return figure.Cell.Split('.')[0] switch
        {
            "queue" => OfQueue(figure),
            "gang" or "stranded" => OfRoom(figure, Room(figure.Scope.Pool!.Value)),
            "idle" => OfIdle(figure),
            "cards" => OfCards(figure),
            "changes" => Count(RowKind.Inventory, _changes.Value.Where(change => change.Word == figure.Scope.Part).Select(change => change.Row)),
            "counts" => OfCounts(figure),
            "energy" => OfEnergy(figure),
            "act" => OfAct(figure),
            _ => OfContract(figure),
        };
    }

    private static bool IsOfPeriod(Figure figure) => figure.Cell == $"pool.{figure.Scope.Pool}.U1s";

    // Of a pool whose card-hours are rated, P·h; else device-hours.
    private (MetricUnit Unit, BigInteger PerUnit) Scale(PoolId pool) => rows.IsRated(pool)
        ? (MetricUnit.PetaflopHours, (BigInteger)MflopsPerPetaflops * Micros.PerHour)
        : (MetricUnit.DeviceHours, Micros.PerHour);

    private Recounted Weighed(RowKind from, PoolId pool, string name, Int128 sum, IEnumerable<NamedRow> named)
    {
        var (unit, per) = Scale(pool);
        return Amount(from, $"Σ {name}", name, sum, per, unit, named);
    }

    private static Recounted Count(RowKind from, IEnumerable<NamedRow> named)
    {
        var list = named.ToList();
        return Amount(from, "Σ 1", "n", list.Count, 1, MetricUnit.Count, list);
    }

    private static Recounted Amount(RowKind from, string formula, string name, BigInteger numerator, BigInteger denominator, MetricUnit unit, IEnumerable<NamedRow> named)
    {
        var value = (double)numerator / (double)denominator;
        return new(from, numerator, denominator, value, null, null, null, FigureGap.None, formula, [new(name, value, unit)]) { Named = [.. named] };
    }

    private static Recounted Ratio(RowKind from, string over, string under, BigInteger numerator, BigInteger denominator, MetricUnit unit, BigInteger per, IEnumerable<NamedRow> named) => new(
        from,
        numerator,
        denominator,
        (double)numerator / (double)denominator,
        null,
        null,
        null,
        FigureGap.None,
        $"{over} ÷ {under}",
        [new(over, (double)numerator / (double)per, unit), new(under, (double)denominator / (double)per, unit)]) { Named = [.. named] };

    private static Recounted Nothing(RowKind from, string why) => new(from, null, null, null, null, null, null, FigureGap.Nothing, why, []);

    // A share of a whole of which a part is known: below one half only the bounds are told.
    private static Recounted Share(RowKind from, string name, Int128 part, Int128 known, string wholeName, Int128 whole, MetricUnit unit, BigInteger per, IEnumerable<NamedRow> named)
    {
        if (whole == 0)
        {
            return Nothing(from, $"{wholeName} = 0");
        }

        var coverage = (double)known / (double)whole;
        var isTold = coverage >= 0.5 && known > 0;
        return new(
            from,
            part,
            known,
            isTold ? (double)part / (double)known : null,
            coverage,
            (double)part / (double)whole,
            (double)(part + whole - known) / (double)whole,
            isTold ? FigureGap.None : FigureGap.BoundsOnly,
            $"{name} ÷ Known",
            [Of(name, part), Of("Known", known), Of(wholeName, whole)]) { Named = [.. named] };

        Term Of(string term, Int128 sum) => new(term, (double)sum / (double)per, unit);
    }

    // U1s of the whole period by jobs, U1c by contract, and what only a contract held; of hours, days and periods before it U1s is not told.
    private Recounted OfContract(Figure figure)
    {
        var pool = figure.Scope.Pool!.Value;
        if (figure.Metric == MetricCatalog.U1s.Id && (!IsOfPeriod(figure) || !fleet.HasScheduler))
        {
            return new(RowKind.Allocations, null, null, null, null, null, null, FigureGap.NoAllocationSource, "n (jobs) = 0", []);
        }

        var held = Held(pool);
        var (unit, per) = Scale(pool);
        return figure.Metric.Name switch
        {
            "U1s" => Share(RowKind.Allocations, "Allocated", held.ByJobs, held.ByJobsKnown, "C_available", held.Available, unit, per, []),
            "U1c" => Share(RowKind.Allocations, "Contracted", held.ByContract, held.ByContractKnown, "C_available", held.Available, unit, per, []),
            _ => Weighed(RowKind.Allocations, pool, "ContractOnly", held.ContractOnly, []),
        } with { RowCount = held.Devices };
    }

    private PlainHeld Held(PoolId pool) => _held.TryGetValue(pool, out var known) ? known : _held[pool] = PlainHeld.Of(fleet, rows, pool, Window);

    private PlainRoom Room(PoolId pool) => _rooms.TryGetValue(pool, out var known) ? known : _rooms[pool] = PlainRoom.Of(fleet, _waits.Value, pool, Window);

    // Facility and IT energy, their ratio over the time that all meters speak of, and what the grid emitted for it.
    private Recounted OfEnergy(Figure figure)
    {
        var factor = input.Center.GridFactors.Where(entry => entry.From <= input.Day).OrderBy(entry => entry.From).LastOrDefault()?.KilogramsPerKilowattHour;
        if (figure.Scope.Pool is { } pool)
        {
            return OfPoolEnergy(figure, pool, factor);
        }

        var meters = new PlainMeters(devices.Facts.Meters, Window);
        var named = meters.Readings.Select(reading => new NamedRow($"{reading.Meter} ({reading.Scope})", reading.Valid.From, reading.Valid.Until, (double)reading.Millijoules / MillijoulesPerKilowattHour, MetricUnit.KilowattHours));
        switch (figure.Metric.Name)
        {
            case "E_facility" or "E_it":
                var scope = figure.Metric == MetricCatalog.FacilityEnergy.Id ? Domain.Facts.MeterScope.Facility : Domain.Facts.MeterScope.It;
                var (energy, known) = meters.Sum(scope, onlyWhereAllSpeak: false);
                return Amount(RowKind.Meters, "Σ E (reading)", figure.Metric.Name, energy, MillijoulesPerKilowattHour, MetricUnit.KilowattHours, named) with
                {
                    Coverage = (double)known / ((double)(Window.Until - Window.From) * meters.Count(scope)),
                };
            case "PUE":
                var (facility, it) = (meters.Sum(Domain.Facts.MeterScope.Facility, onlyWhereAllSpeak: true).Millijoules, meters.Sum(Domain.Facts.MeterScope.It, onlyWhereAllSpeak: true).Millijoules);
                return Ratio(RowKind.Meters, "E_facility", "E_it", facility, it, MetricUnit.KilowattHours, MillijoulesPerKilowattHour, named);
            default:
                var drawn = (double)meters.Sum(Domain.Facts.MeterScope.Facility, onlyWhereAllSpeak: false).Millijoules / MillijoulesPerKilowattHour;
                return new(RowKind.Meters, null, null, drawn * factor, null, null, null, FigureGap.None, Emitted("E_facility", factor), [new("E_facility", drawn, MetricUnit.KilowattHours)]) { Named = [.. named] };
        }
    }

    private static string Emitted(string energy, double? factor) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{energy} × {factor:0.0###} kg/kWh");

    private Recounted OfPoolEnergy(Figure figure, PoolId pool, double? factor)
    {
        var sums = rows.Pools[pool];
        var available = sums.Sum(rated: false, Enum.GetValues<Cell>()) - sums.Sum(rated: false, Cell.Down, Cell.Maintenance);
        var open = sums.Sum(rated: true, Enum.GetValues<Cell>()) - sums.Sum(rated: true, Cell.Down, Cell.Maintenance);
        var busy = sums.Sum(rated: true, Cell.AllocatedBusy, Cell.AllocUnknownBusy, Cell.FreeBusy);
        var coverage = Math.Min(Math.Min(1, (double)sums.EnergyKnown / (double)available), (double)(open - sums.Sum(rated: true, UseUnknown)) / (double)open);
        var (numerator, denominator) = ((BigInteger)sums.EnergyNanojoules * MflopsPerPetaflops * Micros.PerHour, (BigInteger)busy * NanojoulesPerKilowattHour);
        var value = (double)numerator / (double)denominator;
        Term[] terms = [new("E_card", (double)sums.EnergyNanojoules / NanojoulesPerKilowattHour, MetricUnit.KilowattHours), new("Busy", (double)busy / ((double)MflopsPerPetaflops * Micros.PerHour), MetricUnit.PetaflopHours)];
        return (figure.Metric == MetricCatalog.EnergyPerWork.Id
            ? new Recounted(RowKind.CardHours, numerator, denominator, value, coverage, null, null, FigureGap.None, "E_card ÷ Busy", [.. terms])
            : new Recounted(RowKind.CardHours, null, null, value * factor, coverage, null, null, FigureGap.None, Emitted("E_card ÷ Busy", factor), [.. terms])) with { RowCount = sums.Rows };
    }

    // Tenants of whom only numbers are known; the pool as a whole is their sum hour by hour.
    private Recounted OfCounts(Figure figure)
    {
        var pool = figure.Scope.Pool!.Value;
        var near = devices.Facts.Counts.Where(count => (count.Pool ?? devices.Center.FallbackPool) == pool && Window.Contains(count.Hour)).ToList();
        Int128 quota = 0, allocated = 0, ofQuota = 0, low = 0, high = 0;
        var (hours, full) = (0, 0);
        foreach (var hour in figure.Scope.Tenant is { } tenant ? near.Where(count => count.Tenant == tenant).Select(count => new[] { count }) : near.GroupBy(count => count.Hour).Select(group => group.ToArray()))
        {
            var hasQuota = hour.Any(count => count.Installed is not null);
            var (has, holds, waits) = (hour.Sum(count => count.Installed ?? 0), hour.Sum(count => count.Allocated), hour.Sum(count => count.Queued ?? 0));
            hours++;
            quota += has;
            allocated += holds;
            ofQuota += hasQuota ? holds : 0;
            full += hasQuota && has > 0 && (Int128)holds * 100 >= (Int128)has * 95 && waits > 0 ? 1 : 0;
            if (rows.Hours.TryGetValue((pool, hour[0].Hour), out var use))
            {
                var open = use.Sum(rated: false, Enum.GetValues<Cell>()) - use.Sum(rated: false, Cell.Down, Cell.Maintenance);
                var busy = use.Sum(rated: false, Cell.AllocatedBusy, Cell.AllocUnknownBusy, Cell.FreeBusy);
                low += Int128.Max(0, holds - busy - use.Sum(rated: false, UseUnknown));
                high += Int128.Min(holds, open - busy);
            }
            else
            {
                high += holds;
            }
        }

        var named = near.Where(count => figure.Scope.Tenant is not { } one || count.Tenant == one).Select(count => new NamedRow(count.Tenant.Value, count.Hour, count.Hour + Micros.PerHour, (double)count.Allocated / Micros.PerHour, MetricUnit.Devices));
        return figure.Metric.Name switch
        {
            "Quota" when quota == 0 => Nothing(RowKind.Counts, "Σ installed = 0"),
            "Quota" => Amount(RowKind.Counts, "Σ installed ÷ t", "Quota", quota, (BigInteger)hours * Micros.PerHour, MetricUnit.Devices, named),
            "Allocated" => Amount(RowKind.Counts, "Σ allocated", "Allocated", allocated, Micros.PerHour, MetricUnit.DeviceHours, named),
            "U1s" when quota == 0 => new(RowKind.Counts, null, null, null, null, null, null, FigureGap.NoAllocationSource, "Σ installed = 0", []),
            "U1s" => Ratio(RowKind.Counts, "Allocated", "Installed", ofQuota, quota, MetricUnit.DeviceHours, Micros.PerHour, named) with { Coverage = Math.Min(1, (double)hours * Micros.PerHour / (Window.Until - Window.From)) },
            "IdleCounted" => new(
                RowKind.Counts, null, null, null, null, (double)low / Micros.PerHour, (double)high / Micros.PerHour, FigureGap.BoundsOnly, "max(0, allocated − busy) … min(allocated, C_available − busy)", [new("Allocated", (double)allocated / Micros.PerHour, MetricUnit.DeviceHours)]) { Named = [.. named] },
            _ => Amount(RowKind.Counts, "Σ 1 (allocated ≥ 0.95 × quota, queue > 0)", "n", full, 1, MetricUnit.Hours, named),
        };
    }
}
