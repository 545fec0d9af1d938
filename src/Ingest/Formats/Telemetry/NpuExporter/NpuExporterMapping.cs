using System.Globalization;
using Headroom.Domain.Telemetry;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;

namespace Headroom.Ingest.Formats.Telemetry.NpuExporter;

/// <summary>Huawei npu-exporter, from 2.0 (label <c>id</c> alone) to 7.x. Pod labels come and go on one card and are no part of its identity.</summary>
internal static class NpuExporterMapping
{
    public static ExporterMapping Mapping { get; } = new(
        "npu-exporter",
        ["npu_chip_info_", "machine_npu_nums", "npu_exporter_version_info", "vnpu_pod_"],
        [
            new("npu_chip_info_overall_utilization", TelemetryMetrics.Utilization, 10_000, Preference: 0),
            new("npu_chip_info_utilization", TelemetryMetrics.Utilization, 10_000, Preference: 1),
            new("vnpu_pod_aicore_utilization", TelemetryMetrics.Utilization, 10_000, Preference: -1),
            new("npu_chip_info_hbm_used_memory", TelemetryMetrics.MemoryUsed, 1_024, Preference: 0),
            new("npu_chip_info_used_memory", TelemetryMetrics.MemoryUsed, 1_024, Preference: 1),
            new("vnpu_pod_used_memory", TelemetryMetrics.MemoryUsed, 1, Preference: 2),
            new("npu_chip_info_power", TelemetryMetrics.Power, 1_000),
            new("npu_chip_info_temperature", TelemetryMetrics.Temperature, 1_000),
        ],
        IdLabels: ["vdie_id"],
        LocalIdLabels: ["pcie_bus_info", "id"],
        HostLabels: ["node", "instance"],
        SlotLabels: ["id"],
        ModelLabels: ["model_name", "name"])
    {
        // npu-smi prints the same id with spaces.
        IdOf = id => id.Trim().Replace(' ', '-').ToUpperInvariant(),
        ModelOf = ModelOf,
        Slices = new("v_dev_id", "aicore_count", ShareOf),
    };

    // <ChipName>-<ChipType>-<ChipVersion>
    private static string ModelOf(string name)
    {
        var chip = name.Split('-', 2)[0];
        return chip.StartsWith("Ascend", StringComparison.OrdinalIgnoreCase) ? chip : "Ascend " + chip;
    }

    // Virtual devices are reported on the 310P, which has 8 AI cores.
    private static int? ShareOf(string cores, string? model) =>
        model is not null && model.Contains("310P", StringComparison.Ordinal)
        && double.TryParse(cores, NumberStyles.Float, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 8
            ? (int)Math.Round(count * SliceMapping.Whole / 8)
            : null;
}
