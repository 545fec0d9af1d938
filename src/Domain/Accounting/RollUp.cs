using System.Collections.Immutable;
using Headroom.Domain.Devices;

namespace Headroom.Domain.Accounting;

/// <summary>What a roll-up is the sum over. A model's is the sum of the pools' rows of that model.</summary>
public enum RollUpScope
{
    Pool,
    Host,
    Tenant,
}

/// <summary>How long the time of one roll-up is. Hours, days and months are those of the center's zone.</summary>
public enum RollUpGrain
{
    /// <summary>Pools only: peaks are made of it.</summary>
    FiveMinutes,
    Hour,
    Day,
    Month,
}

/// <summary>Whom a roll-up is about. Pool and model are always part of it, since ratings belong to them.</summary>
/// <param name="Name">The host or the tenant; empty for a host that is not known, and for pools.</param>
public readonly record struct RollUpKey(string Name, PoolId Pool, string? Model);

/// <summary>Card-hours, or five minutes of them, added up.</summary>
/// <param name="Start">Unit: microseconds since the Unix epoch, UTC.</param>
/// <param name="Cells">Sums over devices. Unit: device-microseconds. Of a tenant: the allocated cells alone.</param>
/// <param name="CardHours">How many card-hours are in it; 0 for five minutes.</param>
/// <param name="EnergyNanojoules">0 for tenants and for five minutes, as are the rest.</param>
/// <param name="EnergyKnown">Unit: device-microseconds.</param>
public sealed record RollUp(
    RollUpKey Key,
    long Start,
    HourCells Cells,
    long CardHours,
    long SilentZero,
    Int128 EnergyNanojoules,
    long EnergyKnown,
    long Samples,
    UseDistribution Uses);

/// <summary>Adds card-hours and roll-ups up.</summary>
public sealed class RollUpAdder
{
    private readonly long[] _cells = new long[HourCells.Count];
    private readonly int[] _uses = new int[UseDistribution.Bins];
    private long _cardHours;
    private long _silentZero;
    private Int128 _energy;
    private long _energyKnown;
    private long _samples;

    public void Add(CardHour hour)
    {
        Add(hour.Cells);
        _cardHours++;
        _silentZero += hour.SilentZero;
        _energy += hour.EnergyNanojoules;
        _energyKnown += hour.EnergyKnown;
        _samples += hour.Samples;
        hour.Uses.AddTo(_uses);
    }

    public void Add(TenantHour hour)
    {
        _cardHours++;
        _cells[(int)Cell.AllocatedBusy] += hour.Busy;
        _cells[(int)Cell.AllocatedIdle] += hour.Idle;
        _cells[(int)Cell.AllocatedUseUnknown] += hour.UseUnknown;
    }

    public void Add(RollUp part)
    {
        Add(part.Cells);
        _cardHours += part.CardHours;
        _silentZero += part.SilentZero;
        _energy += part.EnergyNanojoules;
        _energyKnown += part.EnergyKnown;
        _samples += part.Samples;
        part.Uses.AddTo(_uses);
    }

    public RollUp Sum(RollUpKey key, long start) =>
        new(key, start, new HourCells(_cells), _cardHours, _silentZero, _energy, _energyKnown, _samples, UseDistribution.Of(_uses));

    private void Add(HourCells cells)
    {
        for (var cell = 0; cell < _cells.Length; cell++)
        {
            _cells[cell] += cells.Micros[cell];
        }
    }
}

/// <summary>Makes roll-ups. Pure; ordered by name, pool, model and start, so that equal card-hours give equal roll-ups.</summary>
public static class RollUps
{
    /// <summary>One roll-up per key and hour that has card-hours.</summary>
    public static ImmutableArray<RollUp> OfHours(RollUpScope scope, IEnumerable<CardDay> days)
    {
        var sums = new Dictionary<(RollUpKey Key, long Start), RollUpAdder>();
        foreach (var hour in days.SelectMany(day => day.Hours))
        {
            if (scope == RollUpScope.Tenant)
            {
                foreach (var tenant in hour.Tenants)
                {
                    Of(sums, new(tenant.Tenant.Value, hour.Pool, hour.Model), hour.HourStart).Add(tenant);
                }
            }
            else
            {
                Of(sums, new(scope == RollUpScope.Host ? hour.Host ?? "" : "", hour.Pool, hour.Model), hour.HourStart).Add(hour);
            }
        }

        return Ordered(sums);
    }

    /// <summary>Parts of one longer time as one roll-up per key.</summary>
    /// <param name="start">When the longer time begins. Unit: microseconds since the Unix epoch.</param>
    public static ImmutableArray<RollUp> Sum(IEnumerable<RollUp> parts, long start)
    {
        var sums = new Dictionary<(RollUpKey Key, long Start), RollUpAdder>();
        foreach (var part in parts)
        {
            Of(sums, part.Key, start).Add(part);
        }

        return Ordered(sums);
    }

    private static RollUpAdder Of(Dictionary<(RollUpKey Key, long Start), RollUpAdder> sums, RollUpKey key, long start)
    {
        if (!sums.TryGetValue((key, start), out var sum))
        {
            sums[(key, start)] = sum = new();
        }

        return sum;
    }

    private static ImmutableArray<RollUp> Ordered(Dictionary<(RollUpKey Key, long Start), RollUpAdder> sums) =>
    [
        .. sums
            .OrderBy(pair => pair.Key.Key.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key.Key.Pool.Value, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key.Key.Model, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key.Start)
            .Select(pair => pair.Value.Sum(pair.Key.Key, pair.Key.Start)),
    ];
}
