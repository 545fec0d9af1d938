using System.Globalization;
using System.Text;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Transports.RemoteWrite;
using Headroom.Storage;
using Headroom.Storage.Accounting;
using Headroom.Storage.Sqlite;

namespace Headroom.Ingest.Tests.Transports.RemoteWrite;

/// <summary>What is written remotely is what a scrape would have stored, however requests are cut and in whatever order they come.</summary>
[TestClass]
public sealed class RemoteWriteLikeScrapeTests
{
    private const long First = 1_795_288_040_000;
    private const long Now = (First + (10 * 60_000)) * 1_000;
    private static readonly CenterDefinition Center = CenterDefinition.NewDraft(new("t")) with { PeriodMicros = Micros.PerSecond };
    private static readonly RemoteWriteOptions Options = new() { Clock = new StandingClock(Now) };

    public required TestContext TestContext { get; set; }

    [TestMethod]
    [DataRow("dcgm.prom", "dcgm-exporter", DisplayName = "NVIDIA, labels up to 4.8")]
    [DataRow("dcgm-main-2026.prom", "dcgm-exporter", DisplayName = "NVIDIA, labels of 2026")]
    [DataRow("npu-exporter-v7.prom", "npu-exporter", DisplayName = "Ascend, version 7, with a virtual NPU")]
    [DataRow("npu-exporter-v5.prom", "npu-exporter", DisplayName = "Ascend, version 5, times before 2000")]
    public async Task ReceiveAsync_SharedPage_LeavesTheSameStoreAsAScrape(string name, string format) =>
        await AssertSameAsync([(First, Places.Shared(name))], format, (series, _) => [series]);

    [TestMethod]
    [DataRow(1, DisplayName = "1")]
    [DataRow(2, DisplayName = "2")]
    [DataRow(3, DisplayName = "3")]
    [DataRow(4, DisplayName = "4")]
    [DataRow(5, DisplayName = "5")]
    [DataRow(6, DisplayName = "6")]
    public async Task ReceiveAsync_ScrapesInPiecesOfAnyOrder_LeaveTheSameStoreAsAScrape(int seed)
    {
        var random = new Random(seed);
        var pages = Enumerable.Range(0, 6).Select(i => (First + (i * 1_000), Nvidia(i))).ToList();
        await AssertSameAsync(pages, "dcgm-exporter", (series, _) => Shuffled(random, series));
    }

    [TestMethod]
    [DataRow(1, DisplayName = "1")]
    [DataRow(2, DisplayName = "2")]
    [DataRow(3, DisplayName = "3")]
    public async Task ReceiveAsync_SeveralScrapesInOneShuffle_LeaveTheSameStoreAsAScrape(int seed)
    {
        var random = new Random(seed);
        var pages = Enumerable.Range(0, 5).Select(i => (First + (i * 1_000), Nvidia(i))).ToList();
        using var scraped = new Filled();
        using var written = new Filled();
        await ScrapeAsync(scraped, pages, "dcgm-exporter");
        await WriteAsync(written, Shuffled(random, pages.SelectMany(page => Sent.FromPage(page.Item2, page.Item1, "n1:9400")).ToList()));
        Assert.AreEqual(await HashAsync(scraped), await HashAsync(written));
    }

    [TestMethod]
    public async Task ReceiveAsync_SeveralConnectionsAtOnce_LeaveTheSameStoreAsAScrape()
    {
        using var scraped = new Filled();
        using var written = new Filled();
        var pages = Enumerable.Range(0, 8).Select(i => (First + (i * 1_000), Nvidia(i))).ToList();
        await ScrapeAsync(scraped, pages, "dcgm-exporter");
        await written.OpenAsync(TestContext.CancellationToken);
        var requests = Shuffled(new Random(9), pages.SelectMany(page => Sent.FromPage(page.Item2, page.Item1, "n1:9400")).ToList());
        await Task.WhenAll(requests.Select(request => Task.Run(async () =>
            Assert.AreEqual(204, (await Sent.SendAsync(written.Receiver, Sent.Body(request), TestContext.CancellationToken)).Status))));
        Assert.AreEqual(await HashAsync(scraped), await HashAsync(written));
    }

