using System.Collections.Immutable;
using System.Text;
using Headroom.Domain.Facts;
using Headroom.Domain.Telemetry;
using Headroom.Ingest.Identity;

namespace Headroom.Ingest.Formats.Telemetry.PrometheusText;

/// <summary>The labels of a line or series.</summary>
internal interface ILabels
{
    /// <summary>The decoded value of a label; null where it is absent or empty, which is the same thing.</summary>
    string? Label(ReadOnlySpan<byte> name);
}

/// <summary>Reads from labels whom they speak of. The same for a page and for remote write.</summary>
internal static class DeviceNaming
{
    // What npu-exporter says of a card that several pods share.
    private const string ManyPods = "not_displayed_for_multi_pod";

    /// <param name="sourceHost">Where no label names a host; null: not known.</param>
    public static LabeledDevice Of<TLabels>(ExporterMapping mapping, in TLabels labels, string? sourceHost)
        where TLabels : ILabels, allows ref struct
    {
        var host = First(in labels, mapping.HostLabels) ?? sourceHost;
        var model = First(in labels, mapping.ModelLabels) is { } named ? mapping.ModelOf(named) : null;
        var id = First(in labels, mapping.IdLabels) is { } global ? mapping.IdOf(global) : null;
        var isLocal = id is null;
        if (isLocal && host is not null && First(in labels, mapping.LocalIdLabels) is { } local)
        {
            id = CardName.OnHost(local, host);
        }

        var slice = mapping.Slices is { } slices ? labels.Label(Encoding.UTF8.GetBytes(slices.IdLabel)) : null;
        var share = slice is null ? null : labels.Label(Encoding.UTF8.GetBytes(mapping.Slices!.ShareLabel)) is { } text ? mapping.Slices.ShareOf(text, model) : null;
        var device = new LabeledDevice(id, isLocal, host, First(in labels, mapping.SlotLabels), model, slice, share);
        return mapping.Holder is { } holder ? device with { Holder = HolderOf(holder, in labels, device) is { } known ? [known] : [] } : device;
    }

    // Prometheus keeps a label of the page that its target has too as exported_..., and in its place says where the exporter itself runs: a pod called an exporter holds nothing.
    private static LabeledHolder? HolderOf<TLabels>(HolderMapping mapping, in TLabels labels, LabeledDevice device)
        where TLabels : ILabels, allows ref struct
    {
        var (pod, job) = (First(in labels, mapping.PodLabels), First(in labels, mapping.JobLabels));
        pod = pod is not null && pod.Contains("exporter", StringComparison.OrdinalIgnoreCase) ? null : pod;
        if (pod is null && job is null)
        {
            return null;
        }

        var share = PpmOf(device.Slice is null ? SliceMapping.Whole : device.Share ?? SliceMapping.Whole);
        var tenant = pod is null ? null : First(in labels, mapping.TenantLabels);
        return pod == ManyPods ? new("shared", null, share) : new(tenant, job ?? (tenant is null ? pod : $"{tenant}/{pod}"), share);
    }

    private static int PpmOf(int share) => (int)((long)share * AllocationFact.Whole / SliceMapping.Whole);

    private static string? First<TLabels>(in TLabels labels, ImmutableArray<string> names)
        where TLabels : ILabels, allows ref struct
    {
        foreach (var name in names)
        {
            if (labels.Label(Encoding.UTF8.GetBytes(name)) is { } value)
            {
                return value;
            }
        }

        return null;
    }
}
