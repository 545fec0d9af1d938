using System.Text.Encodings.Web;
using System.Text.Unicode;
using Headroom.Reports.Language;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headroom.Reports.Daily;

/// <summary>The daily report as one HTML file that fetches nothing. The same input gives the same bytes, whenever it is rendered.</summary>
public static class DailyReportRenderer
{
    /// <param name="language">See <see cref="Texts.For"/>.</param>
    public static Task<string> RenderAsync(DailyReportInput input, string language, CancellationToken cancellationToken) =>
        RenderAsync(DailyReportModel.Of(input), language, cancellationToken);

    /// <inheritdoc cref="RenderAsync(DailyReportInput, string, CancellationToken)"/>
    public static Task<string> RenderAsync(DailyReportModel report, string language, CancellationToken cancellationToken) =>
        RenderComponentAsync<DailyReportPage>(
            new() { [nameof(DailyReportPage.Report)] = report, [nameof(DailyReportPage.Text)] = Texts.For(language) },
            cancellationToken);

    internal static async Task<string> RenderComponentAsync<TComponent>(Dictionary<string, object?> parameters, CancellationToken cancellationToken)
        where TComponent : IComponent
    {
        cancellationToken.ThrowIfCancellationRequested();
        var services = new ServiceCollection().AddSingleton(HtmlEncoder.Create(UnicodeRanges.All)).BuildServiceProvider();
        await using var ownedServices = services.ConfigureAwait(false);
        var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        await using var ownedRenderer = renderer.ConfigureAwait(false);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return root.ToHtmlString();
        }).ConfigureAwait(false);
    }
}
