using System.Globalization;
using System.Text.Json;

namespace Headroom.Ingest.Formats.Records.Kubernetes;

/// <summary>Cards in the resources of a container: whole ones, and slices by their share.</summary>
/// <remarks>Source: the device plugins of NVIDIA, Huawei, AMD, Cambricon and Hygon; Kubernetes, resource quantities.</remarks>
internal static class CardQuantity
{
    private static readonly HashSet<string> Whole = new(StringComparer.Ordinal)
    {
        "nvidia.com/gpu", "huawei.com/Ascend910", "huawei.com/Ascend310", "huawei.com/Ascend310P", "huawei.com/npu",
        "amd.com/gpu", "cambricon.com/mlu", "cambricon.com/mlu370", "cambricon.com/mlu590", "hygon.com/dcu", "gpu.intel.com/i915", "gpu.intel.com/xe",
    };

    /// <summary>Of a container's resources: what it may have at most, else what it asks for. Unit: cards.</summary>
    public static double Of(JsonElement resources)
    {
        var cards = 0.0;
        var limits = resources.Find("limits");
        foreach (var entry in (limits is { ValueKind: JsonValueKind.Object } && limits.Value.EnumerateObject().Any(IsCard) ? limits : resources.Find("requests")).Entries())
        {
            cards += IsCard(entry) ? ShareOf(entry.Name) * Amount(entry.Value) : 0;
        }

        return cards;
    }

    /// <summary>Of a plain list of resources, such as a pod group's.</summary>
    public static double OfList(JsonElement? resources) => resources.Entries().Where(IsCard).Sum(entry => ShareOf(entry.Name) * Amount(entry.Value));

    private static bool IsCard(JsonProperty entry) => ShareOf(entry.Name) > 0;

    // "nvidia.com/mig-3g.40gb" is three sevenths of a card; "huawei.com/Ascend310P-2c" two of its eight cores.
    private static double ShareOf(string name)
    {
        if (Whole.Contains(name))
        {
            return 1;
        }

        const string mig = "nvidia.com/mig-";
        if (name.StartsWith(mig, StringComparison.Ordinal) && name.Length > mig.Length + 1 && name[mig.Length + 1] == 'g' && char.IsAsciiDigit(name[mig.Length]))
        {
            return (name[mig.Length] - '0') / 7.0;
        }

        const string part = "huawei.com/Ascend310P-";
        return name.StartsWith(part, StringComparison.Ordinal) && name.Length > part.Length + 1 && name[part.Length + 1] == 'c' && char.IsAsciiDigit(name[part.Length])
            ? (name[part.Length] - '0') / 8.0
            : 0;
    }

    // "8", 8, "500m", "2k".
    private static double Amount(JsonElement value)
    {
        var text = value.ValueKind switch { JsonValueKind.String => value.GetString()!, JsonValueKind.Number => value.GetRawText(), _ => "" };
        var scale = text switch { [.., 'm'] => 0.001, [.., 'k'] => 1_000, _ => 1 };
        return double.TryParse(scale == 1 ? text : text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) && amount >= 0 && double.IsFinite(amount) ? amount * scale : double.NaN;
    }
}
