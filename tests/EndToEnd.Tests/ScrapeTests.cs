using System.Globalization;
using System.Text;
using System.Text.Json;
using Headroom.Domain.Devices;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.EndToEnd.Tests;

/// <summary>Exporter pages served over HTTP, scraped by <c>collect --once</c> through the targets of a center file: which cards, units and values are in the store.</summary>
[TestClass]
public sealed class ScrapeTests
{
    private const string Scraped = "2026-03-02T00:00:30Z";

    private static readonly Window Ever = new(long.MinValue, Instants.Never);

    public TestContext TestContext { get; set; } = null!;

    // Labels of 5.0.0: no pods. Without a die id the bus address, then the id, tell cards of one host apart.
    [TestMethod]
    public async Task Collect_NpuExporter5_KnowsCardsByDieThenBusThenSlot()
    {
        const string page = """
            # HELP machine_npu_nums Amount of npu installed on the machine.
            # TYPE machine_npu_nums gauge
            machine_npu_nums 3
            # TYPE npu_chip_info_utilization gauge
            npu_chip_info_utilization{id="0",model_name="910A-Ascend-V1",pcie_bus_info="0000:81:00.0",vdie_id="AA11 04518 94 14 03"} 42 1772409600250
            npu_chip_info_utilization{id="1",model_name="910A-Ascend-V1",pcie_bus_info="0000:82:00.0",vdie_id=""} 7.5 1772409600257
            npu_chip_info_utilization{id="2",model_name="910A-Ascend-V1",pcie_bus_info="",vdie_id=""} -1 1772409600264
            npu_chip_info_hbm_used_memory{id="0",model_name="910A-Ascend-V1",pcie_bus_info="0000:81:00.0",vdie_id="AA11 04518 94 14 03"} 30000 1772409600250
            npu_chip_info_used_memory{id="0",model_name="910A-Ascend-V1",pcie_bus_info="0000:81:00.0",vdie_id="AA11 04518 94 14 03"} 12 1772409600250
            npu_chip_info_used_memory{id="1",model_name="910A-Ascend-V1",pcie_bus_info="0000:82:00.0",vdie_id=""} 12 1772409600257
            npu_chip_info_power{id="0",model_name="910A-Ascend-V1",pcie_bus_info="0000:81:00.0",vdie_id="AA11 04518 94 14 03"} 210.4 1772409600250
            npu_chip_info_temperature{id="2",model_name="910A-Ascend-V1",pcie_bus_info="",vdie_id=""} 55 1772409600264

            """;
        await AssertScrapedAsync(
            page,
            """{"received":3,"accepted":2,"rejected":{"sentinel":1},"missing_cells":0}""",
            simulated: false,
            "AA11-04518-94-14-03|rack1|0|Ascend 910A|2026-03-02T00:00:00.250Z|420000|30720000|210400|-",
            "0000:82:00.0@rack1|rack1|1|Ascend 910A|2026-03-02T00:00:00.257Z|75000|12288|-|-",
            "2@rack1|rack1|2|Ascend 910A|2026-03-02T00:00:00.264Z|-|-|-|55000");
    }