    [TestMethod]
    public async Task ReceiveAsync_PowerBeforeUtilizationOfEachInstant_LeavesNoTimeUnknown()
    {
        using var filled = new Filled();
        var series = new List<List<SentSeries>>();
        for (var i = 0; i < 60; i++)
        {
            var at = First + (i * 1_000);
            series.Add([Card("DCGM_FI_DEV_POWER_USAGE", 200, at)]);
            series.Add([Card("DCGM_FI_DEV_GPU_TEMP", 50, at)]);
            series.Add([Card("DCGM_FI_DEV_GPU_UTIL", 80, at)]);
        }

        await WriteAsync(filled, series);
        var hour = await HourAsync(filled, "GPU-0", First - 1_000, First + 59_000);
        Assert.AreEqual(0, hour[Cell.AllocUnknownUseUnknown]);
        Assert.AreEqual(60 * Micros.PerSecond * 8 / 10, hour.Busy);
    }

    [TestMethod]
    public async Task ReceiveAsync_UtilizationStillOnItsWay_IsUnknownUntilItComes()
    {
        using var filled = new Filled();
        await WriteAsync(filled, [[Card("DCGM_FI_DEV_GPU_UTIL", 80, First)], [Card("DCGM_FI_DEV_POWER_USAGE", 200, First + 1_000)], [Card("DCGM_FI_DEV_GPU_UTIL", 80, First + 2_000)]]);
        Assert.AreEqual(Micros.PerSecond, (await HourAsync(filled, "GPU-0", First - 1_000, First + 2_000)).UseUnknown);
        await WriteAsync(filled, [[Card("DCGM_FI_DEV_GPU_UTIL", 80, First + 1_000)]]);
        Assert.AreEqual(0, (await HourAsync(filled, "GPU-0", First - 1_000, First + 2_000)).UseUnknown);
    }

    // The better metric says 30 %, the coarse one 90 %: which of the two arrives first, and what the larger is, must not matter.
    [TestMethod]
    [DataRow(false, DisplayName = "the preferred first")]
    [DataRow(true, DisplayName = "the coarse first")]
    public async Task ReceiveAsync_TwoUtilizationMetricsInTwoRequests_KeepsThePreferred(bool coarseFirst)
    {
        using var filled = new Filled();
        for (var i = 0; i < 5; i++)
        {
            var at = First + (i * 1_000);
            SentSeries[] both = [Card("DCGM_FI_DEV_GPU_UTIL", 90, at), Card("DCGM_FI_PROF_GR_ENGINE_ACTIVE", 0.3, at)];
            await WriteAsync(filled, [[both[coarseFirst ? 0 : 1]], [both[coarseFirst ? 1 : 0]]]);
        }

        CollectionAssert.AreEqual(Enumerable.Repeat(300_000, 5).ToArray(), (await SamplesAsync(filled, "GPU-0")).UsePpm);
        Assert.IsLessThanOrEqualTo(1, await ConflictsAsync(filled), "only before anything is known of the card");
    }

    [TestMethod]
    public async Task ReceiveAsync_PreferredMetricEnds_TheOtherTakesItsPlace()
    {
        using var filled = new Filled();
        await WriteAsync(filled, [[Card("DCGM_FI_DEV_GPU_UTIL", 90, First), Card("DCGM_FI_PROF_GR_ENGINE_ACTIVE", 0.3, First)]]);
        await WriteAsync(filled, [[Card("DCGM_FI_DEV_GPU_UTIL", 91, First + 1_000)], [Card("DCGM_FI_PROF_GR_ENGINE_ACTIVE", Sent.StaleMarker, First + 1_000)], [Card("DCGM_FI_DEV_GPU_UTIL", 92, First + 2_000)]]);
        CollectionAssert.AreEqual(new[] { 300_000, 910_000, 920_000 }, (await SamplesAsync(filled, "GPU-0")).UsePpm);
    }

    [TestMethod]
    [DataRow(false, DisplayName = "the end first")]
    [DataRow(true, DisplayName = "the new series first")]
    public async Task ReceiveAsync_PodLabelsChange_LeavesNoTimeUnknown(bool newFirst)
    {
        using var filled = new Filled();
        await WriteAsync(filled, [[Card("DCGM_FI_DEV_GPU_UTIL", 10, First)]]);
        List<SentSeries> ended = [Card("DCGM_FI_DEV_GPU_UTIL", Sent.StaleMarker, First + 1_000)];
        List<SentSeries> begun = [Card("DCGM_FI_DEV_GPU_UTIL", 90, First + 1_000, ("pod", "p"))];
        await WriteAsync(filled, newFirst ? [begun, ended] : [ended, begun]);
        await WriteAsync(filled, [[Card("DCGM_FI_DEV_GPU_UTIL", 90, First + 2_000, ("pod", "p"))]]);
        Assert.AreEqual(0, (await HourAsync(filled, "GPU-0", First - 1_000, First + 2_000)).UseUnknown);
        Assert.AreEqual(0, await ConflictsAsync(filled));
    }

