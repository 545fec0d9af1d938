using System.Text;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Telemetry;

namespace Headroom.Ingest.Tests.Telemetry;

[TestClass]
public sealed class ExporterFormatTests
{
    private const string At = "2026-11-21T00:00:00Z";

    [TestMethod]
    [DataRow("Hostname", DisplayName = "label of releases up to 4.8")]
    [DataRow("hostname", DisplayName = "label of 2026")]
    public void Parse_DcgmCard_PrefersTheEngineAndReadsEveryUnit(string hostLabel)
    {
        var labels = "{gpu=\"0\",UUID=\"GPU-1\",modelName=\"NVIDIA A100-SXM4-80GB\"," + hostLabel + "=\"n7\",pod=\"p\"}";
        var parsed = Parsed.Of("dcgm-exporter", $"""
            # HELP DCGM_FI_DEV_GPU_UTIL GPU utilization (in %).
            # TYPE DCGM_FI_DEV_GPU_UTIL gauge
            DCGM_FI_DEV_GPU_UTIL{labels} 97
            DCGM_FI_PROF_GR_ENGINE_ACTIVE{labels} 0.974310
            DCGM_FI_DEV_FB_USED{labels} 75691
            DCGM_FI_DEV_POWER_USAGE{labels} 389.412000
            DCGM_FI_DEV_GPU_TEMP{labels} 61
            DCGM_FI_DEV_SM_CLOCK{labels} 1410

            """);
        CollectionAssert.AreEqual(new[] { $"GPU-1 n7 0 NVIDIA A100-SXM4-80GB {At} | 974310 77507584 389412 61000" }, parsed.Rows());
        Assert.AreEqual((1L, 1L), (parsed.Rejects.Accepted, parsed.Rejects.Received));
    }

    // METRICS F5: 3g at 60 %, 4g at 20 % = 37.1429 % of 7/7.
    [TestMethod]
    public void Parse_MigSlices_WeighByTheirShareOfTheCard()
    {
        var parsed = Parsed.Of("dcgm-exporter", """
            DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="0",UUID="GPU-1",GPU_I_PROFILE="3g.40gb",GPU_I_ID="1",pod="a"} 0.6
            DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="0",UUID="GPU-1",GPU_I_PROFILE="4g.40gb",GPU_I_ID="2",pod="b"} 0.2
            DCGM_FI_DEV_FB_USED{gpu="0",UUID="GPU-1",GPU_I_PROFILE="3g.40gb",GPU_I_ID="1",pod="a"} 300
            DCGM_FI_DEV_FB_USED{gpu="0",UUID="GPU-1",GPU_I_PROFILE="4g.40gb",GPU_I_ID="2",pod="b"} 20
            DCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="GPU-1",GPU_I_PROFILE="3g.40gb",GPU_I_ID="1",pod="a"} 120.5

            """);
        CollectionAssert.AreEqual(new[] { $"GPU-1 node01 0  {At} | 371429 327680 120500 -" }, parsed.Rows());
    }

    // METRICS F5: a time-sliced card copied to three pods at 99 % is 99 %, not 297 %.
    [TestMethod]
    public void Parse_OneCardInThreePods_CountsOnce()
    {
        var parsed = Parsed.Of("dcgm-exporter", """
            DCGM_FI_DEV_GPU_UTIL{gpu="0",uuid="GPU-1",pod_name="a"} 99
            DCGM_FI_DEV_GPU_UTIL{gpu="0",uuid="GPU-1",pod_name="b"} 98
            DCGM_FI_DEV_GPU_UTIL{gpu="0",uuid="GPU-1",pod_name="c"} 99

            """);
        CollectionAssert.AreEqual(new[] { $"GPU-1 node01 0  {At} | 990000 - - -" }, parsed.Rows());
        Assert.AreEqual(1, parsed.Rejects.Received);
    }

    [TestMethod]
    [DataRow("DCGM_FI_DEV_GPU_UTIL", "9223372036854775794", RejectReason.Sentinel, DisplayName = "INT64 blank")]
    [DataRow("DCGM_FI_PROF_GR_ENGINE_ACTIVE", "140737488355328.000000", RejectReason.Sentinel, DisplayName = "FP64 blank")]
    [DataRow("DCGM_FI_DEV_GPU_UTIL", "NaN", RejectReason.Sentinel, DisplayName = "NaN")]
    [DataRow("DCGM_FI_PROF_GR_ENGINE_ACTIVE", "97", RejectReason.OutOfRange, DisplayName = "a percentage where a ratio belongs")]
    [DataRow("DCGM_FI_DEV_GPU_UTIL", "+Inf", RejectReason.OutOfRange, DisplayName = "infinity")]
    public void Parse_DcgmBadUtilization_IsRejectedAndItsTimeUnknown(string metric, string value, RejectReason reason)
    {
        var parsed = Parsed.Of("dcgm-exporter", $"{metric}{{gpu=\"0\",UUID=\"GPU-1\"}} {value}\nDCGM_FI_DEV_GPU_TEMP{{gpu=\"0\",UUID=\"GPU-1\"}} 30\n");
        CollectionAssert.AreEqual(new[] { $"GPU-1 node01 0  {At} | - - - 30000" }, parsed.Rows());
        CollectionAssert.AreEqual(new[] { $"page:1 {reason} utilization {value}" }, parsed.RejectTexts());
    }

