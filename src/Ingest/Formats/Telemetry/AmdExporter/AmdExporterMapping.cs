using Headroom.Domain.Telemetry;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;

namespace Headroom.Ingest.Formats.Telemetry.AmdExporter;

/// <summary>AMD device-metrics-exporter with its default names. Partitions other than the first report 0 watts and no activity: the largest of a card's values is the card's.</summary>
internal static class AmdExporterMapping
{
    public static ExporterMapping Mapping { get; } = new(
        "amd-exporter",
        ["gpu_gfx_activity", "gpu_umc_activity", "gpu_package_power", "gpu_used_vram"],
        [
            new("gpu_gfx_activity", TelemetryMetrics.Utilization, 10_000),
            new("gpu_used_vram", TelemetryMetrics.MemoryUsed, 1_024),
            new("gpu_package_power", TelemetryMetrics.Power, 1_000, Preference: 0),
            new("gpu_power_usage", TelemetryMetrics.Power, 1_000, Preference: 1),
            new("gpu_average_package_power", TelemetryMetrics.Power, 1_000, Preference: 2),
            new("gpu_junction_temperature", TelemetryMetrics.Temperature, 1_000, Preference: 0),
            new("gpu_edge_temperature", TelemetryMetrics.Temperature, 1_000, Preference: 1),
        ],
        IdLabels: ["serial_number"],
        LocalIdLabels: ["gpu_id"],
        HostLabels: ["hostname", "node", "instance"],
        SlotLabels: ["gpu_id"],
        ModelLabels: ["card_model"]);
}
