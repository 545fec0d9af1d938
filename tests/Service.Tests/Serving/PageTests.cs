using System.Net;
using Headroom.Service.Tests.Cases;

namespace Headroom.Service.Tests.Serving;

/// <summary>The pages of a service, as a browser gets them.</summary>
[TestClass]
public sealed class PageTests
{
    [TestMethod]
    [DataRow("en", "Two ways", "headroom demo", DisplayName = "English")]
    [DataRow("zh-CN", "两种办法", "headroom demo", DisplayName = "Chinese")]
    public async Task Overview_EmptyDatabase_LeadsToTheDemoAndToACenter(string language, string lead, string demo)
    {
        using var center = new TestCenter();
        await using var service = await RunningService.StartAsync(center);
        var page = await service.GetAsync("/", language);
        Assert.Contains(lead, page, StringComparison.Ordinal);
        Assert.Contains(demo, page, StringComparison.Ordinal);
        Assert.Contains("href=\"/centers/new\"", page, StringComparison.Ordinal);
        Assert.Contains($"<html lang=\"{language}\"", page, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Pages_OfACenterWithADay_AnswerInBothLanguagesWithoutAnythingFromElsewhere()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("card"), Rows.Gauge("card", 0, 24, 50, 900));
        await using var service = await RunningService.StartAsync(center);
        foreach (var path in (string[])["/", "/centers/case", $"/centers/case/days/{TestCenter.Day}", $"/centers/case/cards/card?day={TestCenter.Day}", "/sources", "/design", "/centers/new", $"/centers/case/saturation?day={TestCenter.Day}", $"/centers/case/demand?day={TestCenter.Day}", $"/centers/case/quality?day={TestCenter.Day}", "/centers/case/quality"])
        {
            foreach (var (language, switchTo) in ((string, string)[])[("en", "lang=zh-CN\""), ("zh-CN", "lang=en\"")])
            {
                var page = await service.GetAsync(path, language);
                Assert.Contains($"<html lang=\"{language}\"", page, StringComparison.Ordinal);
                Assert.Contains(switchTo, page, StringComparison.Ordinal);
                Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
                Assert.DoesNotContain("url(http", page, StringComparison.Ordinal);
            }
        }
    }

    [TestMethod]
    public async Task Overview_DayWithUseOfOneHalf_PrintsIt()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("card"), Rows.Gauge("card", 0, 24, 50, 900));
        await using var service = await RunningService.StartAsync(center);
        var page = await service.GetAsync("/");
        Assert.Contains($"/centers/case/days/{TestCenter.Day}", page, StringComparison.Ordinal);
        Assert.Contains("50.0", page, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Card_OfADay_ShowsItsSamples()
    {
        using var center = new TestCenter();
        await center.IngestAsync(Rows.Installed("card"), Rows.Gauge("card", 0, 24, 50, 900));
        await using var service = await RunningService.StartAsync(center);
        var page = await service.GetAsync($"/centers/case/cards/card?day={TestCenter.Day}");
        Assert.Contains("data-chart=\"card-states\"", page, StringComparison.Ordinal);
        Assert.Contains("data-chart=\"card-samples\"", page, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">00:15:00</th>", page, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Headers_OfAPage_ForbidWhatIsNotOurs()
    {
        using var center = new TestCenter();
        await using var service = await RunningService.StartAsync(center);
        using var answer = await service.Client.GetAsync("/");
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.AreEqual("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [TestMethod]
    public async Task Language_AskedFor_HoldsByCookie()
    {
        using var center = new TestCenter();
        await using var service = await RunningService.StartAsync(center);
        using var answer = await service.Client.GetAsync("/?lang=zh-CN");
        Assert.StartsWith("lang=zh-CN", answer.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task NewCenter_ItsTemplate_LoadsAsItStands()
    {
        using var center = new TestCenter();
        await using var service = await RunningService.StartAsync(center);
        using var form = new FormUrlEncodedContent([new("file", Pages.NewCenterPage.Template)]);
        using var answer = await service.Client.PostAsync("/centers/new", form);
        Assert.AreEqual(HttpStatusCode.Redirect, answer.StatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Contains("node-001", await service.GetAsync("/sources"), StringComparison.Ordinal);
    }
}
