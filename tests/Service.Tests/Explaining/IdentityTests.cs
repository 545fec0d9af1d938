using System.Text.Json;
using Headroom.Service.Tests.Cases;

namespace Headroom.Service.Tests.Explaining;

[TestClass]
public sealed class IdentityTests
{
    [TestMethod]
    public async Task VerifyIdentity_OutagesSwapsAndGaps_ResidualIsZero()
    {
        using var center = new TestCenter("Europe/Berlin");
        await ReportedCenter.FillAsync(center);
        await center.SucceedAsync("report", "daily", "--center", "case", "--day", ReportedCenter.LastDay, "--out", center.Folder, "--format", "json");
        var all = await CheckAsync(center);

        Assert.AreEqual(0, all.GetProperty("residual_us").GetInt64());
        Assert.IsGreaterThan(4 * 41, all.GetProperty("card_days").GetInt32());
        Assert.IsGreaterThan(2 * 41, all.GetProperty("model_days").GetInt32());
        Assert.IsGreaterThan(41, all.GetProperty("tenant_days").GetInt32());
        var week = await CheckAsync(center, "--from", "2026-03-23", "--to", "2026-03-29");
        Assert.AreEqual((4 * 7, 0L), (week.GetProperty("card_days").GetInt32(), week.GetProperty("residual_us").GetInt64()));
    }

    private static async Task<JsonElement> CheckAsync(TestCenter center, params string[] window) =>
        JsonDocument.Parse((await center.RunAsync(["verify", "identity", "--json", .. window])).Output).RootElement;
}
