using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Domain.Facts;

/// <summary>What a device was held for.</summary>
public enum AllocationKind
{
    /// <summary>A job or pod runs on it: the scheduler gave it.</summary>
    Job,

    /// <summary>Kept for a tenant by the center, whether anything runs on it or not.</summary>
    Reservation,

    /// <summary>Sold to a tenant, whether anything runs on it or not.</summary>
    Contract,

    /// <summary>A job or pod runs on it: labels of telemetry name it. Counts where no job log and no file of allocations names devices.</summary>
    Labeled,
}

/// <summary>A device, or a slice of it, held by a tenant.</summary>
/// <param name="Valid">Ends with <see cref="Instants.Never"/> while it holds.</param>
/// <param name="JobId">The job, pod or contract; null: not said.</param>
/// <param name="SharePpm">The slice in parts per million of the device, 1 to 1,000,000. An integer, so that windows add up exactly.</param>
public sealed record AllocationFact(DeviceId Device, Window Valid, TenantId Tenant, string? JobId, AllocationKind Kind, int SharePpm)
{
    public const int Whole = 1_000_000;

    public int Revision { get; init; }
}