    [TestMethod]
    public async Task ReceiveAsync_SeriesEnds_TheTimeBeforeIsUnknown()
    {
        using var filled = new Filled();
        await WriteAsync(filled, [[Card("DCGM_FI_DEV_GPU_UTIL", 90, First)], [Card("DCGM_FI_DEV_GPU_UTIL", Sent.StaleMarker, First + 1_000)], [Card("DCGM_FI_DEV_GPU_UTIL", 90, First + 2_000)]]);
        CollectionAssert.AreEqual(new[] { 900_000, TelemetryMetrics.Missing, 900_000 }, (await SamplesAsync(filled, "GPU-0")).UsePpm);
        Assert.AreEqual(Micros.PerSecond, (await HourAsync(filled, "GPU-0", First - 1_000, First + 2_000)).UseUnknown);
    }

    // Two of the eight AI cores of a 310P. The virtual device's series name the card by its slot alone.
    [TestMethod]
    public async Task ReceiveAsync_SliceAfterARestart_IsStillThatOfItsCard()
    {
        using var filled = new Filled();
        SentSeries Whole(long at) => new("npu_chip_info_utilization", [("id", "3"), ("instance", "n1:8082"), ("model_name", "310P3-Ascend-V1"), ("vdie_id", "AA")], 0, at);
        SentSeries Part(long at) => new("vnpu_pod_aicore_utilization", [("aicore_count", "2.00"), ("id", "3"), ("instance", "n1:8082"), ("model_name", "310P3-Ascend-V1"), ("v_dev_id", "103")], 40, at);
        await WriteAsync(filled, [[Whole(First), Part(First)]]);
        await WriteAsync(filled, [[Part(First + 1_000)], [Whole(First + 1_000)]], restart: true);
        var facts = await filled.Store!.ReadFactsAsync(Center.Id, Instants.Never, TestContext.CancellationToken);
        Assert.AreEqual("AA", facts.Devices.Single().Sighting.Id);
        CollectionAssert.AreEqual(new[] { 100_000, 100_000 }, (await SamplesAsync(filled, "AA")).UsePpm);
    }

    private static SentSeries Card(string metric, double value, long at, params (string, string)[] more) =>
        new(metric, [("UUID", "GPU-0"), ("gpu", "0"), ("instance", "n1:9400"), .. more], value, at);

    // Two signals that differ, slices, a bad power, a sentinel: everything a page can hold, other values at each scrape.
    private static byte[] Nvidia(int scrape)
    {
        var page = new StringBuilder();
        foreach (var (metric, of) in new (string, Func<int, double?>)[]
        {
            ("DCGM_FI_DEV_GPU_TEMP", card => 40 + card),
            ("DCGM_FI_DEV_POWER_USAGE", card => card == 2 ? -5 : 100 + (card * 10) + scrape),
            ("DCGM_FI_DEV_GPU_UTIL", card => card == 4 ? 255 : 90 - card - scrape),
            ("DCGM_FI_DEV_FB_USED", card => 1_000 + (card * 100)),
            ("DCGM_FI_PROF_GR_ENGINE_ACTIVE", card => card is 0 or 4 ? null : (20 + (card * 7) + scrape) / 100.0),
        })
        {
            for (var card = 0; card < 5; card++)
            {
                var value = of(card);
                var slices = card == 3 ? ((string Id, string Profile)[])[("1", "3g.40gb"), ("2", "4g.40gb")] : [("", "")];
                foreach (var (id, profile) in metric == "DCGM_FI_DEV_GPU_UTIL" && card == 3 ? [] : slices)
                {
                    var slice = id.Length == 0 ? "" : $",GPU_I_PROFILE=\"{profile}\",GPU_I_ID=\"{id}\"";
                    if (value is { } number)
                    {
                        page.Append(CultureInfo.InvariantCulture, $"{metric}{{gpu=\"{card}\",UUID=\"GPU-{card}\",modelName=\"NVIDIA A100-SXM4-80GB\",Hostname=\"n1\"{slice},pod=\"\"}} {number * (id == "2" ? 0.5 : 1)}\n");
                    }
                }
            }
        }

        return Encoding.UTF8.GetBytes(page.ToString());
    }

