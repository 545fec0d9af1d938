using System.Globalization;
using Headroom.Service.Tests.Cases;

namespace Headroom.Service.Tests.Commands;

[TestClass]
public sealed class ForecastCommandTests
{
    private const string Header = "series_id,timestamp,value\n";

    // Ten days of hours with a day's rhythm.
    private static string Days(string id) => string.Concat(Enumerable.Range(0, 240).Select(h => string.Create(
        CultureInfo.InvariantCulture, $"{id},{new DateTime(2026, 3, 1).AddHours(h):yyyy-MM-dd'T'HH:mm:ss'Z'},{50 + (20 * Math.Sin(h / 24.0 * 2 * Math.PI)) + (h % 5)}\n")));

    [TestMethod]
    public async Task Forecast_TwoSeries_HaveTheStepsAndLevelsAskedFor()
    {
        using var folder = new TestCenter();
        var file = folder.Write("series.csv", Header + Days("a") + Days("\"b, c\""));
        var target = Path.Combine(folder.Folder, "out.csv");
        await folder.SucceedAsync("forecast", file, "--horizon", "3", "--season", "24", "--levels", "60,90", "--out", target);
        var lines = await File.ReadAllLinesAsync(target);

        Assert.AreEqual("series_id,step,timestamp,mean,lo60,hi60,lo90,hi90", lines[0]);
        Assert.HasCount(1 + 6, lines);
        Assert.StartsWith("a,1,2026-03-11T00:00:00Z,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("\"b, c\",3,2026-03-11T02:00:00Z,", lines[6], StringComparison.Ordinal);
        var bounds = lines[1].Split(',')[3..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray();
        Assert.IsTrue(bounds[3] <= bounds[1] && bounds[1] <= bounds[0] && bounds[0] <= bounds[2] && bounds[2] <= bounds[4], lines[1]);
    }

    [TestMethod]
    public async Task Forecast_RowsOfSeriesMixed_ForecastsAsIfTheyStoodTogether()
    {
        using var folder = new TestCenter();
        var (a, b) = (Days("a").Split('\n', StringSplitOptions.RemoveEmptyEntries), Days("b").Replace(",5", ",6", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var together = folder.Write("together.csv", Header + string.Join('\n', [.. a, .. b]) + "\n");
        var mixed = folder.Write("mixed.csv", Header + string.Join('\n', a.Zip(b).SelectMany(pair => new[] { pair.First, pair.Second })) + "\n");
        var (one, other) = (Path.Combine(folder.Folder, "one.csv"), Path.Combine(folder.Folder, "other.csv"));
        await folder.SucceedAsync("forecast", together, "--horizon", "3", "--out", one);
        await folder.SucceedAsync("forecast", mixed, "--horizon", "3", "--out", other);

        Assert.HasCount(7, await File.ReadAllLinesAsync(one));
        Assert.AreEqual(await File.ReadAllTextAsync(one), await File.ReadAllTextAsync(other));
    }

    [TestMethod]
    public async Task Forecast_MoreSeriesThanAtOnce_AreWrittenInTheOrderOfTheFile()
    {
        using var folder = new TestCenter();
        var file = folder.Write("series.csv", Header + string.Concat(Enumerable.Range(0, 600).Select(i => $"s{i},2026-03-01,1\ns{i},2026-03-02,{i}\ns{i},2026-03-03,2\n")));
        var target = Path.Combine(folder.Folder, "out.csv");
        await folder.SucceedAsync("forecast", file, "--horizon", "1", "--out", target);

        CollectionAssert.AreEqual(Enumerable.Range(0, 600).Select(i => $"s{i}").ToArray(), (await File.ReadAllLinesAsync(target)).Skip(1).Select(line => line.Split(',')[0]).ToArray());
    }

    [TestMethod]
    public async Task Forecast_AnEventKnownAhead_MovesItsSeriesFromItsDay()
    {
        using var folder = new TestCenter();
        var (file, plain, moved) = (folder.Write("series.csv", Header + Days("a") + Days("b")), Path.Combine(folder.Folder, "plain.csv"), Path.Combine(folder.Folder, "moved.csv"));
        var events = folder.Write("events.csv", "series_id,what,at,amount,probability,ramp_steps\na,arrival,2026-03-11T12:00:00Z,100,0.5,1\n");
        await folder.SucceedAsync("forecast", file, "--horizon", "24", "--out", plain);
        await folder.SucceedAsync("forecast", file, "--horizon", "24", "--events", events, "--out", moved);
        var (before, after) = (await MeansAsync(plain), await MeansAsync(moved));

        CollectionAssert.AreEqual(before[..12], after[..12]);
        // Half of 100 is expected; with one step of ramp 95 % of it at once.
        Assert.AreEqual(before[12] + (50 * (1 - Math.Exp(-3))), after[12], 1e-6);
        CollectionAssert.AreEqual(before[24..], after[24..], "the other series stays");
    }

    [TestMethod]
    [DataRow("en", "known ahead: opening", DisplayName = "English")]
    [DataRow("zh-CN", "已知将发生：扩容开放", DisplayName = "Chinese")]
    public async Task Forecast_ExplainWithEvents_NamesThem(string language, string expected)
    {
        using var folder = new TestCenter();
        var events = folder.Write("events.csv", "what,at,amount,probability\nopening,2026-03-11T12:00:00Z,100,0.5\n");
        var said = await folder.SucceedAsync(
            "forecast", folder.Write("series.csv", Header + Days("a")), "--horizon", "24", "--events", events, "--explain", "--out", Path.Combine(folder.Folder, "out.csv"), "--lang", language);

        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.Contains("2026-03-11T12:00:00Z", said, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("at,amount\nsoon,1\n", DisplayName = "no instant")]
    [DataRow("at,amount,probability\n2026-03-11,1,2\n", DisplayName = "probability above 1")]
    [DataRow("at\n2026-03-11\n", DisplayName = "column missing")]
    public async Task Forecast_BadEvents_AreRefused(string content)
    {
        using var folder = new TestCenter();
        var (code, _, errors) = await folder.RunAsync(
            "forecast", folder.Write("series.csv", Header + Days("a")), "--horizon", "2", "--events", folder.Write("events.csv", content), "--out", Path.Combine(folder.Folder, "out.csv"));

        Assert.AreEqual(1, code);
        Assert.Contains("events.csv", errors, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("en", "seasons 24", "past origins", "season 24: strength", DisplayName = "English")]
    [DataRow("zh-CN", "周期 24", "历史起点", "周期 24：强度", DisplayName = "Chinese")]
    public async Task Forecast_Explain_SaysWhichWhyAndWhatItLooksLike(string language, string seasons, string why, string looks)
    {
        using var folder = new TestCenter();
        var said = await folder.SucceedAsync("forecast", folder.Write("series.csv", Header + Days("a")), "--horizon", "3", "--season", "24", "--explain", "--out", Path.Combine(folder.Folder, "out.csv"), "--lang", language);

        Assert.Contains(seasons, said, StringComparison.Ordinal);
        Assert.Contains(why, said, StringComparison.Ordinal);
        Assert.Contains(looks, said, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("series_id,timestamp\na,2026-03-01\n", 1, "Missing columns: value", "缺少列：value", DisplayName = "column missing")]
    [DataRow("series,timestamp,value\na,2026-03-01,1\na,2026-03-02,1\n", 0, "series", "series", DisplayName = "column misspelled")]
    [DataRow(Header + "a,2026-03-02,1\na,2026-03-01,2\na,2026-03-03,2\n", 3, "go back in time", "时间先后颠倒", DisplayName = "not in order")]
    [DataRow("", 1, "Missing columns", "缺少列", DisplayName = "empty file")]
    [DataRow(Header, 1, "0 known values", "0 个", DisplayName = "header alone")]
    [DataRow(Header + "a,2026-03-01,1\n", 3, "no step can be told", "无法判断步长", DisplayName = "one value")]
    [DataRow(Header + "a,2026-03-01,many\n", 1, ":2: Row", ":2：行内容", DisplayName = "words")]
    public async Task Forecast_BadFile_SaysWhatAndEndsTidily(string content, int code, string english, string chinese)
    {
        using var folder = new TestCenter();
        foreach (var (language, expected) in ((string, string)[])[("en", english), ("zh-CN", chinese)])
        {
            var (actual, _, errors) = await folder.RunAsync("forecast", folder.Write("series.csv", content), "--horizon", "2", "--out", Path.Combine(folder.Folder, "out.csv"), "--lang", language);
            Assert.AreEqual(code, actual, errors);
            Assert.Contains(expected, errors, StringComparison.Ordinal);
        }
    }

    [TestMethod]
    [DataRow("--horizon", "0", DisplayName = "no steps")]
    [DataRow("--horizon", "soon", DisplayName = "steps in words")]
    [DataRow("--levels", "101", DisplayName = "level above 100")]
    [DataRow("--levels", "90,50", DisplayName = "levels that fall")]
    [DataRow("--season", "0", DisplayName = "season of nothing")]
    [DataRow("--season", "day", DisplayName = "season in words")]
    [DataRow("--seed", "-1", DisplayName = "seed below 0")]
    [DataRow("--color", "red", DisplayName = "no such option")]
    public async Task Forecast_BadOption_IsAUsageErrorThatNamesIt(string option, string value)
    {
        using var folder = new TestCenter();
        var file = folder.Write("series.csv", Header + Days("a"));
        string[] horizon = option == "--horizon" ? [] : ["--horizon", "2"];
        var (code, output, errors) = await folder.RunAsync(["forecast", file, .. horizon, option, value, "--out", Path.Combine(folder.Folder, "out.csv")]);

        Assert.AreEqual((2, ""), (code, output), errors);
        Assert.Contains(option, errors, StringComparison.Ordinal);
        Assert.IsFalse(File.Exists(Path.Combine(folder.Folder, "out.csv")));
    }

    [TestMethod]
    public async Task Ingest_RevisionInWords_IsAUsageError()
    {
        using var folder = new TestCenter();
        Assert.AreEqual(2, (await folder.RunAsync("ingest", "jobs", folder.Write("jobs.csv", ""), "--center", "case", "--revision", "new")).Code);
    }

    private static async Task<double[]> MeansAsync(string path) =>
        [.. (await File.ReadAllLinesAsync(path)).Skip(1).Select(line => double.Parse(line.Split(',')[3], CultureInfo.InvariantCulture))];
}
