using Headroom.Reports.Daily;
using Headroom.Reports.Language;

namespace Headroom.Reports.Feeds;

/// <summary>The quality report as one HTML file that fetches nothing. The same input gives the same bytes.</summary>
public static class FeedsReportRenderer
{
    /// <param name="language">See <see cref="Texts.For"/>.</param>
    public static Task<string> RenderAsync(FeedsReport report, string language, CancellationToken cancellationToken) =>
        DailyReportRenderer.RenderComponentAsync<FeedsReportPage>(
            new() { [nameof(FeedsReportPage.Report)] = report, [nameof(FeedsReportPage.Text)] = Texts.For(language) },
            cancellationToken);
}
