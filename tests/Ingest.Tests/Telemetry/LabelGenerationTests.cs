namespace Headroom.Ingest.Tests.Telemetry;

/// <summary>One chip as each generation of an exporter labels it.</summary>
/// <remarks>Source: Ascend/ascend-npu-exporter and Ascend/mind-cluster by tag, FORMATS.md section 2; NVIDIA/dcgm-exporter, its --use-old-namespace.</remarks>
[TestClass]
public sealed class LabelGenerationTests
{
    private const string Bus = "0000:C1:00.0";
    private const string Die = "185011D4-21104518-A0C4ED94-14CC040A-56102003";
    private const string At = "2026-11-20T23:59:59.500Z";
    private const string Gauges = "| 910000 63087616 331100 66000";

    [TestMethod]
    [DataRow("""id="0" """, $"0@node01 node01 0  {At} {Gauges}", DisplayName = "2.0, 3.0, 5.0.RC1 and RC2")]
    [DataRow($"""id="0",vdie_id="{Die}" """, $"{Die} node01 0  {At} {Gauges}", DisplayName = "5.0.RC2.1")]
    [DataRow($"""id="0",vdie_id="" """, $"0@node01 node01 0  {At} {Gauges}", DisplayName = "5.0.RC2.1, no die id")]
    [DataRow($"""id="0",pcie_bus_info="{Bus}",vdie_id="{Die}" """, $"{Die} node01 0  {At} {Gauges}", DisplayName = "5.0.RC3")]
    [DataRow($"""id="0",pcie_bus_info="{Bus}",vdie_id="" """, $"{Bus}@node01 node01 0  {At} {Gauges}", DisplayName = "5.0.RC3, no die id")]
    [DataRow($"""id="0",name="910B3-Ascend-V1",pcie_bus_info="{Bus}",vdie_id="{Die}" """, $"{Die} node01 0 Ascend 910B3 {At} {Gauges}", DisplayName = "a build of November 2023")]
    [DataRow($"""id="0",model_name="910B3-Ascend-V1",pcie_bus_info="{Bus}",vdie_id="{Die}" """, $"{Die} node01 0 Ascend 910B3 {At} {Gauges}", DisplayName = "5.0.0")]
    [DataRow($"""container_name="",id="0",model_name="910B3-Ascend-V1",namespace="",pcie_bus_info="{Bus}",pod_name="",vdie_id="{Die}" """, $"{Die} node01 0 Ascend 910B3 {At} {Gauges}", DisplayName = "6.0 and later, nobody has it")]
    [DataRow($"""container_name="train",id="0",model_name="910B3-Ascend-V1",namespace="llm",pcie_bus_info="{Bus}",pod_name="job-0",vdie_id="{Die}" """, $"{Die} node01 0 Ascend 910B3 {At} {Gauges}", DisplayName = "6.0 and later, of a pod")]
    [DataRow($"""container_name="not_displayed_for_multi_pod",id="0",model_name="910B3-Ascend-V1",namespace="not_displayed_for_multi_pod",pcie_bus_info="{Bus}",pod_name="not_displayed_for_multi_pod",vdie_id="{Die}" """, $"{Die} node01 0 Ascend 910B3 {At} {Gauges}", DisplayName = "2026, shared by pods")]
    [DataRow($"""container_name="",id="0",model_name="Ascend910--V1",namespace="",pcie_bus_info="{Bus}",pod_name="",vdie_id="{Die}" """, $"{Die} node01 0 Ascend910 {At} {Gauges}", DisplayName = "A3, no chip type")]
    public void Parse_NpuExporter_IsTheSameChip(string labels, string row)
    {
        var parsed = Parsed.Of("npu-exporter", $$"""
            # TYPE npu_chip_info_utilization gauge
            npu_chip_info_utilization{{{labels.Trim()}}} 91 1795219199500
            npu_chip_info_hbm_used_memory{{{labels.Trim()}}} 61609 1795219199500
            npu_chip_info_power{{{labels.Trim()}}} 331.1 1795219199500
            npu_chip_info_temperature{{{labels.Trim()}}} 66 1795219199500
            npu_chip_info_name{id="0",name="910B3-Ascend-V1"} 1 1795219199500

            """);
        CollectionAssert.AreEqual(new[] { row }, parsed.Rows());
        Assert.AreEqual((1L, 1L), (parsed.Rejects.Received, parsed.Rejects.Accepted));
    }

    [TestMethod]
    [DataRow("""gpu="0",UUID="GPU-1",device="nvidia0",modelName="Tesla T4",Hostname="n7",container="c",namespace="s",pod="p" """, DisplayName = "new names")]
    [DataRow("""gpu="0",uuid="GPU-1",device="nvidia0",modelName="Tesla T4",Hostname="n7",container_name="c",pod_namespace="s",pod_name="p" """, DisplayName = "--use-old-namespace")]
    [DataRow("""gpu="0",UUID="GPU-1",pci_bus_id="00000000:07:00.0",device="nvidia0",modelName="Tesla T4",hostname="n7" """, DisplayName = "2026, no pod")]
    [DataRow("""gpu="0",UUID="GPU-1",device="nvidia0",modelName="Tesla T4",Hostname="n7",hpc_job="4711" """, DisplayName = "of a Slurm job")]
    public void Parse_DcgmExporter_IsTheSameCard(string labels)
    {
        var parsed = Parsed.Of("dcgm-exporter", $$"""
            DCGM_FI_DEV_GPU_UTIL{{{labels.Trim()}}} 97
            DCGM_FI_DEV_FB_USED{{{labels.Trim()}}} 100

            """);
        CollectionAssert.AreEqual(new[] { "GPU-1 n7 0 Tesla T4 2026-11-21T00:00:00Z | 970000 102400 - -" }, parsed.Rows());
    }
}
