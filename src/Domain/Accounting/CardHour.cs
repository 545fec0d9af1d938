using System.Collections.Immutable;
using Headroom.Domain.Devices;

namespace Headroom.Domain.Accounting;

/// <summary>A tenant's part of the allocated time of one device and hour. Unit: microseconds.</summary>
public readonly record struct TenantHour(TenantId Tenant, long Busy, long Idle, long UseUnknown)
{
    public long Allocated => Busy + Idle + UseUnknown;
}

/// <summary>One device in one hour and one pool: the fact every utilization number is a sum of.</summary>
/// <param name="HourStart">Unit: microseconds since the Unix epoch, UTC; aligned to the center's local hours.</param>
/// <param name="Model">As the inventory writes it; null: not known.</param>
/// <param name="SilentZero">The part of the unknown use whose reason is <c>silent_zero</c>. Unit: microseconds.</param>
/// <param name="EnergyNanojoules">Integral of card power over <paramref name="EnergyKnown"/>. Unit: nJ (mW x microseconds).</param>
/// <param name="EnergyKnown">Time with known power. Unit: microseconds.</param>
/// <param name="Samples">Samples of utilization accepted in the hour.</param>
/// <param name="Tenants">Who held the allocated time; ordered by tenant. Their sum is the allocated time.</param>
public sealed record CardHour(
    long HourStart,
    PoolId Pool,
    string? Model,
    string? Host,
    HourCells Cells,
    long SilentZero,
    long EnergyNanojoules,
    long EnergyKnown,
    int Samples,
    ImmutableArray<TenantHour> Tenants)
{
    /// <summary>How often known utilization was where.</summary>
    public UseDistribution Uses { get; init; } = UseDistribution.None;

    public bool Equals(CardHour? other) => other is not null
        && (HourStart, Pool, Model, Host, SilentZero, EnergyNanojoules, EnergyKnown) == (other.HourStart, other.Pool, other.Model, other.Host, other.SilentZero, other.EnergyNanojoules, other.EnergyKnown)
        && Samples == other.Samples
        && Cells == other.Cells
        && Tenants.SequenceEqual(other.Tenants)
        && Uses.Equals(other.Uses);

    public override int GetHashCode() => HashCode.Combine(HourStart, Pool, Cells);
}

/// <summary>The card-hours of one device and one local day, oldest first.</summary>
public sealed record CardDay(DeviceId Device, DateOnly Day, ImmutableArray<CardHour> Hours)
{
    public bool Equals(CardDay? other) => other is not null && (Device, Day) == (other.Device, other.Day) && Hours.SequenceEqual(other.Hours);

    public override int GetHashCode() => HashCode.Combine(Device, Day, Hours.Length);
}

/// <summary>How much of an hour a device was busy, out of how much is known. Unit: microseconds.</summary>
public readonly record struct HourUse(long Busy, long Known);
