using System.Collections.Immutable;

namespace Headroom.Domain.Telemetry;

/// <summary>Who holds a device, as a label of telemetry names him.</summary>
/// <param name="Tenant">The namespace; null: the label names a job alone.</param>
/// <param name="Job">The scheduler's job, or the pod as <c>NAMESPACE/POD</c>; null: several that are not named.</param>
/// <param name="SharePpm">Of the device, 1 to 1,000,000.</param>
public sealed record LabeledHolder(string? Tenant, string? Job, int SharePpm)
{
    /// <summary>What holders of a device are ordered by.</summary>
    public string Key => FormattableString.Invariant($"{Tenant}\n{Job}\n{SharePpm}");
}

/// <summary>A device at an instant on a page whose exporter can name holders.</summary>
/// <param name="Instant">Unit: microseconds since the Unix epoch.</param>
/// <param name="Holders">Ordered; empty: no label names any, which means nobody where the host's exporter names some at all.</param>
public readonly record struct DeviceHeld(string Device, string? Host, long Instant, ImmutableArray<LabeledHolder> Holders);