    [TestMethod]
    public void Parse_UnescapedQuoteInALabel_CostsItsLineOnly()
    {
        var parsed = Parsed.Of("dcgm-exporter", """
            DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-0",pod="a"b"} 50
            DCGM_FI_DEV_GPU_UTIL{gpu="1",UUID="GPU-1"} 60

            """);
        CollectionAssert.AreEqual(new[] { $"GPU-1 node01 1  {At} | 600000 - - -" }, parsed.Rows());
        Assert.AreEqual((1L, 1L, 2L), (parsed.Rejects.Accepted, parsed.Rejects.Of(RejectReason.Malformed), parsed.Rejects.Received));
    }

    [TestMethod]
    public void Parse_LastLineCut_IsBroken()
    {
        var parsed = Parsed.Of("dcgm-exporter", "DCGM_FI_DEV_GPU_UTIL{gpu=\"0\",UUID=\"GPU-0\"} 9");
        Assert.IsEmpty(parsed.Rows());
        Assert.AreEqual(1, parsed.Rejects.Of(RejectReason.Malformed));
    }

    [TestMethod]
    public void Parse_NpuOfVersion7_ReadsIdModelTimeAndUnits()
    {
        const string labels = "{container_name=\"\",id=\"0\",model_name=\"910B3-Ascend-V1\",namespace=\"\",pcie_bus_info=\"0000:C1:00.0\",pod_name=\"\",vdie_id=\"185011d4 21104518 A0C4ED94 14CC040A 56102003\"}";
        var parsed = Parsed.Of("npu-exporter", $"""
            npu_chip_info_utilization{labels} 85 1723621883587
            npu_chip_info_overall_utilization{labels} 91 1723621883587
            npu_chip_info_hbm_used_memory{labels} 61609 1723621883587
            npu_chip_info_used_memory{labels} 17 1723621883587
            npu_chip_info_power{labels} 331.1 1723621883587
            npu_chip_info_temperature{labels} 66 1723621883587

            """);
        CollectionAssert.AreEqual(
            new[] { "185011D4-21104518-A0C4ED94-14CC040A-56102003 node01 0 Ascend 910B3 2024-08-14T07:51:23.587Z | 910000 63087616 331100 66000" },
            parsed.Rows());
    }

    [TestMethod]
    public void Parse_NpuWithoutDieId_IsNamedByBusOrIndexAndHost()
    {
        var parsed = Parsed.Of("npu-exporter", """
            npu_chip_info_utilization{id="0",pcie_bus_info="0000:61:00.0",vdie_id=""} 10 1723621883587
            npu_chip_info_utilization{id="1"} 20 1723621883587

            """);
        CollectionAssert.AreEqual(
            new[] { "0000:61:00.0@node01 node01 0  2024-08-14T07:51:23.587Z | 100000 - - -", "1@node01 node01 1  2024-08-14T07:51:23.587Z | 200000 - - -" },
            parsed.Rows());
        var homeless = Parsed.Of("npu-exporter", "npu_chip_info_utilization{id=\"1\"} 20 1723621883587\n", Parsed.Source with { Host = null });
        Assert.AreEqual((0, 1L), (homeless.Batch.Count, homeless.Rejects.Of(RejectReason.NoDevice)));
    }

    [TestMethod]
    public void Parse_NpuTimeBefore2000_IsAncient()
    {
        var parsed = Parsed.Of("npu-exporter", "npu_chip_info_utilization{id=\"0\"} 0 1606402000\n");
        Assert.IsEmpty(parsed.Rows());
        CollectionAssert.AreEqual(new[] { "page:1 Ancient timestamp 1606402000" }, parsed.RejectTexts());
    }

    [TestMethod]
    public void Parse_OpenMetrics_TimesAreSeconds()
    {
        var parsed = Parsed.Of("npu-exporter", "npu_chip_info_utilization{id=\"0\"} 0 1723621883\n# EOF\n");
        Assert.AreEqual("0@node01 node01 0  2024-08-14T07:51:23Z | 0 - - -", parsed.Rows().Single());
    }

