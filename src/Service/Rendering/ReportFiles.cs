using System.Collections.Immutable;
using System.Globalization;
using Headroom.Domain.Messages;
using Headroom.Reports.Daily;

namespace Headroom.Service.Rendering;

/// <summary>Writes reports as files: <c>KIND-CENTER-DAY.LANG.EXT</c>.</summary>
internal static class ReportFiles
{
    private static readonly string[] Known = ["html", "json"];

    /// <exception cref="UserException">A format nobody knows.</exception>
    public static ImmutableArray<string> Formats(string argument)
    {
        var formats = argument.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToImmutableArray();
        return formats.Length > 0 && formats.All(Known.Contains)
            ? formats
            : throw new UserException(UserMessage.Of(MessageCode.UsageError, "--format", argument, string.Join(",", Known)));
    }

    /// <returns>The paths written.</returns>
    /// <exception cref="UserException">The folder cannot be written to.</exception>
    public static async Task<IReadOnlyList<string>> WriteDailyAsync(
        DailyReportInput input, ImmutableArray<string> languages, ImmutableArray<string> formats, string folder, CancellationToken cancellationToken)
    {
        var (report, paths) = (DailyReportModel.Of(input), new List<string>());
        foreach (var language in languages)
        {
            foreach (var format in formats)
            {
                var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"daily-{input.Center.Id}-{input.Day:yyyy-MM-dd}.{language}.{format}"));
                var content = format == "html" ? await DailyReportRenderer.RenderAsync(report, language, cancellationToken) : DailyReportJson.Write(report);
                await OutputFile.WriteAsync(path, writer => writer.Write(content), cancellationToken);
                paths.Add(path);
            }
        }

        return paths;
    }
}
