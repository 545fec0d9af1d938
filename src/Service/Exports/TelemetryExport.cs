using System.Globalization;
using System.Text;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Service.Rendering;
using Headroom.Storage;

namespace Headroom.Service.Exports;

/// <summary>Raw samples as the CSV that ingest reads, without loss: each value has the decimals its stored integer needs.</summary>
internal static class TelemetryExport
{
    private const long SpanMicros = 30 * Micros.PerDay;

    private static readonly TelemetryMetric[] Gauges = [TelemetryMetrics.Utilization, TelemetryMetrics.MemoryUsed, TelemetryMetrics.Power, TelemetryMetrics.Temperature];

    /// <param name="devices">In this order; of each its samples inside <paramref name="asked"/>, oldest first, a month in memory.</param>
    public static async Task<long> WriteAsync(
        TextWriter writer, IStore store, CenterId center, IEnumerable<SightedDevice> devices, Window asked, CancellationToken cancellationToken)
    {
        var rows = 0L;
        await writer.WriteLineAsync("timestamp,card,host,partition,utilization,memory_used_mib,power_w,temperature_c".AsMemory(), cancellationToken);
        foreach (var device in devices)
        {
            var sighting = device.Sighting;
            var place = $",{CsvText.Cell(sighting.Id)},{CsvText.Cell(sighting.Host ?? "")},{CsvText.Cell(sighting.Pool ?? "")}";
            var window = new Window(device.FirstSample, device.LastSample + 1).Within(asked);
            for (var from = window.From; from < window.Until; from += SpanMicros)
            {
                var span = new Window(from, Math.Min(from + SpanMicros, window.Until));
                var samples = await store.ReadSamplesAsync(center, new(sighting.Id), span, cancellationToken);
                rows += samples.Count;
                await writer.WriteAsync(Rows(samples, place), cancellationToken);
            }
        }

        return rows;
    }

    private static StringBuilder Rows(DeviceSamples samples, string place)
    {
        var text = new StringBuilder();
        int[][] columns = [samples.UsePpm, samples.MemoryKib, samples.PowerMilliwatts, samples.TemperatureMillidegrees];
        for (var row = 0; row < samples.Count; row++)
        {
            text.Append(Instants.ToText(samples.Instants[row])).Append(place);
            for (var column = 0; column < columns.Length; column++)
            {
                text.Append(',');
                if (columns[column][row] is var stored && stored != TelemetryMetrics.Missing)
                {
                    text.Append(((decimal)stored / Gauges[column].StepsPerUnit).ToString("0.##########", CultureInfo.InvariantCulture));
                }
            }

            text.Append('\n');
        }

        return text;
    }
}
