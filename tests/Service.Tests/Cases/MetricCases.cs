using static Headroom.Service.Tests.Cases.Rows;

namespace Headroom.Service.Tests.Cases;

/// <summary>The cases of the metric definitions with their right answers: files in, number on the report out.</summary>
[TestClass]
public sealed class MetricCases
{
    private const double Exact = 1e-9;

    [TestMethod]
    public async Task F1_UnlikeCards_AreWeighedByRating()
    {
        using var center = new TestCenter();
        await center.IngestAsync(
            Each(100, card => Installed(card)) + Each(20, card => Installed(card, "T1000"), "big"),
            Each(100, card => Gauge(card, 0, 24, 95, 900)) + Each(20, card => Gauge(card, 0, 24, 20, 900), "big"));

        Assert.AreEqual(0.621053, (await center.DailyAsync()).Value("pool.ai.U3")!.Value, 5e-7);
    }

    [TestMethod]
    public async Task F2_SilentAfterNoon_IsNinetyPercentOfTheKnownHalf()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Installed("card"), Gauge("card", 0, 12, 90, 15));
        var cells = await center.DailyAsync();

        Assert.AreEqual(0.90, cells.Value("pool.ai.U3")!.Value, Exact);
        Assert.AreEqual(0.50, cells.Coverage("pool.ai.U3"), Exact);
        Assert.AreEqual((0.45, 0.95), cells.Bounds("pool.ai.U3"));
    }

    [TestMethod]
    public async Task F3_CardsAddedMidMonth_TheMonthIsTheRatioOfSums()
    {
        // 30 days: 100 cards at 90 %; 100 more from day 16 at 30 %. Ten for each hundred here: the ratio is the same.
        using var center = new TestCenter();
        var (telemetry, first) = (new System.Text.StringBuilder(), new DateOnly(2026, 4, 1));
        for (var i = 0; i < 30; i++)
        {
            var day = first.AddDays(i).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            telemetry.Append(Each(10, card => Gauge(card, 0, 24, 90, 1800, day)));
            telemetry.Append(i < 15 ? "" : Each(10, card => Gauge(card, 0, 24, 30, 1800, day), "new"));
        }

        await center.IngestAsync(Each(10, card => Installed(card, from: 30 * 24)) + Each(10, card => Installed(card, from: 45 * 24), "new"), telemetry.ToString());
        var month = await center.ReportAsync("monthly", "2026-04-01");

        Assert.AreEqual(0.70, month.Value("pool.ai.U3")!.Value, Exact);
        Assert.AreEqual(0.70, month.Value("pool.ai.U2")!.Value, Exact);
        Assert.AreEqual(1, month.Coverage("pool.ai.U3"));
        Assert.AreEqual(0.60, month.Value("pool.ai.day.2026-04-30.U3")!.Value, Exact);
        Assert.AreEqual("2026-04-30", month.Root.GetProperty("last_day").GetString());
    }

    [TestMethod]
    public async Task F4_TenOfHundredDown_TwoNumbersWithTwoNames()
    {
        using var center = new TestCenter();
        await center.IngestAsync(
            Each(100, card => Installed(card)) + Each(10, card => $"{card},,,,,down,{TestCenter.At(0)},{TestCenter.At(24)},fan\n"),
            string.Concat(Names(100).Skip(10).Select(card => Gauge(card, 0, 24, 90, 900))));
        var cells = await center.DailyAsync();

        Assert.AreEqual(0.81, cells.Value("pool.ai.U2")!.Value, Exact);
        Assert.AreEqual(0.90, cells.Value("pool.ai.U3")!.Value, Exact);
    }

    [TestMethod]
    public async Task F6_BusyInTheEarlyHoursOfChina_AllOnTheLocalDay()
    {
        using var center = new TestCenter("Asia/Shanghai");
        await center.IngestAsync(
            $"card,,,T256,ai,installed,2026-02-01T00:00:00Z,,\n",
            Gauge("card", 16, 24, 100, 60, "2026-02-28") + Gauge("card", 0, 16, 0, 60, "2026-03-01") + Gauge("card", 0, 16, 0, 60, "2026-02-28"));

        Assert.AreEqual(8.0 / 24, (await center.DailyAsync("2026-03-01")).Value("pool.ai.U3")!.Value, Exact);
        Assert.AreEqual(0, (await center.DailyAsync("2026-02-28")).Value("pool.ai.U3")!.Value, Exact);
    }

    [TestMethod]
    public async Task F7_OneAbsurdGauge_IsRejectedAndItsTimeUnknown()
    {
        using var center = new TestCenter();
        await center.IngestAsync(
            Each(176, card => Installed(card)),
            string.Concat(Names(175).Select(card => Gauge(card, 0, 24, 17.8, 3600))) + $"{TestCenter.At(12)},card175,218322032\n");
        var cells = await center.DailyAsync();

        Assert.AreEqual(0.178, cells.Value("pool.ai.U3")!.Value, Exact);
        Assert.AreEqual(175.0 / 176, cells.Coverage("pool.ai.U3"), Exact);
    }

    [TestMethod]
    public async Task F8_OneOfFourStopsReporting_CoverageFallsNotTheNumber()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Each(4, card => Installed(card)), string.Concat(Names(3).Select(card => Gauge(card, 0, 24, 100, 900))));
        var cells = await center.DailyAsync();

        Assert.AreEqual(1.0, cells.Value("pool.ai.U3")!.Value, Exact);
        Assert.AreEqual(0.75, cells.Coverage("pool.ai.U3"), Exact);
        Assert.AreEqual((0.75, 1.0), cells.Bounds("pool.ai.U3"));
    }

    [TestMethod]
    public async Task F9_GangOfFourSummingTo396_IsNinetyNinePercent()
    {
        using var center = new TestCenter();
        await center.IngestAsync(
            Each(4, card => Installed(card)),
            string.Concat(Names(4).Select(card => Gauge(card, 0, 24, 99, 900))),
            Job("1", "tenant", 0, 24, 4, "ai", Names(4)));
        var cells = await center.DailyAsync();

        Assert.AreEqual(0.99, cells.Value("pool.ai.U4")!.Value, Exact);
        Assert.AreEqual(0.99, cells.Value("pool.ai.U3")!.Value, Exact);
    }

    [TestMethod]
    public async Task F10_AllocatedAndIdleAllDay_IsAllocatedAndIdle()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Installed("card"), Gauge("card", 0, 24, 0), Job("1", "tenant", 0, 24, 1, "ai", "card"));
        var cells = await center.DailyAsync();

        Assert.AreEqual(1.0, cells.Value("pool.ai.U1s")!.Value, Exact);
        Assert.AreEqual(0.0, cells.Value("pool.ai.U3")!.Value, Exact);
        Assert.AreEqual(24 * 0.256, cells.Value("pool.ai.state.AllocIdle")!.Value, Exact, "24 h of 0.256 P");
    }

    [TestMethod]
    public async Task F11_CardSwappedAtNoonInItsSlot_IsOneCardDay()
    {
        using var center = new TestCenter();
        await center.IngestAsync(
            Installed("old", host: "h", slot: "0") + Installed("new", from: 12, host: "h", slot: "0"),
            Gauge("old", 0, 12, 50) + Gauge("new", 12, 24, 50));
        var cells = await center.DailyAsync();

        Assert.AreEqual(24 * 0.256, cells.Value("pool.ai.C_installed")!.Value, Exact);
        Assert.AreEqual(0.5, cells.Value("pool.ai.U3")!.Value, Exact);
    }

    [TestMethod]
    public async Task F12_DayOfTwentyFiveHours_IsOneHundredPercent()
    {
        using var center = new TestCenter("Europe/Berlin", now: "2026-12-01T00:00:00Z");
        await center.IngestAsync(
            "card,,,T256,ai,installed,2026-10-01T00:00:00Z,,\n",
            Gauge("card", 22, 24, 100, 60, "2026-10-24") + Gauge("card", 0, 23, 100, 60, "2026-10-25"));
        var cells = await center.DailyAsync("2026-10-25");

        Assert.AreEqual(1.0, cells.Value("pool.ai.U3")!.Value, Exact);
        Assert.AreEqual(1.0, cells.Coverage("pool.ai.U3"), Exact);
        Assert.AreEqual(25 * 0.256, cells.Value("pool.ai.C_installed")!.Value, Exact);
    }

    [TestMethod]
    public async Task F14_AiFullHpcIdle_TwoNumbersNeverOne()
    {
        using var center = new TestCenter();
        await center.IngestAsync(
            Each(10, card => Installed(card)) + Each(5, card => Installed(card, "Node8", "hpc"), "node"),
            jobs: Job("1", "tenant", 0, 24, 10, "ai", Names(10)));
        var cells = await center.DailyAsync();

        Assert.AreEqual(1.0, cells.Value("pool.ai.U1s")!.Value, Exact);
        Assert.AreEqual(0.0, cells.Value("pool.hpc.U1s")!.Value, Exact);
    }

    [TestMethod]
    public async Task F17_EightHoursOfToday_AreMarkedPartialAndNotDiluted()
    {
        using var center = new TestCenter(now: $"{TestCenter.Day}T08:00:00Z");
        await center.IngestAsync(Installed("card"), Gauge("card", 0, 8, 100));
        var cells = await center.DailyAsync();

        Assert.AreEqual(1.0, cells.Value("pool.ai.U3")!.Value, Exact);
        Assert.AreEqual(8 * 0.256, cells.Value("pool.ai.C_installed")!.Value, Exact);
        Assert.AreEqual($"{TestCenter.Day}T08:00:00Z", cells.Root.GetProperty("until").GetString());
    }

    [TestMethod]
    public async Task F18_GaugeAtZeroUnderFullPower_IsUnknown()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Installed("card"));
        var rows = Gauge("card", 0, 24, 0).Replace(",0\n", ",0,300\n", StringComparison.Ordinal);
        await center.SucceedAsync("ingest", "telemetry", center.Write("power.csv", "timestamp,card,utilization,power_w\n" + rows), "--center", "case");
        var cells = await center.DailyAsync();

        Assert.IsNull(cells.Value("pool.ai.U3"));
        Assert.AreEqual(0.0, cells.Coverage("pool.ai.U3"), Exact);
        Assert.AreEqual((0.0, 1.0), cells.Bounds("pool.ai.U3"));
    }
}