    [TestMethod]
    public void Parse_MillisecondsOnAPageThatCallsItselfOpenMetrics_AreMilliseconds()
    {
        var parsed = Parsed.Of("npu-exporter", "npu_chip_info_utilization{id=\"0\"} 0 1723621883587\n# EOF\n");
        Assert.AreEqual("0@node01 node01 0  2024-08-14T07:51:23.587Z | 0 - - -", parsed.Rows().Single());
    }

    // 2 of the 8 AI cores of a 310P at 37 %; the card's own gauge reads 0 while it is split and means nothing.
    [TestMethod]
    public void Parse_VirtualNpu_IsPartOfTheCardInItsSlot()
    {
        var parsed = Parsed.Of("npu-exporter", """
            npu_chip_info_utilization{id="3",model_name="310P3-Ascend-V1",vdie_id="AA"} 0 1723621884682
            npu_chip_info_power{id="3",model_name="310P3-Ascend-V1",vdie_id="AA"} 40.5 1723621884682
            vnpu_pod_aicore_utilization{aicore_count="2.00",id="3",model_name="310P3-Ascend-V1",v_dev_id="103"} 37 1723621884682
            vnpu_pod_used_memory{aicore_count="2.00",id="3",model_name="310P3-Ascend-V1",v_dev_id="103"} 2621440 1723621884682

            """);
        Assert.AreEqual("AA node01 3 Ascend 310P3 2024-08-14T07:51:24.682Z | 92500 2621440 40500 -", parsed.Rows().Single());
    }

    [TestMethod]
    public void Parse_AmdPartitions_AreOneCardWithTheValuesOfTheFirst()
    {
        var parsed = Parsed.Of("amd-exporter", """
            gpu_gfx_activity{gpu_id="0",serial_number="S1",card_model="AMD Instinct MI300X",hostname="n1",gpu_partition_id="0"} 30
            gpu_package_power{gpu_id="0",serial_number="S1",card_model="AMD Instinct MI300X",hostname="n1",gpu_partition_id="0"} 512
            gpu_package_power{gpu_id="1",serial_number="S1",card_model="AMD Instinct MI300X",hostname="n1",gpu_partition_id="1"} 0
            gpu_used_vram{gpu_id="0",serial_number="S1",card_model="AMD Instinct MI300X",hostname="n1",gpu_partition_id="0"} 1000
            gpu_edge_temperature{gpu_id="0",serial_number="S1",card_model="AMD Instinct MI300X",hostname="n1",gpu_partition_id="0"} 40

            """);
        CollectionAssert.AreEqual(new[] { $"S1 n1 0 AMD Instinct MI300X {At} | 300000 1024000 512000 40000" }, parsed.Rows());
    }

    [TestMethod]
    public void Parse_MluMemory_IsInBytes()
    {
        var parsed = Parsed.Of("mlu-exporter", """
            mlu_utilization{mlu="0",uuid="MLU-1",sn="7",model="MLU370-X8",node="n1"} 30
            mlu_memory_used{mlu="0",uuid="MLU-1",sn="7",model="MLU370-X8",node="n1"} 1.073741824e+09

            """);
        CollectionAssert.AreEqual(new[] { $"MLU-1 n1 0 MLU370-X8 {At} | 300000 1048576 - -" }, parsed.Rows());
    }

    [TestMethod]
    public void Parse_NoTimeAnywhere_AsksForIt()
    {
        var message = Assert.ThrowsExactly<UserException>(() =>
            Parsed.Of("dcgm-exporter", "DCGM_FI_DEV_GPU_UTIL{UUID=\"GPU-0\"} 9\n", Parsed.Source with { At = null })).Messages.Single();
        Assert.AreEqual((MessageCode.TimeMissing, "page"), (message.Code, message.Place));
    }

    [TestMethod]
    [DataRow("dcgm.prom", DisplayName = "labels up to 4.8")]
    [DataRow("dcgm-main-2026.prom", DisplayName = "labels of 2026")]
    public void Parse_SharedDcgmPage_HasItsThreeCards(string name)
    {
        var parsed = Parsed.Of("dcgm-exporter", Places.Shared(name), Parsed.Source with { Host = null });
        CollectionAssert.AreEqual(
            new[]
            {
                $"GPU-604ac76c-d9cf-fef3-62e9-d92044ab6e52 node01 0 NVIDIA A100-SXM4-80GB {At} | 974310 77507584 389412 61000",
                $"GPU-f3a2185e-464d-c671-4057-0d056df64b6e node01 1 NVIDIA A100-SXM4-80GB {At} | 0 0 56023 29000",
                $"GPU-6ae74b72-48d0-f09f-14e2-4e09ceebda63 node01 2 NVIDIA A100-SXM4-80GB {At} | 176571 353280 120551 35000",
            },
            parsed.Rows());
        Assert.AreEqual((3L, 0L), (parsed.Rejects.Accepted, parsed.Rejects.Rejected));
    }

