using Headroom.Domain.Telemetry;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;

namespace Headroom.Ingest.Formats.Telemetry.MluExporter;

/// <summary>Cambricon mlu-exporter with the prefix <c>mlu</c> of its deployment files. Memory is in bytes.</summary>
internal static class MluExporterMapping
{
    public static ExporterMapping Mapping { get; } = new(
        "mlu-exporter",
        ["mlu_utilization", "mlu_memory_used", "mlu_power_usage", "mlu_temperature"],
        [
            new("mlu_utilization", TelemetryMetrics.Utilization, 10_000),
            new("mlu_memory_used", TelemetryMetrics.MemoryUsed, 1.0 / 1_024),
            new("mlu_power_usage", TelemetryMetrics.Power, 1_000),
            new("mlu_temperature", TelemetryMetrics.Temperature, 1_000),
        ],
        IdLabels: ["uuid", "sn"],
        LocalIdLabels: ["mlu"],
        HostLabels: ["node", "instance"],
        SlotLabels: ["mlu"],
        ModelLabels: ["model"]);
}
