using Headroom.Domain.Telemetry;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;

namespace Headroom.Ingest.Formats.Telemetry.DcgmExporter;

/// <summary>NVIDIA dcgm-exporter, labels of old and new releases. A card shared by several pods appears once per pod and counts once.</summary>
internal static class DcgmExporterMapping
{
    public static ExporterMapping Mapping { get; } = new(
        "dcgm-exporter",
        ["DCGM_FI_", "DCGM_EXP_"],
        [
            new("DCGM_FI_PROF_GR_ENGINE_ACTIVE", TelemetryMetrics.Utilization, 1_000_000, Preference: 0),
            new("DCGM_FI_DEV_GPU_UTIL", TelemetryMetrics.Utilization, 10_000, Preference: 1),
            new("DCGM_FI_DEV_FB_USED", TelemetryMetrics.MemoryUsed, 1_024),
            new("DCGM_FI_DEV_POWER_USAGE", TelemetryMetrics.Power, 1_000),
            new("DCGM_FI_DEV_GPU_TEMP", TelemetryMetrics.Temperature, 1_000),
        ],
        IdLabels: ["UUID", "uuid", "DCGM_FI_DEV_SERIAL"],
        LocalIdLabels: ["pci_bus_id", "gpu"],
        HostLabels: ["Hostname", "hostname", "node", "instance"],
        SlotLabels: ["gpu"],
        ModelLabels: ["modelName", "model_name"])
    {
        Holder = new(["exported_namespace", "namespace", "pod_namespace"], ["exported_pod", "pod", "pod_name"], ["hpc_job"]),
        Slices = new("GPU_I_ID", "GPU_I_PROFILE", ShareOf),
    };

    // "3g.40gb" is three sevenths of a card, "1c.3g.40gb" one of them; an A30 has four.
    private static int? ShareOf(string profile, string? model)
    {
        var whole = model is not null && model.Contains("A30", StringComparison.Ordinal) ? 4 : 7;
        return profile.Length >= 2 && profile[1] is 'g' or 'c' && profile[0] - '0' is > 0 and var parts && parts <= whole
            ? parts * SliceMapping.Whole / whole
            : null;
    }
}
