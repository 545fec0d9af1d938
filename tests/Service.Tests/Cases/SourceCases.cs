using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Headroom.Service.Tests.Cases;

/// <summary>Cases of the metric definitions through the pages and tables of real sources, and allocation from the labels of exporters: files in, numbers on the report out.</summary>
[TestClass]
public sealed class SourceCases
{
    private const double Exact = 1e-9;
    private const int Step = 15;

    // 3g at 60 %, 4g at 20 %: 37.1429 % of 7/7; their pods hold the card by those shares.
    [TestMethod]
    public async Task F5_MigPagesWithPods_AreWeighedByTheirShareInUseAndAllocation()
    {
        using var center = await CenterAsync();
        await PagesAsync(center, 0, 24, "dcgm-exporter", (at, minute) =>
            $$"""
            DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="0",UUID="GPU-1",GPU_I_PROFILE="3g.40gb",GPU_I_ID="1",modelName="T256",Hostname="n1",namespace="nlp",pod="a"} 0.6 {{at}}
            DCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu="0",UUID="GPU-1",GPU_I_PROFILE="4g.40gb",GPU_I_ID="2",modelName="T256",Hostname="n1"{{(minute <= 12 * 60 ? ",namespace=\"cv\",pod=\"b\"" : "")}}} 0.2 {{at}}

            """);
        var cells = await center.DailyAsync();

        Assert.AreEqual(0.371429, cells.Value("pool.ai.U3")!.Value, 5e-7);
        Assert.AreEqual((3.0 / 7) + (4.0 / 14), cells.Value("pool.ai.U1s")!.Value, 1e-5);
        CollectionAssert.AreEqual(new[] { "cv,ai,6.857", "nlp,ai,10.286" }, await TenantsAsync(center));
        await center.AllEqualAsync();
    }

    [TestMethod]
    public async Task F5_OneCardInThreePods_CountsOnceAndIsSharedByThem()
    {
        using var center = await CenterAsync();
        await PagesAsync(center, 0, 24, "dcgm-exporter", (at, _) => string.Concat(((string[])["a", "b", "c"]).Select(pod =>
            $"DCGM_FI_DEV_GPU_UTIL{{gpu=\"0\",uuid=\"GPU-1\",modelName=\"T256\",Hostname=\"n1\",pod_namespace=\"{pod}\",pod_name=\"nb\"}} 99 {at}\n")));
        var cells = await center.DailyAsync();

        Assert.AreEqual(0.99, cells.Value("pool.ai.U3")!.Value, Exact);
        Assert.AreEqual(1, cells.Value("pool.ai.U1s")!.Value, 1e-5);
        CollectionAssert.AreEqual(new[] { "a,ai,8.000", "b,ai,8.000", "c,ai,8.000" }, await TenantsAsync(center));
        await center.AllEqualAsync();
    }

    // Swapped at noon in its slot: the die id changes, the slot does not. With sacct beside it and a ledger of requests.
    [TestMethod]
    public async Task F11_NpuSwappedAtNoonBesideSlurmAndALedger_IsOneCardDay()
    {
        using var center = await CenterAsync();
        await PagesAsync(center, 0, 24, "npu-exporter", (at, minute) =>
            $$"""
            npu_chip_info_utilization{id="0",model_name="T256-Ascend-V1",vdie_id="{{(minute <= 12 * 60 ? "AA" : "BB")}}",container_name="",namespace="",pod_name=""} 50 {{at}}

            """);
        await center.SucceedAsync(
            "ingest", "jobs", center.Write("sacct.psv", "JobID|User|Account|Partition|State|Submit|Start|End|NodeList|AllocTRES|ReqTRES\n7|u|nlp|ai|COMPLETED|1772409600|1772409600|1772452800|n1|gres/gpu=1|gres/gpu=1\n"), "--center", "case", "--format", "sacct", "--zone", "UTC", "--at", "2026-03-03T00:00:00Z");
        await center.SucceedAsync(
            "ingest", "requests", center.Write("requests.csv", "request_id,center,tenant,pool,cards,submitted,wanted_from,wanted_to,state,decided,reason,probability\nr1,case,nlp,ai,8,2026-02-01T00:00:00Z,2026-03-01T00:00:00Z,,PENDING,,,\n"), "--center", "case");
        var cells = await center.DailyAsync();

        Assert.AreEqual(24 * 0.256, cells.Value("pool.ai.C_installed")!.Value, Exact, "one card-day");
        Assert.AreEqual(0.5, cells.Value("pool.ai.U3")!.Value, Exact);
        Assert.IsGreaterThan(0.98, cells.Coverage("pool.ai.U3"));
        using var demand = JsonDocument.Parse((await center.SucceedAsync("demand", "--network", "--out", Path.Combine(center.Folder, "network.csv"), "--json")).Split('\n').First(line => line.StartsWith('{')));
        Assert.AreEqual(8, demand.RootElement.GetProperty("parts").EnumerateArray().Single(part => part.GetProperty("part").GetString() == "queued").GetProperty("high").GetInt64());
    }