    // Labels of 7.x: pods come and go on a card, or it does not name its several pods; the overall use wins where there is one.
    [TestMethod]
    public async Task Collect_NpuExporter7_KeepsPodsOutOfTheIdentityAndPrefersOverallUse()
    {
        const string page = """
            # SIMULATED by hand
            npu_chip_info_overall_utilization{container_name="train",id="0",model_name="910B3-Ascend-V1",namespace="nlp",pcie_bus_info="0000:C1:00.0",pod_name="llm-0",vdie_id="D0"} 91 1772409601000
            npu_chip_info_utilization{container_name="train",id="0",model_name="910B3-Ascend-V1",namespace="nlp",pcie_bus_info="0000:C1:00.0",pod_name="llm-0",vdie_id="D0"} 85 1772409601000
            container_npu_utilization{container_name="train",id="0",model_name="910B3-Ascend-V1",namespace="nlp",pcie_bus_info="0000:C1:00.0",pod_name="llm-0",vdie_id="D0"} 85 1772409601000
            npu_chip_info_power{container_name="",id="0",model_name="910B3-Ascend-V1",namespace="",pcie_bus_info="0000:C1:00.0",pod_name="",vdie_id="D0"} 331.1 1772409601000
            npu_chip_info_overall_utilization{container_name="",id="1",model_name="910B3-Ascend-V1",namespace="",pcie_bus_info="0000:C2:00.0",pod_name="",vdie_id="D1"} NaN 1772409601007
            npu_chip_info_utilization{container_name="",id="1",model_name="910B3-Ascend-V1",namespace="",pcie_bus_info="0000:C2:00.0",pod_name="",vdie_id="D1"} 3 1772409601007
            npu_chip_info_temperature{container_name="",id="1",model_name="910B3-Ascend-V1",namespace="",pcie_bus_info="0000:C2:00.0",pod_name="",vdie_id="D1"} 46 1772409601007
            npu_chip_info_utilization{container_name="not_displayed_for_multi_pod",id="2",model_name="910B3-Ascend-V1",namespace="not_displayed_for_multi_pod",pcie_bus_info="0000:81:00.0",pod_name="not_displayed_for_multi_pod",vdie_id="D2"} 57 1772409601014
            vnpu_pod_aicore_utilization{aicore_count="2.00",container_name="infer",id="3",is_virtual="true",model_name="310P3-Ascend-V1",namespace="cv",pod_name="resnet",v_dev_id="103"} 80 1772409601021
            vnpu_pod_aicore_utilization{aicore_count="4.00",container_name="infer",id="3",is_virtual="true",model_name="310P3-Ascend-V1",namespace="cv",pod_name="bert",v_dev_id="104"} 10 1772409601021
            vnpu_pod_used_memory{aicore_count="2.00",container_name="infer",id="3",is_virtual="true",model_name="310P3-Ascend-V1",namespace="cv",pod_name="resnet",v_dev_id="103"} 1000 1772409601021
            vnpu_pod_used_memory{aicore_count="4.00",container_name="infer",id="3",is_virtual="true",model_name="310P3-Ascend-V1",namespace="cv",pod_name="bert",v_dev_id="104"} 2000 1772409601021
            npu_chip_info_utilization{container_name="",id="4",model_name="910B3-Ascend-V1

            """;

        // 2/8 x 80 % + 4/8 x 10 % = 25 %.
        await AssertScrapedAsync(
            page,
            """{"received":5,"accepted":3,"rejected":{"malformed":1,"sentinel":1},"missing_cells":0}""",
            simulated: true,
            "3@rack1|rack1|3|Ascend 310P3|2026-03-02T00:00:01.021Z|250000|3000|-|-",
            "D0|rack1|0|Ascend 910B3|2026-03-02T00:00:01Z|910000|-|331100|-",
            "D1|rack1|1|Ascend 910B3|2026-03-02T00:00:01.007Z|-|-|-|46000",
            "D2|rack1|2|Ascend 910B3|2026-03-02T00:00:01.014Z|570000|-|-|-");
    }

