using System.Globalization;
using System.Text;

namespace Headroom.Simulation.Pages;

/// <summary>npu-exporter. Labels and units as in Ascend/mind-cluster, component/npu-exporter, tags 5.0.0 and 7.</summary>
internal static class NpuPage
{
    private static readonly string[] FirstGeneration = ["910A", "910", "910B", "910ProA", "910PremiumA", "910ProB"];

    public static void Append(StringBuilder page, List<PageCard> cards, bool withPods)
    {
        PageText.Family(page, "machine_npu_nums", "Amount of npu installed on the machine.", [string.Create(CultureInfo.InvariantCulture, $" {cards.Count}")]);
        Gauge("npu_chip_info_aicore_current_freq", "the npu ai core current frequency, unit is 'MHz'", card => card.Reading.TrueDuty > 0 ? "1000" : "800");
        Gauge("npu_chip_info_hbm_total_memory", "the npu hbm total memory, unit is 'MB'", card => Text(card.Device.MemoryMib));
        Gauge("npu_chip_info_hbm_used_memory", "the npu hbm used memory, unit is 'MB'", card => Text(card.Reading.MemoryMib));
        Gauge("npu_chip_info_health_status", "the npu health status", _ => "1");
        if (withPods && !cards.TrueForAll(card => IsFirstGeneration(card.Model)))
        {
            Gauge("npu_chip_info_overall_utilization", "the npu overall utilization, unit is '%'", card => Text(card.Reading.Utilization));
        }

        Gauge("npu_chip_info_power", "the npu power, unit is 'W'", card => PageText.Tenth(card.Reading.PowerDeciwatts));
        Gauge("npu_chip_info_temperature", "the npu temperature, unit is '℃'", card => Text(card.Reading.Celsius));
        Gauge("npu_chip_info_utilization", "the npu ai core utilization, unit is '%'", card => Text(card.Reading.Utilization));
        if (withPods)
        {
            PageText.Family(page, "npu_exporter_version_info", "exporter version with value '1'", ["{exporterVersion=\"v7.3.0\"} 1"]);
        }

        void Gauge(string name, string help, Func<PageCard, string> value) => PageText.Family(page, name, help, cards.Select(card => string.Create(
            CultureInfo.InvariantCulture,
            $"{{{Labels(card, withPods)}}} {value(card)} {card.Milliseconds + (card.Device.Slot * 7)}")));
    }

    private static string Labels(PageCard card, bool withPods)
    {
        var model = card.Model is { } name ? PageText.Escape(ChipName(name) + "-Ascend-V1") : string.Empty;
        var (id, bus, vdie) = (card.Device.Slot, Bus(card.Device.Slot), card.Device.Id.Value);
        return withPods
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"container_name=\"{card.Container}\",id=\"{id}\",model_name=\"{model}\",namespace=\"{PageText.Escape(card.Namespace)}\","
                + $"pcie_bus_info=\"{bus}\",pod_name=\"{PageText.Escape(card.Pod)}\",vdie_id=\"{vdie}\"")
            : string.Create(CultureInfo.InvariantCulture, $"id=\"{id}\",model_name=\"{model}\",pcie_bus_info=\"{bus}\",vdie_id=\"{vdie}\"");
    }

    /// <summary>What the driver calls it: the catalog's name without the vendor's word and without a remark in parentheses.</summary>
    private static string ChipName(string model)
    {
        var name = model.Split('(')[0];
        return (name.StartsWith("Ascend", StringComparison.OrdinalIgnoreCase) ? name["Ascend".Length..] : name).Trim(' ', '-');
    }

    private static bool IsFirstGeneration(string? model) => model is not null
        && FirstGeneration.Contains(ChipName(model).Replace(" ", string.Empty, StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase);

    private static string Bus(int slot) => string.Create(CultureInfo.InvariantCulture, $"0000:{0x81 + slot:X2}:00.0");

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