    // A page names its model as it does; a catalog with a dense and a sparse rating of that model is refused, and the one before stays.
    [TestMethod]
    public async Task F15_ModelOfAPageWithTwoRatings_IsAnErrorThatNamesTheConflict()
    {
        using var center = await CenterAsync();
        await PagesAsync(center, 0, 24, "npu-exporter", (at, _) => $"npu_chip_info_utilization{{id=\"0\",model_name=\"T256-Ascend-V1\",vdie_id=\"AA\"}} 50 {at}\n");
        const string header = "vendor,model,aliases,kind,fp16_dense_tflops,fp64_tflops,memory_mib,tdp_w,dies_per_card,source,source_date,certainty\n";
        var (code, _, errors) = await center.RunAsync("center", "catalog", center.Write("two.csv", header + "Test,T256,,card,320,,,310,1,dense,2026-01-01,certain\nTest,Ascend T256,,card,640,,,310,1,sparse,2026-01-01,certain\n"));

        Assert.AreEqual(1, code);
        Assert.Contains("320", errors, StringComparison.Ordinal);
        Assert.Contains("640", errors, StringComparison.Ordinal);
        Assert.AreEqual(0.5, (await center.DailyAsync()).Value("pool.ai.U3")!.Value, Exact);
    }

    // Card A has a pod until noon, card B of its host none; the exporter of the other host names no pods at all.
    [TestMethod]
    public async Task Labels_OfOneHost_TellItsCardsAndNoOthers()
    {
        using var center = await CenterAsync();
        await PagesAsync(center, 0, 24, "npu-exporter", (at, minute) =>
            $$"""
            npu_chip_info_utilization{id="0",model_name="T256-Ascend-V1",vdie_id="AA",container_name="c",namespace="{{(minute <= 12 * 60 ? "llm" : "")}}",pod_name="{{(minute <= 12 * 60 ? "w-0" : "")}}"} 50 {{at}}
            npu_chip_info_utilization{id="1",model_name="T256-Ascend-V1",vdie_id="BB",container_name="",namespace="",pod_name=""} 0 {{at}}

            """);
        await PagesAsync(center, 0, 24, "npu-exporter", (at, _) => $"npu_chip_info_utilization{{id=\"0\",model_name=\"T256-Ascend-V1\",vdie_id=\"CC\"}} 0 {at}\n", host: "n2");
        var cells = await center.DailyAsync();

        Assert.AreEqual(0.25, cells.Value("pool.ai.U1s")!.Value, 1e-5, "12 of 48 known hours");
        Assert.AreEqual(2.0 / 3, cells.Coverage("pool.ai.U1s"), 1e-3, "nobody tells of n2");
        CollectionAssert.AreEqual(new[] { "llm,ai,12.000" }, await TenantsAsync(center));
        await center.AllEqualAsync();
    }

    [TestMethod]
    public async Task Labels_ReadAgainAndInPieces_TellTheSameHours()
    {
        using var center = await CenterAsync();
        for (var time = 0; time < 2; time++)
        {
            await PagesAsync(center, 12, 24, "npu-exporter", Page);
            await PagesAsync(center, 0, 12, "npu-exporter", Page);
        }

        await center.DailyAsync();
        CollectionAssert.AreEqual(new[] { "llm,ai,24.000" }, await TenantsAsync(center));
        await center.AllEqualAsync();

        static string Page(long at, int minute) => $"npu_chip_info_utilization{{id=\"0\",model_name=\"T256-Ascend-V1\",vdie_id=\"AA\",container_name=\"c\",namespace=\"llm\",pod_name=\"w-0\"}} 50 {at}\n";
    }

    // sacct knows the tenant and no card, the page the card and no tenant.
    [TestMethod]
    public async Task HpcJobLabel_BesideAJobLogWithoutCards_JoinsTenantAndCard()
    {
        using var center = await CenterAsync();
        await PagesAsync(center, 0, 24, "dcgm-exporter", (at, minute) =>
            $$"""
            DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-0",modelName="T256",Hostname="n1"{{(minute <= 6 * 60 ? ",hpc_job=\"19\"" : "")}}} 40 {{at}}
            DCGM_FI_DEV_GPU_UTIL{gpu="1",UUID="GPU-1",modelName="T256",Hostname="n1"} 0 {{at}}

            """);
        await center.SucceedAsync(
            "ingest", "jobs", center.Write("sacct.psv", "JobID|User|Account|Partition|State|Submit|Start|End|AllocTRES|ReqTRES\n19|u|nlp|ai|COMPLETED|1772409600|1772409600|1772431200|gres/gpu=1|gres/gpu=1\n"), "--center", "case", "--format", "sacct", "--zone", "UTC", "--at", "2026-03-03T00:00:00Z");
        var cells = await center.DailyAsync();

        Assert.AreEqual(6.0 / 48, cells.Value("pool.ai.U1s")!.Value, 1e-3);
        CollectionAssert.AreEqual(new[] { "nlp,ai,6.000" }, await TenantsAsync(center));
        await center.AllEqualAsync();
    }

