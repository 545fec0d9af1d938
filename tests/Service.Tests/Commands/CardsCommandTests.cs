using System.Text;
using Headroom.Service.Tests.Cases;

namespace Headroom.Service.Tests.Commands;

[TestClass]
public sealed class CardsCommandTests
{
    [TestMethod]
    public async Task Settle_NameOnTwoHosts_IsOneCardOnTheHostThatHoldsIt()
    {
        using var center = await CenterAsync(("n1", 0, 12), ("n2", 0, 12));
        Assert.Contains("two_hosts_at_once  GPU-1  n1 n2", await ToldAsync(center), StringComparison.Ordinal);

        var done = await center.SucceedAsync("center", "cards", "case", "settle", "GPU-1", "--on", "n1", "--from", TestCenter.At(12), "--note", "n2 is a clone", "--lang", "zh-CN");
        Assert.Contains("已处理：GPU-1 在主机 n1 上", done, StringComparison.Ordinal);
        await IngestAsync(center, ("n1", 12, 24), ("n2", 12, 24));

        var told = await ToldAsync(center);
        Assert.DoesNotContain("two_hosts_at_once", told, StringComparison.Ordinal);
        Assert.Contains("GPU-1@n2  n2", told, StringComparison.Ordinal, "what n2 tells is kept");
        Assert.AreEqual(24, await InstalledAsync(center), 0.1, "one card");
        await center.AllEqualAsync();
    }

    [TestMethod]
    public async Task Settle_TwoCardsOfOneName_BothCountFromThenOnAndItCanBeUndone()
    {
        using var center = await CenterAsync(("n1", 0, 12), ("n2", 0, 12));
        await center.SucceedAsync("center", "cards", "case", "settle", "GPU-1", "--two-cards", "n1", "--from", TestCenter.At(12));
        await IngestAsync(center, ("n1", 12, 24), ("n2", 12, 24));
        Assert.AreEqual(36, await InstalledAsync(center), 0.1, "one card in the morning, two from noon on");

        await center.SucceedAsync("center", "cards", "case", "settle", "GPU-1", "--undo");
        var told = await ToldAsync(center);
        Assert.Contains("two_hosts_at_once  GPU-1  n1 n2", told, StringComparison.Ordinal);
        Assert.Contains("GPU-1  -: taken back", told, StringComparison.Ordinal);
        Assert.AreEqual((2, ""), ((await center.RunAsync("center", "cards", "case", "settle", "GPU-1", "--undo")) is var again ? again.Code : 0, again.Output));
    }

    [TestMethod]
    public async Task Settle_TwoNamesInOneSlot_AreOneCardOrTwo()
    {
        using var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        await center.SucceedAsync("ingest", "telemetry", Nvidia(center, "uuid", "GPU-1"), "--center", "case", "--host", "n1", "--zone", "UTC");
        await center.SucceedAsync("ingest", "telemetry", Nvidia(center, "serial", "1320"), "--center", "case", "--host", "n1", "--zone", "UTC");
        Assert.Contains("one_place_two_names  GPU-1  1320", await ToldAsync(center), StringComparison.Ordinal);

        await center.SucceedAsync("center", "cards", "case", "settle", "1320", "--apart-from", "GPU-1");
        Assert.DoesNotContain("one_place_two_names", await ToldAsync(center), StringComparison.Ordinal);
        Assert.AreEqual(48, await InstalledAsync(center), 0.2, "two cards");
        await center.AllEqualAsync();

        await center.SucceedAsync("center", "cards", "case", "settle", "1320", "--same-as", "GPU-1");
        Assert.AreEqual(24, await InstalledAsync(center), 0.1, "one card");
        await center.AllEqualAsync();
    }

    [TestMethod]
    [DataRow(new[] { "GPU-9", "--on", "n1" }, 1, DisplayName = "a card nobody named")]
    [DataRow(new[] { "GPU-1", "--on", "n9" }, 2, DisplayName = "a host it was never on")]
    [DataRow(new[] { "GPU-1" }, 2, DisplayName = "no decision")]
    [DataRow(new[] { "GPU-1", "--on", "n1", "--two-cards", "n1" }, 2, DisplayName = "two decisions")]
    [DataRow(new[] { "GPU-1", "--same-as", "GPU-1" }, 2, DisplayName = "the same as itself")]
    [DataRow(new[] { "GPU-1", "--undo" }, 2, DisplayName = "nothing to undo")]
    public async Task Settle_WhatCannotBe_IsRefusedAndSettlesNothing(string[] asked, int code)
    {
        using var center = await CenterAsync(("n1", 0, 1), ("n2", 0, 1));
        Assert.AreEqual(code, (await center.RunAsync(["center", "cards", "case", "settle", .. asked])).Code);
        Assert.DoesNotContain("Settled", await ToldAsync(center), StringComparison.Ordinal);
    }

    private static async Task<TestCenter> CenterAsync(params (string Host, int From, int Until)[] spans)
    {
        var center = new TestCenter();
        await center.SucceedAsync("center", "add", Path.Combine(center.Folder, "center.yaml"));
        await IngestAsync(center, spans);
        return center;
    }

    private static async Task IngestAsync(TestCenter center, params (string Host, int From, int Until)[] spans)
    {
        foreach (var (host, from, until) in spans)
        {
            var rows = new StringBuilder("timestamp,card,host,utilization\n");
            for (var minute = (from * 60) + 1; minute <= until * 60; minute++)
            {
                rows.Append(TestCenter.At(minute / 60.0)).Append(",GPU-1,").Append(host).Append(",50\n");
            }

            await center.SucceedAsync("ingest", "telemetry", center.Write($"{host}.csv", rows.ToString()), "--center", "case");
        }
    }

    private static string Nvidia(TestCenter center, string column, string id)
    {
        var rows = new StringBuilder($"timestamp, index, {column}, utilization.gpu [%]\n");
        for (var minute = 1; minute <= 24 * 60; minute++)
        {
            rows.Append(TestCenter.At(minute / 60.0).Replace("T", " ", StringComparison.Ordinal).TrimEnd('Z').Replace('-', '/')).Append(", 0, ").Append(id).Append(", 50 %\n");
        }

        return center.Write($"{column}.csv", rows.ToString());
    }

    private static Task<string> ToldAsync(TestCenter center) => center.SucceedAsync("center", "cards", "case", "--lang", "en");

    // All cards of the day, in hours: the sum of the eleven cells.
    private static async Task<double> InstalledAsync(TestCenter center)
    {
        var file = Path.Combine(center.Folder, "hours.csv");
        await center.SucceedAsync("export", "card-hours", "--center", "case", "--from", TestCenter.Day, "--to", "2026-03-03", "--out", file);
        return (await File.ReadAllLinesAsync(file)).Skip(1).Sum(row => row.Split(',')[5..16].Sum(long.Parse)) / 3.6e9;
    }
}
