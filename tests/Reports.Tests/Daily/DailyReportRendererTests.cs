using Headroom.Domain.Time;
using Headroom.Reports.Daily;

namespace Headroom.Reports.Tests.Daily;

[TestClass]
public sealed class DailyReportRendererTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    [DataRow("zh-CN", DisplayName = "Chinese")]
    [DataRow("en", DisplayName = "English")]
    public async Task RenderAsync_BigCenter_IsOneWholeDocument(string language)
    {
        var html = await DailyReportRenderer.RenderAsync(BigCenter.Input(), language, TestContext.CancellationToken);

        Assert.StartsWith("<!DOCTYPE html>", html.TrimStart());
        Assert.Contains($"<html lang=\"{language}\">", html, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("HEADROOM_LOOK") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"big.{language}.html"), html, TestContext.CancellationToken);
            var running = await DailyReportRenderer.RenderAsync(BigCenter.Input(BigCenter.Input().Window.From + (14 * Micros.PerHour)), language, TestContext.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, $"running.{language}.html"), running, TestContext.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, $"small.{language}.html"), await DailyReportRenderer.RenderAsync(Samples.Input(), language, TestContext.CancellationToken), TestContext.CancellationToken);
        }
    }
}