    // METRICS F5: MIG 3g at 60 %, 4g at 20 % = 37.1429 %. One value copied to two pods counts once; the page's own host name wins.
    [TestMethod]
    [DataRow("Hostname", DisplayName = "label of releases until 2026")]
    [DataRow("hostname", DisplayName = "label of the main branch")]
    public async Task Collect_DcgmExporter_WeighsSlicesAndDropsBlanks(string label)
    {
        var page = $$"""
            # TYPE DCGM_FI_DEV_GPU_UTIL gauge
            DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-0",pci_bus_id="00000000:07:00.0",device="nvidia0",modelName="NVIDIA A100-SXM4-80GB",{{label}}="node01",pod="a"} 97
            DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-0",pci_bus_id="00000000:07:00.0",device="nvidia0",modelName="NVIDIA A100-SXM4-80GB",{{label}}="node01",pod="b"} 99
            DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="0",UUID="GPU-0",pci_bus_id="00000000:07:00.0",device="nvidia0",modelName="NVIDIA A100-SXM4-80GB",{{label}}="node01",pod="a"} 0.974310
            DCGM_FI_DEV_FB_USED{gpu="0",UUID="GPU-0",pci_bus_id="00000000:07:00.0",device="nvidia0",modelName="NVIDIA A100-SXM4-80GB",{{label}}="node01",pod="a"} 75691
            DCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="GPU-0",pci_bus_id="00000000:07:00.0",device="nvidia0",modelName="NVIDIA A100-SXM4-80GB",{{label}}="node01",pod="a"} 9223372036854775794
            DCGM_FI_DEV_GPU_UTIL{gpu="1",UUID="GPU-1",pci_bus_id="00000000:0F:00.0",device="nvidia1",modelName="NVIDIA A100-SXM4-80GB",{{label}}="node01",pod=""} 9223372036854775794
            DCGM_FI_DEV_GPU_TEMP{gpu="1",UUID="GPU-1",pci_bus_id="00000000:0F:00.0",device="nvidia1",modelName="NVIDIA A100-SXM4-80GB",{{label}}="node01",pod=""} 29
            DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="2",UUID="GPU-2",device="nvidia2",modelName="NVIDIA A100-SXM4-80GB",GPU_I_PROFILE="3g.40gb",GPU_I_ID="1",{{label}}="node01",pod="nb"} 0.600000
            DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="2",UUID="GPU-2",device="nvidia2",modelName="NVIDIA A100-SXM4-80GB",GPU_I_PROFILE="4g.40gb",GPU_I_ID="2",{{label}}="node01",pod=""} 0.200000
            DCGM_FI_DEV_FB_USED{gpu="2",UUID="GPU-2",device="nvidia2",modelName="NVIDIA A100-SXM4-80GB",GPU_I_PROFILE="3g.40gb",GPU_I_ID="1",{{label}}="node01",pod="nb"} 300
            DCGM_FI_DEV_FB_USED{gpu="2",UUID="GPU-2",device="nvidia2",modelName="NVIDIA A100-SXM4-80GB",GPU_I_PROFILE="4g.40gb",GPU_I_ID="2",{{label}}="node01",pod=""} 45
            DCGM_FI_DEV_POWER_USAGE{gpu="2",UUID="GPU-2",device="nvidia2",modelName="NVIDIA A100-SXM4-80GB",GPU_I_PROFILE="3g.40gb",GPU_I_ID="1",{{label}}="node01",pod="nb"} 120.551000
            DCGM_FI_DEV_GPU_UTIL{gpu="3",UUID="GPU-3",device="nvidia3",modelName="Tesla T4",{{label}}="node01"} 218322032

            """;
        await AssertScrapedAsync(
            page,
            """{"received":4,"accepted":2,"rejected":{"out_of_range":1,"sentinel":1},"missing_cells":1}""",
            simulated: false,
            "GPU-0|node01|0|NVIDIA A100-SXM4-80GB|2026-03-02T00:00:30Z|974310|77507584|-|-",
            "GPU-1|node01|1|NVIDIA A100-SXM4-80GB|2026-03-02T00:00:30Z|-|-|-|29000",
            "GPU-2|node01|2|NVIDIA A100-SXM4-80GB|2026-03-02T00:00:30Z|371429|353280|120551|-",
            "GPU-3|node01|3|Tesla T4|2026-03-02T00:00:30Z|-|-|-|-");
    }

    [TestMethod]
    public async Task Collect_PageOf7InTheSharedFolder_IsAcceptedAtItsOwnTime() => await AssertScrapedAsync(
        Shared("npu-exporter-v7.prom"),
        """{"received":4,"accepted":4,"rejected":{},"missing_cells":0}""",
        simulated: false,
        "185011D4-20C02418-59D4ED94-14CC040A-F9102003|rack1|2|Ascend 910B3|2024-08-14T07:51:24.277Z|540000|44525568|161200|51000",
        "185011D4-21104518-A0C4ED94-14CC040A-56102003|rack1|0|Ascend 910B3|2024-08-14T07:51:23.587Z|910000|63087616|331100|66000",
        "185011D4-21E04718-93B2ED94-14CC040A-BF102003|rack1|1|Ascend 910B3|2024-08-14T07:51:23.932Z|0|3424256|92600|46000",
        "3@rack1|rack1|3|Ascend 310P3|2024-08-14T07:51:24.682Z|92500|2621440|-|-");

    // Its 1606402000 is milliseconds: January 1970.
    [TestMethod]
    public async Task Collect_PageOf5InTheSharedFolder_IsAncient() => await AssertScrapedAsync(
        Shared("npu-exporter-v5.prom"),
        """{"received":8,"accepted":0,"rejected":{"ancient":8},"missing_cells":0}""",
        simulated: false);

    [TestMethod]
    [DataRow("dcgm.prom")]
    [DataRow("dcgm-main-2026.prom")]
    public async Task Collect_PagesOfDcgmInTheSharedFolder_AreOneMachine(string file) => await AssertScrapedAsync(
        Shared(file),
        """{"received":3,"accepted":3,"rejected":{},"missing_cells":0}""",
        simulated: false,
        "GPU-604ac76c-d9cf-fef3-62e9-d92044ab6e52|node01|0|NVIDIA A100-SXM4-80GB|2026-03-02T00:00:30Z|974310|77507584|389412|61000",
        "GPU-6ae74b72-48d0-f09f-14e2-4e09ceebda63|node01|2|NVIDIA A100-SXM4-80GB|2026-03-02T00:00:30Z|176571|353280|120551|35000",
        "GPU-f3a2185e-464d-c671-4057-0d056df64b6e|node01|1|NVIDIA A100-SXM4-80GB|2026-03-02T00:00:30Z|0|0|56023|29000");