    [TestMethod]
    public void Parse_SharedNpuPageOf7_HasItsCards()
    {
        var parsed = Parsed.Of("npu-exporter", Places.Shared("npu-exporter-v7.prom"));
        CollectionAssert.AreEqual(
            new[]
            {
                "185011D4-21104518-A0C4ED94-14CC040A-56102003 node01 0 Ascend 910B3 2024-08-14T07:51:23.587Z | 910000 63087616 331100 66000",
                "185011D4-21E04718-93B2ED94-14CC040A-BF102003 node01 1 Ascend 910B3 2024-08-14T07:51:23.932Z | 0 3424256 92600 46000",
                "185011D4-20C02418-59D4ED94-14CC040A-F9102003 node01 2 Ascend 910B3 2024-08-14T07:51:24.277Z | 540000 44525568 161200 51000",
                "3@node01 node01 3 Ascend 310P3 2024-08-14T07:51:24.682Z | 92500 2621440 - -",
            },
            parsed.Rows());
        Assert.AreEqual(0, parsed.Rejects.Rejected);
    }

    [TestMethod]
    public void Parse_SharedNpuPageOf5_IsAncientAsAWhole()
    {
        var parsed = Parsed.Of("npu-exporter", Places.Shared("npu-exporter-v5.prom"));
        Assert.AreEqual((0, 8L, 8L), (parsed.Batch.Count, parsed.Rejects.Of(RejectReason.Ancient), parsed.Rejects.Received));
    }

    [TestMethod]
    public void Parse_PageCutAnywhere_SaysTheSame()
    {
        var page = Encoding.UTF8.GetBytes("# x\nDCGM_FI_DEV_GPU_UTIL{gpu=\"0\",UUID=\"GPU-0\"} 5\nbad{\r\nDCGM_FI_DEV_GPU_TEMP{gpu=\"0\",UUID=\"GPU-0\"} 55\n");
        var whole = Parsed.Of("dcgm-exporter", page);
        for (var cut = 0; cut <= page.Length; cut++)
        {
            var parsed = Parsed.Of("dcgm-exporter", page, null, cut);
            CollectionAssert.AreEqual(whole.Rows(), parsed.Rows());
            CollectionAssert.AreEqual(whole.RejectTexts(), parsed.RejectTexts());
        }
    }

    [TestMethod]
    public void Parse_RandomDamage_NeverThrowsAndCountsEverything()
    {
        var random = new Random(3);
        var page = Encoding.UTF8.GetBytes("""
            DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-0",GPU_I_ID="1",GPU_I_PROFILE="3g.40gb"} 5 1723621884682
            DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="1",UUID="GPU-1"} 0.5
            DCGM_FI_DEV_FB_USED{gpu="1",UUID="GPU-1"} 55

            """);
        for (var run = 0; run < 5_000; run++)
        {
            var damaged = (byte[])page.Clone();
            for (var hit = random.Next(6); hit >= 0; hit--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var parsed = Parsed.Of("dcgm-exporter", damaged, null, random.Next(damaged.Length));
            Assert.AreEqual(parsed.Rejects.Received, parsed.Rejects.Accepted + parsed.Rejects.Rejected);
            Assert.IsGreaterThanOrEqualTo(parsed.Batch.Count, (int)parsed.Rejects.Received);
        }
    }

    [TestMethod]
    [DataRow("timestamp,card,utilization\n", "csv", DisplayName = "header")]
    [DataRow("\uFEFF\"card\",\"timestamp\"\n", "csv", DisplayName = "header with quotes and byte order mark")]
    [DataRow("# HELP go_gc x\ngo_gc 1\n# HELP DCGM_FI_DEV_SM_CLOCK x\n", "dcgm-exporter", DisplayName = "NVIDIA")]
    [DataRow("machine_npu_nums 8\n", "npu-exporter", DisplayName = "Ascend")]
    [DataRow("<html><body>timestamp,card</body>", null, DisplayName = "HTML")]
    [DataRow("go_gc 1\n", null, DisplayName = "metrics of something else")]
    [DataRow("", null, DisplayName = "nothing")]
    public void Guess_Beginnings_AreKnown(string text, string? format) =>
        Assert.AreEqual(format, TelemetryFormats.Guess(Encoding.UTF8.GetBytes(text)));
}
