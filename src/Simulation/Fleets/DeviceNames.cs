using System.Globalization;
using Headroom.Domain.Devices;
using Headroom.Simulation.Draws;

namespace Headroom.Simulation.Fleets;

/// <summary>Ids as the makers print them, the same in files and on pages.</summary>
internal static class DeviceNames
{
    private static readonly string[] NvidiaMarks = ["NVIDIA", "TESLA", "GEFORCE", "RTX", "A100", "A800", "H100", "H800", "H200", "H20", "L40", "L20", "V100", "T4", "B200"];

    public static DeviceMaker Maker(string? model, bool hasGauge, CardCatalog catalog)
    {
        if (!hasGauge)
        {
            return DeviceMaker.Node;
        }

        var vendor = catalog.Find(model)?.Vendor;
        var name = (vendor ?? model ?? string.Empty).ToUpperInvariant();
        return NvidiaMarks.Any(mark => name.StartsWith(mark, StringComparison.Ordinal)) ? DeviceMaker.Nvidia : DeviceMaker.Ascend;
    }

    /// <summary>A vdie id, a GPU UUID, or the name of the node.</summary>
    public static DeviceId Id(ulong seed, DeviceMaker maker, string host, int slot, int generation)
    {
        var place = Draw.Name(string.Create(CultureInfo.InvariantCulture, $"{host}/{slot}/{generation}"));
        var (a, b, c) = (Draw.At(seed, Purpose.Identity, place, 0), Draw.At(seed, Purpose.Identity, place, 1), Draw.At(seed, Purpose.Identity, place, 2));
        return maker switch
        {
            DeviceMaker.Node => new(generation == 0 ? host : string.Create(CultureInfo.InvariantCulture, $"{host}-b{generation}")),
            DeviceMaker.Nvidia => new(string.Create(
                CultureInfo.InvariantCulture,
                $"GPU-{(uint)a:x8}-{(ushort)(a >> 32):x4}-{(ushort)(a >> 48):x4}-{(ushort)b:x4}-{b >> 16:x12}")),
            _ => new(string.Create(
                CultureInfo.InvariantCulture,
                $"{(uint)a:X8}-{(uint)(a >> 32):X8}-{(uint)b:X8}-{(uint)(b >> 32):X8}-{(uint)c:X8}")),
        };
    }
}
