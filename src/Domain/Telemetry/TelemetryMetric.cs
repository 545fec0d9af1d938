using System.Collections.Immutable;

namespace Headroom.Domain.Telemetry;

/// <summary>A gauge we keep of every device. Its place in <see cref="TelemetryMetrics.All"/> is its column.</summary>
/// <param name="Name">The word in files, SQL and the API.</param>
/// <param name="Unit">What one step of the stored integer is.</param>
/// <param name="StepsPerUnit">Stored steps per unit of the CSV column: 10,000 parts per million per percent.</param>
/// <param name="Min">Smallest acceptable stored value; below it a sample is rejected.</param>
/// <param name="Max">Largest acceptable stored value; above it a sample is rejected.</param>
public sealed record TelemetryMetric(int Column, string Name, string Unit, int StepsPerUnit, int Min, int Max);

/// <summary>All gauges we keep, declared once. Values are integers, lossless to what exporters print.</summary>
public static class TelemetryMetrics
{
    /// <summary>The stored value that means: the device reported, but not this, or nothing acceptable.</summary>
    public const int Missing = int.MinValue;

    public static readonly TelemetryMetric Utilization = new(0, "utilization", "ppm", 10_000, 0, 1_000_000);
    public static readonly TelemetryMetric MemoryUsed = new(1, "memory_used_mib", "KiB", 1_024, 0, int.MaxValue);
    public static readonly TelemetryMetric Power = new(2, "power_w", "mW", 1_000, 0, 20_000_000);
    public static readonly TelemetryMetric Temperature = new(3, "temperature_c", "m°C", 1_000, -60_000, 200_000);

    public static ImmutableArray<TelemetryMetric> All { get; } = [Utilization, MemoryUsed, Power, Temperature];
}
