using System.Globalization;
using System.IO.Compression;
using System.Text;
using static Headroom.Service.Tests.Cases.Rows;

namespace Headroom.Service.Tests.Cases;

/// <summary>Allocations, counts and meters: files in, numbers on the report out. F5, F13, F15 and F16 of METRICS.md are among them.</summary>
[TestClass]
public sealed class HeldCases
{
    private const double Exact = 1e-9;
    private const string Allocations = "card,from,to,tenant,job_id,kind,share\n";

    [TestMethod]
    public async Task F5_SlicesOfThreeAndFourSevenths_AreWeighedByTheirShare()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Installed("GPU-1"));
        await PagesAsync(center, hour => Slice("GPU-1", hour, "1", "3g.40gb", "0.6") + Slice("GPU-1", hour, "2", "4g.40gb", "0.2"));
        await center.SucceedAsync("ingest", "allocations", center.Write("allocations.csv", Allocations + Held("GPU-1", "three", "job", "0.428571") + Held("GPU-1", "four", "job", "0.571429")), "--center", "case");
        var cells = await center.DailyAsync();

        Assert.AreEqual(((3 * 0.6) + (4 * 0.2)) / 7, cells.Value("pool.ai.U3")!.Value, 1e-6, "37.1429 %, to the ppm of a gauge");
        Assert.AreEqual(1.0, cells.Value("pool.ai.U1s")!.Value, Exact);
        Assert.AreEqual(24 * 0.256 * 0.428571, cells.Value("tenant.three.pool.ai.allocated")!.Value, 1e-6);
        Assert.AreEqual(24 * 0.256 * 0.571429, cells.Value("tenant.four.pool.ai.allocated")!.Value, 1e-6);
    }

    [TestMethod]
    public async Task F5_OneCardCopiedToThreePods_CountsOnce()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Installed("GPU-1"));
        await PagesAsync(center, hour => string.Concat(Enumerable.Range(1, 3).Select(pod =>
            $"DCGM_FI_DEV_GPU_UTIL{{gpu=\"0\",UUID=\"GPU-1\",Hostname=\"h\",namespace=\"n\",pod=\"p{pod}\"}} 99 {Milliseconds(hour)}\n")));

        Assert.AreEqual(0.99, (await center.DailyAsync()).Value("pool.ai.U3")!.Value, Exact);
    }

    [TestMethod]
    public async Task F13_FullByPodsAlone_IsSaturatedWithoutASize()
    {
        const int days = 10;
        using var center = new TestCenter();
        await center.IngestAsync(
            Each(4, card => Installed(card)),
            string.Concat(Enumerable.Range(0, days).SelectMany(day => Names(4).Select(card => Gauge(card, 0, 24, 99, 900, Iso(day))))));
        var held = string.Concat(Names(4).Select(card => $"{card},{TestCenter.At(0)},{TestCenter.At(24, Iso(days - 1))},t,{card},job,\n"));
        await center.SucceedAsync("ingest", "allocations", center.Write("allocations.csv", Allocations + held), "--center", "case");

        await center.SucceedAsync("report", "saturation", "--center", "case", "--day", Iso(days - 1), "--format", "json", "--out", center.Folder);

        using var report = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(Directory.GetFiles(center.Folder, "saturation-case-*.json").Single()));
        var pool = report.RootElement.GetProperty("pools")[0];
        Assert.AreEqual("saturated_since", pool.GetProperty("saturation").GetProperty("status").GetString());
        Assert.AreEqual("lower_bound", pool.GetProperty("demand").GetProperty("answer").GetString());
        var latent = report.RootElement.GetProperty("cells").EnumerateArray().First(cell => cell.GetProperty("metric").GetString() == "D_latent");
        Assert.AreEqual(System.Text.Json.JsonValueKind.Null, latent.GetProperty("value").ValueKind, "not 100P, and no flat line at it");
        Assert.AreEqual(4 * 0.256, latent.GetProperty("low").GetDouble(), 0.02, "at least what is there");
    }

    [TestMethod]
    public async Task F15_DenseAndSparseRatingOfOneModel_IsAnErrorThatNamesBoth()
    {
        using var center = new TestCenter();
        var catalog = center.Write("conflict.csv", """
            vendor,model,aliases,kind,fp16_dense_tflops,fp64_tflops,memory_mib,tdp_w,dies_per_card,source,source_date,certainty
            Test,X320,,card,320,,,310,1,dense sheet,2026-01-01,certain
            Test,X-320,,card,640,,,310,1,sparse sheet,2026-01-01,certain
            """);

        var (code, _, errors) = await center.RunAsync("center", "catalog", catalog);

        Assert.AreNotEqual(0, code);
        Assert.Contains("320", errors, StringComparison.Ordinal);
        Assert.Contains("640", errors, StringComparison.Ordinal);
        Assert.Contains("conflict.csv", errors, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task F16_ContractOfHundredWithFortyRunning_IsFullByContractAndNothingIsFree()
    {
        using var center = new TestCenter();
        await center.IngestAsync(
            Each(100, card => Installed(card)),
            string.Concat(Names(100).Select((card, i) => Gauge(card, 0, 24, i < 40 ? 80 : 0, 900))),
            string.Concat(Names(40).Select((card, i) => Job($"{i}", "city", 0, 24, 1, "ai", card))));
        await center.SucceedAsync(
            "ingest", "allocations", center.Write("contracts.csv", Allocations + string.Concat(Names(100).Select(card => $"{card},{TestCenter.At(-240)},2027-03-02T00:00:00Z,city,K-1,contract,1\n"))), "--center", "case");
        var cells = await center.DailyAsync();

        Assert.AreEqual(1.0, cells.Value("pool.ai.U1c")!.Value, Exact);
        Assert.AreEqual(0.4, cells.Value("pool.ai.U1s")!.Value, Exact);
        Assert.AreEqual(0.0, cells.Value("pool.ai.state.Free")!.Value, Exact);
        Assert.AreEqual((60 + (40 * 0.2)) * 24 * 0.256, cells.Value("pool.ai.state.AllocIdle")!.Value, 1e-6);
        Assert.AreEqual(60 * 24 * 0.256, cells.Value("pool.ai.ContractOnly")!.Value, Exact);
        Assert.AreEqual(60 * 24 * 0.256, cells.Value("idle.ai.tenant.city.all")!.Value, Exact, "sixty lay idle all day");
    }

    [TestMethod]
    public async Task Meters_OfADay_GivePueAndWithoutItTheReportSaysSo()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Installed("card"), Gauge("card", 0, 24, 50, 900));
        Assert.DoesNotContain("\"PUE\"", (await center.DailyAsync()).Root.GetRawText(), StringComparison.Ordinal);

        await center.SucceedAsync(
            "ingest", "meter", center.Write("meter.csv", $"meter,scope,from,to,kwh\nmain,facility,{TestCenter.At(0)},{TestCenter.At(24)},1300\nrow,it,{TestCenter.At(0)},{TestCenter.At(24)},1000\n"), "--center", "case");
        var cells = await center.DailyAsync();

        Assert.AreEqual((1300.0, 1000.0, 1.3), (cells.Value("energy.E_facility"), cells.Value("energy.E_it"), cells.Value("energy.PUE")));
    }

    [TestMethod]
    public async Task Counts_OfHeliosEarth_GiveTheRatesOfTheFileAndNameTheTenantsAtTheirQuota()
    {
        var file = JobLogCases.SharedFile("data/traces/helios-earth-vc/hourly_by_tenant.csv.gz");
        var (rows, sums) = (new StringBuilder("hour,tenant,installed,allocated,queued\n"), new SortedDictionary<string, (double Installed, double Allocated)>(StringComparer.Ordinal));
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        await reader.ReadLineAsync();
        while (await reader.ReadLineAsync() is { } line)
        {
            var cells = line.Split(',');
            rows.Append(CultureInfo.InvariantCulture, $"{cells[0]},{cells[1]},{cells[2]},{cells[3]},{cells[5]}\n");
            var (installed, allocated) = sums.GetValueOrDefault(cells[1]);
            sums[cells[1]] = (installed + double.Parse(cells[2], CultureInfo.InvariantCulture), allocated + double.Parse(cells[3], CultureInfo.InvariantCulture));
        }

        using var center = new TestCenter("Asia/Shanghai");
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        await center.SucceedAsync("ingest", "counts", center.Write("counts.csv", rows.ToString()), "--center", "case");
        var month = await center.ReportAsync("monthly", "2020-05-01");
        await center.SucceedAsync("report", "monthly", "--center", "case", "--day", "2020-05-01", "--format", "html", "--out", center.Folder, "--lang", "en");
        var html = await File.ReadAllTextAsync(Path.Combine(center.Folder, "monthly-case-2020-05-01.en.html"));

        Assert.HasCount(16, sums);
        foreach (var (tenant, (installed, allocated)) in sums)
        {
            Assert.AreEqual(allocated / installed, month.Value($"counts.ai.tenant.{tenant}.U1s")!.Value, 1e-9, tenant);
        }

        Assert.AreEqual(sums.Values.Sum(sum => sum.Allocated) / sums.Values.Sum(sum => sum.Installed), month.Value("counts.ai.U1s")!.Value, 1e-9);
        Assert.AreEqual(0.667, month.Value("counts.ai.U1s")!.Value, 5e-4);
        var named = html[html.IndexOf("At their quota", StringComparison.Ordinal)..];
        foreach (var tenant in (string[])["vcpDC", "vcTJs", "vc6YE", "vcLJZ", "vcMod", "vcvlY"])
        {
            Assert.Contains(tenant, named[..named.IndexOf("</strong>", StringComparison.Ordinal)], StringComparison.Ordinal);
        }

        Assert.DoesNotContain("vcJkd", named[..named.IndexOf("</strong>", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    private static string Held(string card, string tenant, string kind, string share) => $"{card},{TestCenter.At(0)},{TestCenter.At(24)},{tenant},{tenant}-1,{kind},{share}\n";

    // A page is one scrape: one for each hour of the day.
    private static async Task PagesAsync(TestCenter center, Func<int, string> page)
    {
        var files = Enumerable.Range(1, 24).Select(hour => center.Write($"page-{hour:00}.prom", page(hour)));
        await center.SucceedAsync(["ingest", "telemetry", .. files, "--center", "case", "--format", "dcgm-exporter"]);
    }

    private static string Slice(string card, int hour, string id, string profile, string use) =>
        $"DCGM_FI_PROF_GR_ENGINE_ACTIVE{{gpu=\"0\",UUID=\"{card}\",Hostname=\"h\",GPU_I_ID=\"{id}\",GPU_I_PROFILE=\"{profile}\"}} {use} {Milliseconds(hour)}\n";

    private static long Milliseconds(int hour) => DateTimeOffset.Parse(TestCenter.At(hour), CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static string Iso(int day) => DateOnly.Parse(TestCenter.Day, CultureInfo.InvariantCulture).AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
