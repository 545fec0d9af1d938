using System.Collections.Immutable;
using System.Globalization;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using Headroom.Simulation.Draws;
using Headroom.Simulation.Plans;

namespace Headroom.Simulation.Fleets;

/// <summary>Hosts, devices and what befalls them, from the center file and the plan.</summary>
internal sealed class FleetBuilder(CenterDefinition center, SimulationPlan plan, CardCatalog catalog, CenterClock clock)
{
    private const int UnknownDevices = 64;
    private const int UnknownDeciwatts = 3_000;
    private const int UnknownMemoryMib = 32_768;

    private readonly Window _window = new(clock.Day(plan.From).From, clock.Day(plan.Until).From);
    private readonly List<SimulatedHost> _hosts = [];
    private readonly List<SimulatedDevice> _devices = [];

    /// <exception cref="InvalidPlanException">Demand in P for a pool whose model the catalog does not rate.</exception>
    public Fleet Build()
    {
        var pools = center.Pools.Select(Pool).ToImmutableArray();
        for (var i = 0; i < pools.Length; i++)
        {
            AddHosts(pools[i], i, pools[i].Devices, _window.From);
            foreach (var addition in plan.Additions.Where(a => a.Pool == pools[i].Id))
            {
                AddHosts(pools[i], i, addition.Devices, clock.Day(addition.Day).From);
            }
        }

        return new(pools, [.. _hosts], [.. _devices]);
    }

    private SimulatedPool Pool(PoolDefinition pool)
    {
        var wish = plan.For(pool.Id);
        var devices = pool.Devices ?? wish.Devices ?? FromNameplate(pool) ?? UnknownDevices;
        var added = plan.Additions.Where(a => a.Pool == pool.Id)
            .Sum(a => (double)a.Devices * (_window.Until - clock.Day(a.Day).From) / (_window.Until - _window.From));
        var capacity = devices + added;
        return new(pool.Id, pool.Model, pool.HasGauge, Math.Max(1, pool.DevicesPerHost), devices, capacity, MeanDemand(pool, wish.Demand, capacity));
    }

