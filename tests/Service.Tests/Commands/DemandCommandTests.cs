using System.Globalization;
using System.Text;
using System.Text.Json;
using Headroom.Service.Tests.Cases;

namespace Headroom.Service.Tests.Commands;

/// <summary><c>demand</c> and <c>saturation</c> as a user runs them: files in, the promised files and exit codes out.</summary>
[TestClass]
public sealed class DemandCommandTests
{
    private static readonly DateTime First = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static string Observed(int days, Func<int, (double Installed, double Allocated, string Queued)> at)
    {
        var rows = new StringBuilder("hour,installed,allocated,queued\n");
        for (var hour = 0; hour < 24 * days; hour++)
        {
            var (installed, allocated, queued) = at(hour);
            rows.Append(CultureInfo.InvariantCulture, $"{First.AddHours(hour):yyyy-MM-dd'T'HH:mm:ss'Z'},{installed},{allocated},{queued}\n");
        }

        return rows.ToString();
    }

    private static JsonElement Json(string path) => JsonDocument.Parse(File.ReadAllText(path)).RootElement;

    [TestMethod]
    public async Task Demand_FullWithoutJobsOrQueue_IsALowerBoundWithoutUpperEnd()
    {
        using var center = new TestCenter();
        var output = Path.Combine(center.Folder, "demand.csv");
        var said = await center.SucceedAsync("demand", "--observed", center.Write("full.csv", Observed(30, _ => (390, 390, ""))), "--horizon", "2", "--out", output, "--lang", "en");

        var answer = Json(output + ".json");
        Assert.AreEqual("lower_bound", answer.GetProperty("answer").GetString());
        Assert.AreEqual("full_without_queue", answer.GetProperty("reason").GetString());
        CollectionAssert.Contains(answer.GetProperty("would_help").EnumerateArray().Select(word => word.GetString()).ToArray(), "jobs");
        Assert.Contains("at least 390 devices", said, StringComparison.Ordinal);
        var rows = File.ReadAllLines(output);
        Assert.HasCount(1 + (30 * 24) + 2, rows);
        Assert.AreEqual("hour,demand,lo80,hi80", rows[0]);
        Assert.AreEqual("2026-01-01T00:00:00Z,390,390,", rows[1]);
        Assert.AreEqual("2026-01-31T01:00:00Z,,,", rows[^1]);
    }

