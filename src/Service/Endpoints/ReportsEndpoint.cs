using System.Globalization;
using System.Text.RegularExpressions;
using Headroom.Domain.Messages;
using Headroom.Reports.Daily;
using Headroom.Reports.Feeds;
using Headroom.Reports.Saturation;
using Headroom.Service.Composition;

namespace Headroom.Service.Endpoints;

/// <summary><c>/reports/KIND-CENTER-DAY.LANG.EXT</c>: a report as the file that the command line would write.</summary>
internal static partial class ReportsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/reports/{file}", FileAsync).WithSummary("A report as a file").WithTags("Reports").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> FileAsync(string file, HttpContext context, DayPages days, SaturationPages saturations, QualityPages qualities, CancellationToken cancellationToken)
    {
        if (FileName().Match(file) is not { Success: true } name
            || !DateOnly.TryParseExact(name.Groups["day"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            throw new UserException(UserMessage.Of(MessageCode.PageUnknown, context.Request.Path));
        }

        var (center, language, isJson) = (name.Groups["center"].Value, name.Groups["lang"].Value, name.Groups["ext"].Value == "json");
        string content;
        if (name.Groups["kind"].Value == "saturation")
        {
            var report = await saturations.ReportAsync(center, day, cancellationToken);
            content = isJson ? SaturationReportJson.Write(report) : await SaturationReportRenderer.RenderAsync(report, language, cancellationToken);
        }
        else if (name.Groups["kind"].Value == "quality")
        {
            var (_, report) = await qualities.AskAsync(center, day, cancellationToken);
            content = isJson ? QualityJson.Write(report) : await FeedsReportRenderer.RenderAsync(report, language, cancellationToken);
        }
        else
        {
            var (report, _) = await days.ReportAsync(center, ReportPeriod.Of(ReportPeriod.Words.First(word => word.Value == name.Groups["kind"].Value).Key, day), cancellationToken);
            content = isJson ? DailyReportJson.Write(report) : await DailyReportRenderer.RenderAsync(report, language, cancellationToken);
        }

        if (!isJson)
        {
            // The file carries its scripts inside and its own policy; that of linked pages would forbid them.
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{file}\"";
        }

        return Results.Text(content, isJson ? "application/json" : "text/html; charset=utf-8");
    }

    [GeneratedRegex(@"^(?<kind>daily|weekly|monthly|saturation|quality)-(?<center>[a-z0-9][a-z0-9._-]*)-(?<day>\d{4}-\d{2}-\d{2})\.(?<lang>zh-CN|en)\.(?<ext>html|json)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex FileName();
}
