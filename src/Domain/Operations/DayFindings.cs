using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Domain.Operations;

/// <summary>Where in a holding its idle run lies.</summary>
public enum IdlePart
{
    /// <summary>From its beginning: it has not started to compute, if it ever does.</summary>
    StartUp,

    MidJob,

    /// <summary>Until its end, after it had computed.</summary>
    Tail,
}

/// <summary>A device that was held and lay idle for a quarter of an hour or more without a break.</summary>
/// <param name="Time">The part of the run inside the day.</param>
/// <param name="SharePpm">What its holder had of the device, in parts per million.</param>
public sealed record IdleRun(
    DeviceId Device, PoolId Pool, string? Model, TenantId Tenant, string JobId, AllocationKind Kind, Window Time, IdlePart Part, int SharePpm)
{
    /// <summary>Unit: device-microseconds.</summary>
    public long DeviceMicros => SharePpm == AllocationFact.Whole ? Time.Length.Value : (long)((Int128)Time.Length.Value * SharePpm / AllocationFact.Whole);
}

/// <summary>A device that worked far less than the others of its job.</summary>
/// <param name="UsePpm">Its mean use of the day within the job.</param>
/// <param name="MedianPpm">That of the job's devices.</param>
/// <param name="HeldMicros">How long it was in the job that day.</param>
public sealed record Straggler(DeviceId Device, PoolId Pool, string? Model, TenantId Tenant, string JobId, int UsePpm, int MedianPpm, long HeldMicros);

/// <summary>A device that ran hot.</summary>
/// <param name="Micros">How long in all, in runs that are long enough.</param>
/// <param name="PeakMillidegrees">Thousandths of a degree Celsius.</param>
public sealed record HotDevice(DeviceId Device, PoolId Pool, long Micros, int PeakMillidegrees);

/// <summary>What samples say of one local day beside its card-hours. Each list is ordered by device, then time.</summary>
public sealed record DayFindings(DateOnly Day, ImmutableArray<IdleRun> Idle, ImmutableArray<Straggler> Stragglers, ImmutableArray<HotDevice> Hot)
{
    public bool Equals(DayFindings? other) => other is not null
        && Day == other.Day
        && Idle.SequenceEqual(other.Idle)
        && Stragglers.SequenceEqual(other.Stragglers)
        && Hot.SequenceEqual(other.Hot);

    public override int GetHashCode() => HashCode.Combine(Day, Idle.Length, Stragglers.Length, Hot.Length);
}
