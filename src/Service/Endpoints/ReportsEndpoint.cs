using System.Globalization;
using System.Text.RegularExpressions;
using Headroom.Domain.Messages;
using Headroom.Reports.Daily;
using Headroom.Service.Composition;

namespace Headroom.Service.Endpoints;

/// <summary><c>/reports/KIND-CENTER-DAY.LANG.EXT</c>: a report as the file that the command line would write.</summary>
internal static partial class ReportsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/reports/{file}", FileAsync).WithSummary("A report as a file").WithTags("Reports").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> FileAsync(string file, HttpContext context, DayPages pages, CancellationToken cancellationToken)
    {
        if (FileName().Match(file) is not { Success: true } name
            || !DateOnly.TryParseExact(name.Groups["day"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            throw new UserException(UserMessage.Of(MessageCode.PageUnknown, context.Request.Path));
        }

        var (report, _) = await pages.ReportAsync(name.Groups["center"].Value, day, cancellationToken);
        if (name.Groups["ext"].Value == "json")
        {
            return Results.Text(DailyReportJson.Write(report), "application/json");
        }

        // The file carries its scripts inside and its own policy; that of linked pages would forbid them.
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{file}\"";
        return Results.Text(await DailyReportRenderer.RenderAsync(report, name.Groups["lang"].Value, cancellationToken), "text/html; charset=utf-8");
    }

    [GeneratedRegex(@"^daily-(?<center>[a-z0-9][a-z0-9._-]*)-(?<day>\d{4}-\d{2}-\d{2})\.(?<lang>zh-CN|en)\.(?<ext>html|json)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex FileName();
}
