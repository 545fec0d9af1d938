using System.Globalization;
using System.Text;

namespace Headroom.Bench.Ingest;

/// <summary>Pages as exporters of hosts with eight cards serve them: all metrics of their defaults, of which we read a few.</summary>
internal static class Pages
{
    private const int Cards = 8;

    // default-counters.csv of dcgm-exporter 4.x; true: printed with six decimals.
    private static readonly (string Name, bool IsDouble)[] Dcgm =
    [
        ("DCGM_FI_DEV_SM_CLOCK", false), ("DCGM_FI_DEV_MEM_CLOCK", false), ("DCGM_FI_DEV_MEMORY_TEMP", false), ("DCGM_FI_DEV_GPU_TEMP", false), ("DCGM_FI_DEV_POWER_USAGE", true),
        ("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", false), ("DCGM_FI_DEV_PCIE_REPLAY_COUNTER", false), ("DCGM_FI_DEV_GPU_UTIL", false), ("DCGM_FI_DEV_MEM_COPY_UTIL", false), ("DCGM_FI_DEV_ENC_UTIL", false),
        ("DCGM_FI_DEV_DEC_UTIL", false), ("DCGM_FI_DEV_XID_ERRORS", false), ("DCGM_FI_DEV_FB_FREE", false), ("DCGM_FI_DEV_FB_USED", false), ("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", false),
        ("DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS", false), ("DCGM_FI_DEV_ROW_REMAP_FAILURE", false), ("DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL", false), ("DCGM_FI_DEV_VGPU_LICENSE_STATUS", false),
        ("DCGM_FI_PROF_GR_ENGINE_ACTIVE", true), ("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", true), ("DCGM_FI_PROF_DRAM_ACTIVE", true), ("DCGM_FI_PROF_PCIE_TX_BYTES", false), ("DCGM_FI_PROF_PCIE_RX_BYTES", false),
    ];

    // npu-exporter 6.x on a host of eight 910B3.
    private static readonly string[] Npu =
    [
        "npu_chip_info_utilization", "npu_chip_info_overall_utilization", "npu_chip_info_vector_utilization", "npu_chip_info_temperature", "npu_chip_info_power", "npu_chip_info_voltage",
        "npu_chip_info_aicore_current_freq", "npu_chip_info_health_status", "npu_chip_info_hbm_used_memory", "npu_chip_info_hbm_total_memory", "npu_chip_info_hbm_utilization", "npu_chip_info_hbm_temperature",
        "npu_chip_info_hbm_bandwidth_utilization", "npu_chip_info_network_status", "npu_chip_info_link_status", "npu_chip_info_bandwidth_rx", "npu_chip_info_bandwidth_tx", "npu_chip_link_speed",
        "npu_chip_link_up_num", "npu_chip_mac_rx_pause_num", "npu_chip_mac_tx_pause_num", "npu_chip_mac_rx_bad_pkt_num", "npu_chip_mac_tx_bad_pkt_num", "npu_chip_roce_rx_all_pkt_num",
        "npu_chip_roce_tx_all_pkt_num", "npu_chip_roce_rx_err_pkt_num", "npu_chip_roce_tx_err_pkt_num", "npu_chip_optical_state", "npu_chip_optical_tx_power_0", "npu_chip_optical_rx_power_0",
        "npu_chip_optical_vcc", "npu_chip_optical_temp", "npu_chip_info_error_code", "npu_chip_info_process_info_num", "container_npu_utilization", "container_npu_total_memory", "container_npu_used_memory",
    ];

    public static byte[] DcgmExporter(int host, int turn)
    {
        var text = new StringBuilder();
        foreach (var (name, isDouble) in Dcgm)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} A field of the management library, as the exporter describes it (in its unit).\n# TYPE {name} gauge\n");
            for (var card = 0; card < Cards; card++)
            {
                var value = ((turn * 7_919) + (card * 31) + (host * 17)) % 100;
                text.Append(CultureInfo.InvariantCulture, $"{name}{{gpu=\"{card}\",UUID=\"GPU-{host:x8}-{card:x4}-c671-4057-0d056df64b6e\",pci_bus_id=\"00000000:{card + 7:X2}:00.0\",device=\"nvidia{card}\",modelName=\"NVIDIA A100-SXM4-80GB\",Hostname=\"node{host:D4}\",DCGM_FI_DRIVER_VERSION=\"550.90.07\",container=\"train\",namespace=\"llm\",pod=\"job-{turn / 60}-{card}\"}} ");
                _ = isDouble ? text.Append(CultureInfo.InvariantCulture, $"{value / 100.0:0.000000}\n") : text.Append(CultureInfo.InvariantCulture, $"{value}\n");
            }
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <param name="milliseconds">Its own time stamps.</param>
    public static byte[] NpuExporter(int host, int turn, long milliseconds)
    {
        var text = new StringBuilder();
        foreach (var name in Npu)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} what the interface of the driver says of a chip\n# TYPE {name} gauge\n");
            for (var card = 0; card < Cards; card++)
            {
                var value = ((turn * 7_919) + (card * 31) + (host * 17)) % 100;
                text.Append(CultureInfo.InvariantCulture, $"{name}{{container_name=\"\",id=\"{card}\",model_name=\"910B3-Ascend-V1\",namespace=\"\",pcie_bus_info=\"0000:C{card}:00.0\",pod_name=\"\",vdie_id=\"185011D4-{host:X8}-A0C4ED94-14CC040A-{card:X8}\"}} {value} {milliseconds + (card * 345)}\n");
            }
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