    // A job log that names its cards says more than a label.
    [TestMethod]
    public async Task Labels_BesideAJobLogThatNamesCards_DoNotCount()
    {
        using var center = await CenterAsync();
        await PagesAsync(center, 0, 24, "npu-exporter", (at, _) => $"npu_chip_info_utilization{{id=\"0\",model_name=\"T256-Ascend-V1\",vdie_id=\"AA\",container_name=\"c\",namespace=\"llm\",pod_name=\"w-0\"}} 50 {at}\n");
        await center.SucceedAsync(
            "ingest", "jobs", center.Write("jobs.csv", "cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state,pool,card_ids\n" + Rows.Job("1", "uni", 0, 6, 1, "ai", "AA")), "--center", "case", "--at", "2026-03-03T00:00:00Z");
        await center.DailyAsync();
        CollectionAssert.AreEqual(new[] { "uni,ai,6.000" }, await TenantsAsync(center));
        await center.AllEqualAsync();
    }

    // Planned and recorded: six hours of maintenance are installed and not available. A card that no record knows counts from its first sample, and is listed.
    [TestMethod]
    public async Task Inventory_WithMaintenanceAndAnUnknownCard_KeepsCountsAndShowsBoth()
    {
        using var center = await CenterAsync();
        await center.SucceedAsync("ingest", "inventory", center.Write("inventory.csv", "card,host,slot,model,pool,event,from,to,reason\n" + Rows.Installed("AA", host: "n1", slot: "0") + $"AA,,,,,maintenance,{TestCenter.At(0)},{TestCenter.At(6)},planned\n"), "--center", "case");
        await PagesAsync(center, 0, 24, "npu-exporter", (at, _) =>
            $"npu_chip_info_utilization{{id=\"0\",model_name=\"T256-Ascend-V1\",vdie_id=\"AA\"}} 50 {at}\nnpu_chip_info_utilization{{id=\"1\",model_name=\"T256-Ascend-V1\",vdie_id=\"XX\"}} 20 {at}\n");
        var cells = await center.DailyAsync();

        Assert.AreEqual(48 * 0.256, cells.Value("pool.ai.C_installed")!.Value, Exact);
        Assert.AreEqual(42 * 0.256, cells.Value("pool.ai.C_available")!.Value, Exact);
        Assert.AreEqual(6 * 0.256, cells.Value("pool.ai.state.Maintenance")!.Value, Exact);
        Assert.AreEqual(((18 * 0.5) + (24 * 0.2)) / 42, cells.Value("pool.ai.U3")!.Value, Exact);
        foreach (var told in (string[])[await center.SucceedAsync("center", "cards", "case", "--lang", "en"), await center.SucceedAsync("report", "quality", "--center", "case", "--day", TestCenter.Day, "--lang", "en")])
        {
            Assert.Contains("To settle: unattributed  XX", told, StringComparison.Ordinal);
        }
    }

    private static async Task<TestCenter> CenterAsync()
    {
        var center = new TestCenter();
        await center.SucceedAsync("center", "catalog", Path.Combine(center.Folder, "catalog.csv"));
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        return center;
    }

    // A page every quarter of an hour over [from, until], with its own time stamps.
    private static async Task PagesAsync(TestCenter center, int from, int until, string format, Func<long, int, string> page, string host = "n1")
    {
        var midnight = DateTimeOffset.Parse(TestCenter.At(0), CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
        var files = new List<string>();
        for (var minute = from * 60; minute <= until * 60; minute += Step)
        {
            files.Add(center.Write($"{host}-{minute:0000}.prom", page(midnight + (minute * 60_000L), minute)));
        }

        await center.SucceedAsync(["ingest", "telemetry", .. files, "--center", "case", "--format", format, "--host", host]);
    }

    // Tenant, pool and card-hours of the day.
    private static async Task<string[]> TenantsAsync(TestCenter center)
    {
        var (code, output, errors) = await center.RunAsync("export", "card-hours", "--center", "case", "--by", "tenant", "--from", TestCenter.Day, "--to", "2026-03-03");
        Assert.AreEqual(0, code, errors);
        return
        [
            .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','))
                .Select(cells => $"{cells[0]},{cells[1]},{double.Parse(cells[3], CultureInfo.InvariantCulture).ToString("0.000", CultureInfo.InvariantCulture)}"),
        ];
    }
}
