namespace Headroom.Domain.Accounting;

/// <summary>Samples of one device as columns, oldest first, one row an instant.</summary>
/// <param name="Instants">Strictly rising. Unit: microseconds since the Unix epoch.</param>
/// <param name="UsePpm">Parts per million, or <see cref="Telemetry.TelemetryMetrics.Missing"/>.</param>
/// <param name="MemoryKib">KiB, or missing.</param>
/// <param name="PowerMilliwatts">mW, or missing.</param>
/// <param name="TemperatureMillidegrees">Thousandths of a degree Celsius, or missing.</param>
public sealed record DeviceSamples(long[] Instants, int[] UsePpm, int[] MemoryKib, int[] PowerMilliwatts, int[] TemperatureMillidegrees)
{
    public static DeviceSamples None { get; } = new([], [], [], [], []);

    public int Count => Instants.Length;
}