    [TestMethod]
    public async Task Demand_QueueCountsAndRuntimes_IsAnEstimateThatSaysWhatItTakesForGranted()
    {
        // 100 devices; for two days 150 are wanted, 10 hours each, and for six days 60.
        using var center = new TestCenter();
        var output = Path.Combine(center.Folder, "demand.csv");
        var observed = center.Write("queue.csv", Observed(16, hour => (hour % 192) switch
        {
            < 10 => (100, 10 * (hour % 192), "0"),
            < 48 => (100, 100, $"{5 * ((hour % 192) - 10)}"),
            < 84 => (100, 100, $"{190 - (5 * ((hour % 192) - 48))}"),
            _ => (100, 60, "0"),
        }));
        var runtimes = center.Write("runtimes.csv", "cards,runtime_s\n" + string.Concat(Enumerable.Repeat("1,36000\n", 50)));
        var said = await center.SucceedAsync("demand", "--observed", observed, "--runtimes", runtimes, "--out", output, "--lang", "en");

        var answer = Json(output + ".json");
        Assert.AreEqual("estimate", answer.GetProperty("answer").GetString());
        Assert.AreEqual("flow_balance", answer.GetProperty("method").GetString());
        Assert.AreEqual("nobody_leaves", answer.GetProperty("assumes")[0].GetString());
        Assert.AreEqual("center", answer.GetProperty("waits_for")[0].GetProperty("cause").GetString());
        Assert.Contains("who left the queue", said, StringComparison.Ordinal);
        var hours = File.ReadAllLines(output).Skip(1).Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture)).ToArray();
        Assert.IsGreaterThan(105, hours[..48].Average());
    }

    [TestMethod]
    public async Task Demand_CountsByTenant_NameWhoWaitsAtItsQuota()
    {
        using var center = new TestCenter();
        var output = Path.Combine(center.Folder, "demand.csv");
        var rows = string.Concat(Enumerable.Range(0, 48).Select(hour => string.Create(CultureInfo.InvariantCulture, $"{First.AddHours(hour):yyyy-MM-dd'T'HH:mm:ss'Z'},a,50,50,9\n{First.AddHours(hour):yyyy-MM-dd'T'HH:mm:ss'Z'},b,50,10,0\n")));
        await center.SucceedAsync("demand", "--observed", center.Write("tenants.csv", "hour,tenant,installed,allocated,queued\n" + rows), "--out", output);

        var answer = Json(output + ".json");
        Assert.AreEqual("lower_bound", answer.GetProperty("answer").GetString());
        Assert.AreEqual(0, answer.GetProperty("saturation_hours").GetDouble());
        var tenant = answer.GetProperty("tenants")[0];
        Assert.AreEqual(("a", "quota", 18.0), (tenant.GetProperty("tenant").GetString(), tenant.GetProperty("cause").GetString(), tenant.GetProperty("device_days").GetDouble()));
        Assert.AreEqual("2026-01-01T00:00:00Z,60,60,", File.ReadAllLines(output)[1]);
    }

    [TestMethod]
    public async Task Demand_CountsByTenant_SaysThatItIsNotSaturatedAndWhoWaits()
    {
        using var center = new TestCenter();
        var rows = string.Concat(Enumerable.Range(0, 48).Select(hour => string.Create(CultureInfo.InvariantCulture, $"{First.AddHours(hour):yyyy-MM-dd'T'HH:mm:ss'Z'},a,50,50,9\n{First.AddHours(hour):yyyy-MM-dd'T'HH:mm:ss'Z'},b,50,10,0\n")));
        var file = center.Write("tenants.csv", "hour,tenant,installed,allocated,queued\n" + rows);

        var said = await center.SucceedAsync("demand", "--observed", file, "--out", Path.Combine(center.Folder, "demand.csv"), "--lang", "en");
        Assert.Contains("Installed: 100 devices on average; 60 % of them were in use.", said, StringComparison.Ordinal);
        Assert.Contains("not saturated: in none of 48 hours", said, StringComparison.Ordinal);
        Assert.Contains("a: 9 devices waiting on average, in 48 hours, mostly for quotas, while others' devices were free (100 %)", said, StringComparison.Ordinal);
        Assert.Contains("并未饱和", await center.SucceedAsync("demand", "--observed", file, "--out", Path.Combine(center.Folder, "demand.csv"), "--lang", "zh-CN"), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Demand_JobsThatWait_NeedDemandPlusBacklogOverTheDaysUntilAnyDate()
    {
        // 100 devices, all held by jobs of 10 hours; 50 such jobs wait at the end: 500 device-hours.
        using var center = new TestCenter();
        string At(double hour) => First.AddHours(hour).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var jobs = new StringBuilder("cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state,name\n");
        for (var block = 0; block < 48; block++)
        {
            for (var i = 0; i < 100; i++)
            {
                jobs.Append(CultureInfo.InvariantCulture, $"c,r{block}-{i},t,{At(10 * block)},{At(10 * block)},{At((10 * block) + 10)},1,COMPLETED,n\n");
            }
        }

        for (var i = 0; i < 50; i++)
        {
            jobs.Append(CultureInfo.InvariantCulture, $"c,a{i},t,{At(470)},,{At(471)},1,CANCELLED,again\nc,w{i},t,{At(479)},,,1,PENDING,again\n");
        }

        var (output, log) = (Path.Combine(center.Folder, "demand.csv"), center.Write("jobs.csv", jobs.ToString()));
        var observed = center.Write("observed.csv", Observed(20, _ => (100, 100, "")));
        var said = await center.SucceedAsync("demand", "--observed", observed, "--jobs", log, "--clear-by", "2026-01-25", "--out", output, "--lang", "en");

        var answer = Json(output + ".json");
        Assert.AreEqual(50, answer.GetProperty("submitted_again").GetProperty("jobs").GetInt32());
        Assert.AreEqual(500 / 24.0, answer.GetProperty("backlog").GetProperty("device_days").GetDouble(), 3);
        CollectionAssert.AreEqual(new[] { "2026-01-25", "2026-01-27", "2026-02-19", "2026-04-20" }, answer.GetProperty("required").EnumerateArray().Select(term => term.GetProperty("by").GetString()).ToArray());
        var (demand, chosen) = (answer.GetProperty("recent").GetProperty("demand").GetDouble(), answer.GetProperty("required")[0]);
        Assert.AreEqual(demand + (answer.GetProperty("backlog").GetProperty("device_days").GetDouble() / 5), chosen.GetProperty("devices").GetDouble(), 1e-9);
        Assert.Contains("clear it by 2026-01-25 (5 days)", said, StringComparison.Ordinal);
        Assert.Contains("50 jobs were given up and submitted again", said, StringComparison.Ordinal);

        var (code, _, error) = await center.RunAsync("demand", "--observed", observed, "--jobs", log, "--clear-by", "2026-01-20", "--out", output, "--lang", "en");
        Assert.AreEqual(2, code, "the day is over");
        Assert.Contains("--clear-by", error, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Saturation_FullWithoutJobsOrQueue_IsSinceWithAtLeast()
    {
        using var center = new TestCenter();
        var output = Path.Combine(center.Folder, "saturation.json");
        await center.SucceedAsync("saturation", "--observed", center.Write("full.csv", Observed(30, hour => (390, hour < 48 ? 200 : 390, ""))), "--out", output);

        var answer = Json(output);
        Assert.AreEqual("saturated_since", answer.GetProperty("status").GetString());
        Assert.AreEqual("2026-01-03", answer.GetProperty("since").GetString());
        Assert.AreEqual("lower_bound", answer.GetProperty("demand").GetProperty("answer").GetString());
        Assert.AreEqual(390, answer.GetProperty("demand").GetProperty("at_least").GetDouble(), 1e-9);
        Assert.AreEqual("usable", answer.GetProperty("capacity").GetString());
    }

    [TestMethod]
    public async Task Saturation_LowerBoundThatProvesNothing_Exits3AndSaysWhatWouldHelp()
    {
        using var center = new TestCenter();
        var output = Path.Combine(center.Folder, "saturation.json");
        var file = center.Write("near.csv", Observed(30, hour => (100, hour % 72 < 24 ? 99 : 84, "")));
        var (code, said, _) = await center.RunAsync("saturation", "--observed", file, "--out", output, "--lang", "zh-CN");

        Assert.AreEqual(3, code);
        Assert.Contains("无法识别", said, StringComparison.Ordinal);
        Assert.AreEqual("not_identifiable", Json(output).GetProperty("status").GetString());
    }

    [TestMethod]
    public async Task Saturation_LinearDemandAndACapacityFile_IsTheExactDayOfTheSpellAfterThePhase()
    {
        // 500 + 3 d of 1,000 devices passes 900 on day 134; 200 more devices on day 120 move that to 1,080 on day 194.
        using var center = new TestCenter();
        var output = Path.Combine(center.Folder, "saturation.json");
        var observed = center.Write("linear.csv", Observed(60, hour => (1_000, 500 + (3 * (hour / 24)), "0")));
        await center.SucceedAsync("saturation", "--observed", observed, "--out", output);
        Assert.AreEqual("2026-05-15", Json(output).GetProperty("p50").GetString());

        var capacity = center.Write("capacity.csv", "from,to,cards,status,slip_days\n2026-05-01,,200,committed,0\n2026-05-02,,5000,candidate,\n");
        await center.SucceedAsync("saturation", "--observed", observed, "--capacity", capacity, "--out", output);
        var answer = Json(output);
        Assert.AreEqual("2026-07-14", answer.GetProperty("p10").GetString());
        Assert.AreEqual("2026-07-14", answer.GetProperty("p90").GetString());
        Assert.AreEqual(0, answer.GetProperty("p_never").GetDouble());
    }

    [TestMethod]
    public async Task Demand_OfACenter_ReadsItsJobs()
    {
        // One card, two jobs wanted at 08:00 of which one waited until the other was done at 12:00.
        using var center = new TestCenter();
        await center.IngestAsync(
            inventory: "a,h,0,T256,ai,installed,2026-03-01T00:00:00Z,,\n",
            jobs: $"c,0,t,{TestCenter.At(0)},{TestCenter.At(0)},{TestCenter.At(1)},1,COMPLETED,ai,a\n"
                + $"c,1,t,{TestCenter.At(8)},{TestCenter.At(8)},{TestCenter.At(12)},1,COMPLETED,ai,a\n"
                + $"c,2,t,{TestCenter.At(8)},{TestCenter.At(12)},{TestCenter.At(16)},1,COMPLETED,ai,a\n");
        var output = Path.Combine(center.Folder, "demand.csv");
        await center.SucceedAsync("demand", "--center", "case", "--out", output);

        Assert.AreEqual("interval_sweep", Json(output + ".json").GetProperty("method").GetString());
        var hours = File.ReadAllLines(output).Skip(1).Select(line => line.Split(',')).ToDictionary(cells => cells[0], cells => double.Parse(cells[1], CultureInfo.InvariantCulture));
        Assert.AreEqual(2, hours[TestCenter.At(9)]);
        Assert.AreEqual(0, hours[TestCenter.At(13)]);
    }

    [TestMethod]
    public async Task Demand_OfACenterWithoutAllocation_IsRefused()
    {
        using var center = new TestCenter();
        await center.IngestAsync("a,h,0,T256,ai,installed,2026-03-01T00:00:00Z,,\n", telemetry: $"{TestCenter.At(1)},a,50\n{TestCenter.At(1.01)},a,50\n");
        var output = Path.Combine(center.Folder, "demand.csv");

        Assert.AreEqual(3, (await center.RunAsync("demand", "--center", "case", "--out", output)).Code);
        Assert.AreEqual("refused", Json(output + ".json").GetProperty("answer").GetString());
    }

    [TestMethod]
    [DataRow(new[] { "demand", "--out", "x.csv" }, 2, "--observed", DisplayName = "neither center nor files")]
    [DataRow(new[] { "demand", "--center", "a", "--jobs", "j.csv", "--out", "x.csv" }, 2, "--observed", DisplayName = "jobs without observed")]
    [DataRow(new[] { "demand", "--observed", "no-such.csv", "--out", "x.csv" }, 1, "no-such.csv", DisplayName = "missing file")]
    [DataRow(new[] { "saturation", "--observed", "o.csv", "--theta", "1.5", "--out", "x.json" }, 2, "--theta", DisplayName = "theta above 1")]
    [DataRow(new[] { "saturation", "--observed", "o.csv", "--zone", "Mars/Olympus", "--out", "x.json" }, 2, "Mars/Olympus", DisplayName = "unknown zone")]
    public async Task Commands_WrongUse_SayWhat(string[] arguments, int code, string said)
    {
        using var center = new TestCenter();
        var (actual, _, errors) = await center.RunAsync([.. arguments, "--lang", "en"]);

        Assert.AreEqual(code, actual, errors);
        Assert.Contains(said, errors, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Demand_BrokenRows_AreLeftOutAndSaid()
    {
        using var center = new TestCenter();
        var file = center.Write("observed.csv", "hour,installed,allocated,queued\n2026-01-01T00:00:00Z,100,10,0\n2026-01-01T01:00:00Z,100,-5,0\n2026-01-01T02:00:00Z,100,many,0\n2026-01-01T03:00:00Z,100,12,0\n");
        var output = Path.Combine(center.Folder, "demand.csv");
        var (code, _, errors) = await center.RunAsync("demand", "--observed", file, "--out", output, "--lang", "en");

        Assert.AreEqual(0, code);
        Assert.Contains("observed.csv:3", errors, StringComparison.Ordinal);
        Assert.Contains("observed.csv:4", errors, StringComparison.Ordinal);
        Assert.HasCount(3, File.ReadAllLines(output));
    }

    [TestMethod]
    public async Task Demand_HoursThatDoNotFollowEachOther_FailWithThePlace()
    {
        using var center = new TestCenter();
        var file = center.Write("observed.csv", "hour,installed,allocated\n2026-01-01T00:00:00Z,100,10\n2026-01-01T01:30:00Z,100,10\n");
        var (code, _, errors) = await center.RunAsync("demand", "--observed", file, "--out", Path.Combine(center.Folder, "d.csv"), "--lang", "en");

        Assert.AreEqual(1, code);
        Assert.Contains("2026-01-01T01:30:00Z", errors, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("", 0.01, DisplayName = "first come, first served")]
    [DataRow("backfill", 0.01, DisplayName = "backfill")]
    [DataRow("expand", 0.01, DisplayName = "expansion")]
    [DataRow("ramp", 0.02, DisplayName = "growth")]
    public async Task Demand_ReplayedLog_FindsTheTruth(string instance, double mostBias)
    {
        var folder = Shared("data", "traces", "censored-dev", instance);
        using var center = new TestCenter();
        var output = Path.Combine(center.Folder, "demand.csv");
        await center.SucceedAsync("demand", "--observed", Path.Combine(folder, "observed.csv"), "--jobs", Path.Combine(folder, "jobs_observed.csv"), "--out", output);

        var truth = Column(Path.Combine(folder, "truth.csv"));
        var pairs = Column(output).Select(row => (Guess: row.Value, Real: truth[row.Key])).ToList();
        var days = pairs.Chunk(24).Select(day => (Guess: day.Sum(hour => hour.Guess), Real: day.Sum(hour => hour.Real))).ToList();
        Assert.AreEqual(1, pairs.Sum(pair => pair.Guess) / pairs.Sum(pair => pair.Real), mostBias);
        Assert.IsLessThan(0.025, days.Sum(day => Math.Abs(day.Guess - day.Real)) / days.Sum(day => day.Real));
        Assert.AreEqual("estimate", Json(output + ".json").GetProperty("answer").GetString());
    }

    private static Dictionary<string, double> Column(string path) =>
        File.ReadLines(path).Skip(1).Select(line => line.Split(',')).ToDictionary(cells => cells[0], cells => double.Parse(cells[1], CultureInfo.InvariantCulture));

    /// <summary>Replays that are not part of the repository; the test is inconclusive where they are absent.</summary>
    private static string Shared(params string[] parts)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var place = Path.Combine([folder, "shared", .. parts]);
            if (Directory.Exists(place))
            {
                return place;
            }
        }

        Assert.Inconclusive("shared/data/traces is not on this machine.");
        return "";
    }
}
