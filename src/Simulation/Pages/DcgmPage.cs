using System.Globalization;
using System.Text;

namespace Headroom.Simulation.Pages;

/// <summary>dcgm-exporter with its default counters. Labels and order as in NVIDIA/dcgm-exporter, server template.</summary>
internal static class DcgmPage
{
    public static void Append(StringBuilder page, string host, List<PageCard> cards)
    {
        Gauge("DCGM_FI_DEV_GPU_TEMP", "GPU temperature (in C).", card => Text(card.Reading.Celsius));
        Gauge("DCGM_FI_DEV_POWER_USAGE", "Power draw (in W).", card => PageText.Tenth(card.Reading.PowerDeciwatts) + "00000");
        Gauge("DCGM_FI_DEV_GPU_UTIL", "GPU utilization (in %).", card => Text(card.Reading.Utilization));
        Gauge("DCGM_FI_DEV_FB_FREE", "Framebuffer memory free (in MiB).", card => Text(Math.Max(0, card.Device.MemoryMib - card.Reading.MemoryMib)));
        Gauge("DCGM_FI_DEV_FB_USED", "Framebuffer memory used (in MiB).", card => Text(card.Reading.MemoryMib));
        Gauge("DCGM_FI_PROF_GR_ENGINE_ACTIVE", "Ratio of time the graphics engine is active.", card => (card.Reading.Utilization / 100m).ToString("0.000000", CultureInfo.InvariantCulture));

        void Gauge(string name, string help, Func<PageCard, string> value) => PageText.Family(page, name, help, cards.Select(card => Labels(host, card) + " " + value(card)));
    }

    private static string Labels(string host, PageCard card)
    {
        var slot = card.Device.Slot;
        var model = card.Model is { } name ? PageText.Escape(name.StartsWith("NVIDIA", StringComparison.OrdinalIgnoreCase) ? name : "NVIDIA " + name) : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{{gpu=\"{slot}\",UUID=\"{card.Device.Id}\",pci_bus_id=\"00000000:{7 + (slot * 8):X2}:00.0\",device=\"nvidia{slot}\",modelName=\"{model}\","
            + $"Hostname=\"{PageText.Escape(host)}\",DCGM_FI_DRIVER_VERSION=\"550.90.07\",container=\"{card.Container}\",namespace=\"{PageText.Escape(card.Namespace)}\",pod=\"{PageText.Escape(card.Pod)}\"}}");
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
