using Headroom.Reports.Daily;
using Headroom.Reports.Language;

namespace Headroom.Reports.Saturation;

/// <summary>The saturation report as one HTML file that fetches nothing, and one A4 page on paper. The same input gives the same bytes.</summary>
public static class SaturationReportRenderer
{
    /// <param name="language">See <see cref="Texts.For"/>.</param>
    public static Task<string> RenderAsync(SaturationReportModel report, string language, CancellationToken cancellationToken) =>
        DailyReportRenderer.RenderComponentAsync<SaturationReportPage>(
            new() { [nameof(SaturationReportPage.Report)] = report, [nameof(SaturationReportPage.Text)] = Texts.For(language) },
            cancellationToken);
}