    private double MeanDemand(PoolDefinition pool, DemandTarget target, double capacity) => target switch
    {
        DemandTarget.InDevices devices => devices.Mean,
        DemandTarget.OfCapacity multiple => multiple.Ratio * capacity,
        DemandTarget.InPetaflops petaflops => petaflops.Mean * 1e9 / (RatingMflops(pool)
            ?? throw new InvalidPlanException($"the catalog rates the model '{pool.Model}' of pool {pool.Id}, whose demand is given in P")),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private int? FromNameplate(PoolDefinition pool) =>
        pool.Nameplate is { } petaflops && RatingMflops(pool) is { } rating ? Math.Max(1, (int)Math.Round(petaflops * 1e9 / rating)) : null;

    private long? RatingMflops(PoolDefinition pool) => catalog.Find(pool.Model)?.RatingMflops(pool.Precision);

    private void AddHosts(SimulatedPool pool, int poolOrdinal, int devices, long from)
    {
        for (var placed = 0; placed < devices; placed += pool.DevicesPerHost)
        {
            var number = 1 + _hosts.Count(h => h.Pool == poolOrdinal);
            var name = string.Create(CultureInfo.InvariantCulture, $"{center.Id}-{pool.Id}-{number:000}");
            var maintenance = Maintenance(pool, number, from);
            var ordinals = ImmutableArray.CreateBuilder<int>();
            for (var slot = 0; slot < Math.Min(pool.DevicesPerHost, devices - placed); slot++)
            {
                AddSlot(pool, name, slot, from, maintenance, ordinals);
            }

            _hosts.Add(new(_hosts.Count, name, poolOrdinal, ordinals.ToImmutable(), Gaps(name, from)));
        }
    }

    /// <summary>The devices of one slot, one after the other: a failed one may be swapped for another with a new id.</summary>
    private void AddSlot(SimulatedPool pool, string host, int slot, long from, ImmutableArray<Window> maintenance, ImmutableArray<int>.Builder ordinals)
    {
        var draw = new DrawStream(plan.Seed, Purpose.Outage, Draw.Name(string.Create(CultureInfo.InvariantCulture, $"{host}/{slot}")));
        var (installed, outages, generation, now) = (from, new List<Outage>(), 0, from);
        while (NextFailure(ref draw, now) is { } failure && failure < _window.Until)
        {
            var repair = failure + Seconds(Math.Min(draw.LogNormal(2, 0.8), 72) * 3_600);
            var back = repair + Seconds(Math.Min(draw.LogNormal(10, 0.9), 240) * 3_600);
            var reason = Reasons[draw.Between(0, Reasons.Length - 1)];
            outages.Add(new(InventoryEvent.Down, new(failure, repair), reason));
            outages.Add(new(InventoryEvent.Repair, new(repair, back), reason));
            now = back;
            if (draw.Chance(plan.SwapShare) && back < _window.Until)
            {
                ordinals.Add(AddDevice(pool, host, slot, generation++, new(installed, back), outages, maintenance));
                (installed, outages) = (back, []);
            }
        }

        ordinals.Add(AddDevice(pool, host, slot, generation, new(installed, Instants.Never), outages, maintenance));
    }

    private static readonly string[] Reasons = ["ECC error", "link down", "card lost", "over temperature", "power fault"];

    private long? NextFailure(ref DrawStream draw, long now)
    {
        if (plan.FailuresPerThousandDeviceDays <= 0)
        {
            return null;
        }

        var seconds = draw.Exponential(1_000 / plan.FailuresPerThousandDeviceDays) * 86_400;
        return seconds > 1e9 ? null : now + Math.Max(Micros.PerMinute, Seconds(seconds));
    }

    private int AddDevice(SimulatedPool pool, string host, int slot, int generation, Window installed, List<Outage> outages, ImmutableArray<Window> maintenance)
    {
        var model = catalog.Find(pool.Model);
        var maker = DeviceNames.Maker(pool.Model, pool.HasGauge, catalog);
        var planned = maintenance.Select(window => window.Within(installed)).Where(window => !window.IsEmpty)
            .Select(window => new Outage(InventoryEvent.Maintenance, window, "planned maintenance"));
        var all = outages.Concat(planned).OrderBy(o => o.Valid.From).ThenBy(o => o.Event).ToImmutableArray();
        var id = DeviceNames.Id(plan.Seed, maker, host, slot, generation);
        _devices.Add(new(
            _devices.Count,
            id,
            _hosts.Count,
            slot,
            installed,
            all,
            WindowSet.Union(all.Select(o => o.Valid)),
            maker,
            (int)((model?.RatedPowerMilliwatts / 100) ?? UnknownDeciwatts),
            (int)(model?.MemoryMib ?? UnknownMemoryMib),
            pool.HasGauge ? Silent(id) : default));
        return _devices.Count - 1;
    }

    /// <summary>Nights on which the hosts of one rack are serviced together.</summary>
    private ImmutableArray<Window> Maintenance(SimulatedPool pool, int hostNumber, long from)
    {
        if (plan.MaintenanceEveryDays == 0)
        {
            return [];
        }

        var rack = Draw.Name(pool.Id.Value) + (ulong)(hostNumber / Math.Max(1, 16 / pool.DevicesPerHost));
        var draw = new DrawStream(plan.Seed, Purpose.Maintenance, rack);
        var windows = ImmutableArray.CreateBuilder<Window>();
        for (var day = plan.From.AddDays(draw.Between(1, plan.MaintenanceEveryDays)); day < plan.Until; day = day.AddDays(plan.MaintenanceEveryDays))
        {
            var start = clock.Day(day).From + (draw.Between(60, 180) * Micros.PerMinute);
            if (start > from)
            {
                windows.Add(new(start, start + (draw.Between(60, 240) * Micros.PerMinute)));
            }
        }

        return windows.ToImmutable();
    }

    private ImmutableArray<Window> Gaps(string host, long from)
    {
        var draw = new DrawStream(plan.Seed, Purpose.ExporterGap, Draw.Name(host));
        var days = (double)(_window.Until - from) / Micros.PerDay;
        var gaps = new List<Window>();
        for (var left = draw.Poisson(plan.Faults.GapsPerHostDay * days); left > 0; left--)
        {
            var start = from + Seconds(draw.Unit() * days * 86_400);
            gaps.Add(new(start, start + Seconds(Math.Min(draw.LogNormal(20, 1.2), 600) * 60)));
        }

        return WindowSet.Union(gaps);
    }

    private Window Silent(DeviceId id)
    {
        var draw = new DrawStream(plan.Seed, Purpose.Silent, Draw.Name(id.Value));
        if (!draw.Chance(plan.Faults.SilentShare))
        {
            return default;
        }

        var from = clock.Day(plan.FirstTelemetry).From;
        var start = from + Seconds(draw.Unit() * (_window.Until - from) / Micros.PerSecond);
        return new(start, start + Seconds(draw.Between(1.5, 5) * 86_400));
    }

    private static long Seconds(double seconds) => (long)Math.Max(1, seconds) * Micros.PerSecond;
}
