using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Simulation.Demand;

/// <summary>What somebody truly wanted, whether or not it ever ran. Instants are whole seconds.</summary>
/// <param name="Key">Number that its own random draws hang on.</param>
/// <param name="Pool">The place of its pool in the fleet.</param>
/// <param name="Eligible">When it could have started: where its demand begins.</param>
/// <param name="Runtime">Unit: microseconds, whole seconds.</param>
/// <param name="Patience">Longest wait; <see cref="Instants.Never"/> where it does not give up.</param>
/// <param name="Outcome">How it ends when nothing interrupts it.</param>
/// <param name="Requested">Requested wall time. Unit: microseconds.</param>
/// <param name="WellTuned">Whether it keeps its devices busy.</param>
public sealed record SimulatedRequest(
    ulong Key,
    string JobId,
    int Pool,
    TenantId Tenant,
    long Submitted,
    long Eligible,
    int Devices,
    long Runtime,
    long Patience,
    JobState Outcome,
    long Requested,
    bool WellTuned)
{
    /// <summary>When it would run if it started as soon as it could.</summary>
    public Window Wanted => new(Eligible, Eligible + Runtime);
}