    [TestMethod]
    public async Task Collect_ATargetIsDown_TakesTheOthersAndFails()
    {
        using var folder = new HeadroomFolder();
        using var server = new PageServer();
        server.Add("/good", "DCGM_FI_DEV_GPU_UTIL{gpu=\"0\",UUID=\"GPU-0\"} 50\n");
        var clock = new SetClock(Scraped);
        await folder.SucceedAsync("a", clock, "center", "add", folder.Write("center.yaml", CenterWith($"{server.Url}/missing", $"{server.Url}/good")));
        var (code, output, errors) = await folder.RunAsync("a", clock, "collect", "--once", "--json", "--lang", "en");

        Assert.AreEqual(1, code);
        Assert.Contains("HTTP 404", errors, StringComparison.Ordinal);
        Assert.AreEqual("target-1", JsonDocument.Parse(output).RootElement.GetProperty("source").GetString());
        await using var store = await folder.OpenToReadAsync("a", TestContext.CancellationToken);
        Assert.HasCount(1, (await store.ReadFactsAsync(new("test"), Instants.Never, TestContext.CancellationToken)).Devices);
    }

    private async Task AssertScrapedAsync(string page, string counts, bool simulated, params string[] cards)
    {
        using var folder = new HeadroomFolder();
        using var server = new PageServer();
        var clock = new SetClock(Scraped);
        await folder.SucceedAsync("a", clock, "center", "add", folder.Write("center.yaml", CenterWith(server.Add("/metrics", page))));
        var told = JsonDocument.Parse(await folder.SucceedAsync("a", clock, "collect", "--once", "--json")).RootElement;
        var expected = JsonDocument.Parse(counts).RootElement;
        foreach (var count in expected.EnumerateObject())
        {
            Assert.IsTrue(JsonElement.DeepEquals(count.Value, told.GetProperty(count.Name)), $"{count.Name}: {told}");
        }

        await using var store = await folder.OpenToReadAsync("a", TestContext.CancellationToken);
        var facts = await store.ReadFactsAsync(new("test"), Instants.Never, TestContext.CancellationToken);
        var found = new List<string>();
        foreach (var device in facts.Devices.Select(device => device.Sighting).OrderBy(device => device.Id, StringComparer.Ordinal))
        {
            var samples = await store.ReadSamplesAsync(new("test"), new DeviceId(device.Id), Ever, TestContext.CancellationToken);
            for (var row = 0; row < samples.Count; row++)
            {
                var gauges = new[] { samples.UsePpm[row], samples.MemoryKib[row], samples.PowerMilliwatts[row], samples.TemperatureMillidegrees[row] }
                    .Select(gauge => gauge == TelemetryMetrics.Missing ? "-" : gauge.ToString(CultureInfo.InvariantCulture));
                found.Add($"{device.Id}|{device.Host}|{device.Slot}|{device.Model}|{Instants.ToText(samples.Instants[row])}|{string.Join('|', gauges)}");
            }
        }

        Assert.AreEqual(string.Join('\n', cards.Order(StringComparer.Ordinal)), string.Join('\n', found));
        Assert.AreEqual(simulated, facts.Simulated);
        var note = (await store.ReadReceivedAsync(new("test"), Instants.Never, TestContext.CancellationToken)).Single();
        Assert.AreEqual(("target-0", expected.GetProperty("received").GetInt64(), expected.GetProperty("accepted").GetInt64()), (note.Source, note.Received, note.Accepted));
    }

    private static string CenterWith(params string[] urls)
    {
        var text = new StringBuilder("""
            center: test
            name: {en: Test, zh: 测试}
            zone: UTC
            pools:
              - {id: ai, name: {en: AI, zh: 智算}, precision: fp16, gauge: true, devices_source: {assumed: true}}
            targets:

            """);
        for (var target = 0; target < urls.Length; target++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - {{name: target-{target}, url: \"{urls[target]}\", host: rack1, period_s: 15}}\n");
        }

        return text.ToString();
    }

    private static string Shared(string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, "shared", "formats", file) is var path && File.Exists(path))
            {
                return File.ReadAllText(path);
            }
        }

        Assert.Inconclusive($"no folder shared/formats with {file} beside a folder above {AppContext.BaseDirectory}");
        return "";
    }
}