    private async Task AssertSameAsync(List<(long At, byte[] Page)> pages, string format, Func<List<SentSeries>, int, List<List<SentSeries>>> cut)
    {
        using var scraped = new Filled();
        using var written = new Filled();
        var scrape = await ScrapeAsync(scraped, pages, format);
        var reports = new List<IngestReport>();
        for (var i = 0; i < pages.Count; i++)
        {
            reports.AddRange(await WriteAsync(written, cut(Sent.FromPage(pages[i].Page, pages[i].At, "n1:9400"), i)));
        }

        Assert.AreEqual(await HashAsync(scraped), await HashAsync(written));
        if (reports.Count == pages.Count)
        {
            CollectionAssert.AreEqual(
                scrape.SelectMany(report => report.Rejected).ToArray(), reports.SelectMany(report => report.Rejected).ToArray());
            Assert.AreEqual(scrape.Sum(report => report.Accepted), reports.Sum(report => report.Accepted));
            Assert.AreEqual(scrape.Sum(report => report.MissingCells), reports.Sum(report => report.MissingCells));
        }
    }

    private async Task<List<IngestReport>> ScrapeAsync(Filled into, List<(long At, byte[] Page)> pages, string format)
    {
        var store = await into.OpenAsync(TestContext.CancellationToken);
        var reports = new List<IngestReport>();
        foreach (var (at, page) in pages)
        {
            using var body = new MemoryStream(page);
            var options = new IngestOptions { Format = format, Host = "n1", At = at * 1_000, Clock = Options.Clock };
            reports.Add(await TelemetryIngest.StreamAsync(store, Center, body, "page", options, openMetrics: false, TestContext.CancellationToken));
        }

        return reports;
    }

    private async Task<List<IngestReport>> WriteAsync(Filled into, List<List<SentSeries>> requests, bool restart = false)
    {
        await into.OpenAsync(TestContext.CancellationToken);
        if (restart)
        {
            into.Restart();
        }

        var reports = new List<IngestReport>();
        foreach (var request in requests)
        {
            var answer = await Sent.SendAsync(into.Receiver, Sent.Body(request), TestContext.CancellationToken);
            Assert.AreEqual(204, answer.Status, answer.Problem?.ToString());
            if (answer.Report is { } report)
            {
                reports.Add(report);
            }
        }

        return reports;
    }

    private Task<string> HashAsync(Filled filled) => filled.Store!.ContentHashAsync(TestContext.CancellationToken);

    private Task<DeviceSamples> SamplesAsync(Filled filled, string device) =>
        filled.Store!.ReadSamplesAsync(Center.Id, new(device), Window.Always, TestContext.CancellationToken);

    private async Task<long> ConflictsAsync(Filled filled) =>
        (await filled.Store!.ReadReceivedAsync(Center.Id, Instants.Never, TestContext.CancellationToken)).Sum(note => note.Conflicts);

    private async Task<HourCells> HourAsync(Filled filled, string device, long fromMilliseconds, long untilMilliseconds)
    {
        var facts = await filled.Store!.ReadFactsAsync(Center.Id, Instants.Never, TestContext.CancellationToken);
        var history = CardHourKeeper.HistoriesOf(Center, facts).Single(one => one.Device.Value == device);
        Assert.AreEqual(fromMilliseconds * 1_000, history.Placements.Single().Valid.From, "installed one period before the first sample");
        var day = CardDayAccountant.Account(
            history, await SamplesAsync(filled, device), new(Center.PeriodMicros, _ => null), Center.Clock(), Center.Clock().DayOf(Now), untilMilliseconds * 1_000);
        Assert.HasCount(1, day.Hours);
        return day.Hours[0].Cells;
    }

    private static List<List<SentSeries>> Shuffled(Random random, List<SentSeries> series)
    {
        var order = series.ToArray();
        random.Shuffle(order);
        var requests = new List<List<SentSeries>>();
        for (var i = 0; i < order.Length;)
        {
            var count = Math.Min(order.Length - i, random.Next(1, 6));
            requests.Add([.. order[i..(i + count)]]);
            i += count;
        }

        return requests;
    }

    private sealed class Filled : IDisposable
    {
        private readonly TestFolder _folder = new();

        public SqliteStore? Store { get; private set; }

        public RemoteWriteReceiver Receiver { get; private set; } = null!;

        public async Task<SqliteStore> OpenAsync(CancellationToken cancellationToken)
        {
            Store ??= await SqliteStore.OpenAsync(new() { Path = _folder.File() }, Options.Clock, cancellationToken);
            Receiver ??= Sent.Receiver(Store, Center, Options);
            return Store;
        }

        public void Restart()
        {
            Receiver.Dispose();
            Receiver = Sent.Receiver(Store!, Center, Options);
        }

        public void Dispose()
        {
            Receiver?.Dispose();
            Store?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _folder.Dispose();
        }
    }
}
