using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;

namespace Headroom.Domain.Accounting;

/// <summary>What of an amount of available time was held, and over how much of it that is known. Weights as in <see cref="UsageSums"/>.</summary>
public readonly record struct HeldTime(Int128 Held, Int128 Known)
{
    public static HeldTime operator +(HeldTime left, HeldTime right) => new(left.Held + right.Held, left.Known + right.Known);
}

/// <summary>One pool's allocation, seen by the scheduler and by contract: two views of the same time, never added.</summary>
/// <param name="Available">Installed − Down − Maintenance.</param>
/// <param name="Scheduler">Held by jobs; null: no scheduler's feed.</param>
/// <param name="Contract">Held by reservation or contract; null: no register of them.</param>
/// <param name="ContractOnly">Held by reservation or contract while no job ran there: what its owner leaves lying.</param>
public sealed record AllocationSums(Int128 Available, HeldTime? Scheduler, HeldTime? Contract, Int128 ContractOnly)
{
    public MetricValue? U1s => Scheduler is { } held ? MetricValue.Ratio(MetricCatalog.U1s.Id, held.Held, held.Known, Available) : null;

    public MetricValue? U1c => Contract is { } held ? MetricValue.Ratio(MetricCatalog.U1c.Id, held.Held, held.Known, Available) : null;

    /// <summary>U1s where a scheduler's feed exists, else U1c, else null. Its id says which.</summary>
    public MetricValue? U1 => U1s ?? U1c;

    public static AllocationSums operator +(AllocationSums left, AllocationSums right) => new(
        left.Available + right.Available,
        left.Scheduler is { } a && right.Scheduler is { } b ? a + b : left.Scheduler ?? right.Scheduler,
        left.Contract is { } c && right.Contract is { } d ? c + d : left.Contract ?? right.Contract,
        left.ContractOnly + right.ContractOnly);
}

/// <summary>The allocation of one pool.</summary>
/// <param name="Devices">Device-microseconds.</param>
/// <param name="Rated">MFLOPS-microseconds; null where a device of the window has no rating.</param>
public sealed record PoolAllocation(PoolId Pool, AllocationSums Devices, AllocationSums? Rated)
{
    public AllocationSums Weighed => Rated ?? Devices;
}

/// <summary>Allocation from facts alone: no sample is asked. Pure, exact and additive over any split of the window.</summary>
public static class AllocationAxes
{
    /// <summary>One entry per pool that had installed time in the window, ordered by pool.</summary>
    /// <param name="rating">MFLOPS of a model at the pool's precision; null: not rated.</param>
    public static ImmutableArray<PoolAllocation> Of(IEnumerable<DeviceHistory> histories, Window window, Func<PoolId, string?, long?> rating)
    {
        var pools = new SortedDictionary<string, (AllocationSums? Devices, AllocationSums? Rated, bool IsUnrated)>(StringComparer.Ordinal);
        foreach (var device in histories)
        {
            foreach (var placement in device.Placements)
            {
                var installed = placement.Valid.Within(window);
                if (installed.IsEmpty)
                {
                    continue;
                }

                var sums = Sums(device, installed);
                var (devices, rated, isUnrated) = pools.GetValueOrDefault(placement.Pool.Value);
                var weight = rating(placement.Pool, placement.Model);
                pools[placement.Pool.Value] = (
                    devices is null ? sums : devices + sums,
                    weight is not { } mflops ? rated : rated is null ? Times(sums, mflops) : rated + Times(sums, mflops),
                    isUnrated || weight is null);
            }
        }

        return [.. pools.Select(pair => new PoolAllocation(new(pair.Key), pair.Value.Devices!, pair.Value.IsUnrated ? null : pair.Value.Rated))];
    }

    private static AllocationSums Sums(DeviceHistory device, Window installed)
    {
        var available = WindowSet.Minus([installed], WindowSet.Union(device.Down.Concat(device.Maintenance)));
        var (scheduler, contract) = (default(HeldTime), default(HeldTime));
        Int128 all = 0, only = 0;
        var held = new List<HeldShare>();
        ImmutableArray<Holding> holdings = [.. device.Holdings.Where(holding => holding.Valid.Overlaps(installed))];
        foreach (var part in available)
        {
            all += part.Until - part.From;
            for (var from = part.From; from < part.Until;)
            {
                var until = Math.Min(part.Until, Math.Min(NextEdge(device.AllocationKnown, from), NextEdge(device.ContractKnown, from)));
                held.Clear();
                HeldShare.At(holdings, from, held, ref until);
                var jobs = held.Where(share => share.Holding.IsByScheduler).Sum(share => share.Ppm);
                var wanted = Math.Min(AllocationFact.Whole, holdings.Where(h => !h.IsByScheduler && h.Valid.Contains(from)).Sum(h => (long)h.SharePpm));
                foreach (var holding in holdings.Where(h => !h.IsByScheduler && h.Valid.Contains(from)))
                {
                    until = Math.Min(until, holding.Valid.Until);
                }

                scheduler += Held(from, until, jobs, WindowSet.Contains(device.AllocationKnown, from));
                contract += Held(from, until, wanted, WindowSet.Contains(device.ContractKnown, from));
                only += Part(from, until, held.Where(share => !share.Holding.IsByScheduler).Sum(share => share.Ppm));
                from = until;
            }
        }

        return new(all, device.HasScheduler ? scheduler : null, device.ContractKnown.IsEmpty ? null : contract, only);
    }

    // What is held is known to be held, also outside of what a feed covers.
    private static HeldTime Held(long from, long until, long ppm, bool isKnown)
    {
        var held = Part(from, until, ppm);
        return new(held, isKnown ? until - from : held);
    }

    private static Int128 Part(long from, long until, long ppm) =>
        ppm == AllocationFact.Whole ? until - from : Floor((Int128)until * ppm) - Floor((Int128)from * ppm);

    private static Int128 Floor(Int128 share)
    {
        var (quotient, remainder) = Int128.DivRem(share, AllocationFact.Whole);
        return remainder < 0 ? quotient - 1 : quotient;
    }

    // The first begin or end of a window after an instant.
    private static long NextEdge(ImmutableArray<Window> set, long instant)
    {
        foreach (var window in set)
        {
            if (window.From > instant)
            {
                return window.From;
            }

            if (window.Until > instant)
            {
                return window.Until;
            }
        }

        return Instants.Never;
    }

    private static AllocationSums Times(AllocationSums sums, long weight) => new(
        sums.Available * weight,
        sums.Scheduler is { } scheduler ? new HeldTime(scheduler.Held * weight, scheduler.Known * weight) : null,
        sums.Contract is { } contract ? new HeldTime(contract.Held * weight, contract.Known * weight) : null,
        sums.ContractOnly * weight);
}
