using System.Collections.Immutable;
using Headroom.Domain.Messages;
using Headroom.Reports.Daily;
using Headroom.Reports.Feeds;
using Headroom.Reports.Language;
using Headroom.Reports.Saturation;
using Headroom.Service.Composition;

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
        DailyReportModel report, ImmutableArray<string> languages, ImmutableArray<string> formats, string folder, CancellationToken cancellationToken)
    {
        return await WriteAsync(
            $"{report.Period.Word}-{report.Center}-{Dates.Iso(report.Day)}",
            languages,
            formats,
            folder,
            language => DailyReportRenderer.RenderAsync(report, language, cancellationToken),
            () => DailyReportJson.Write(report),
            cancellationToken);
    }

    /// <returns>The paths written.</returns>
    /// <exception cref="UserException">The folder cannot be written to.</exception>
    public static async Task<IReadOnlyList<string>> WriteSaturationAsync(
        SaturationReportInput input, ImmutableArray<string> languages, ImmutableArray<string> formats, string folder, CancellationToken cancellationToken)
    {
        var report = SaturationReportModel.Of(input);
        return await WriteAsync(
            $"saturation-{input.Center.Id}-{Dates.Iso(input.Day)}",
            languages,
            formats,
            folder,
            language => SaturationReportRenderer.RenderAsync(report, language, cancellationToken),
            () => SaturationReportJson.Write(report),
            cancellationToken);
    }

    /// <returns>The paths written.</returns>
    /// <exception cref="UserException">The folder cannot be written to.</exception>
    public static Task<IReadOnlyList<string>> WriteQualityAsync(
        FeedsReport report, ImmutableArray<string> languages, ImmutableArray<string> formats, string folder, CancellationToken cancellationToken) => WriteAsync(
            $"quality-{report.Center}-{Dates.Iso(report.Day)}",
            languages,
            formats,
            folder,
            language => FeedsReportRenderer.RenderAsync(report, language, cancellationToken),
            () => QualityJson.Write(report),
            cancellationToken);

    private static async Task<IReadOnlyList<string>> WriteAsync(
        string name,
        ImmutableArray<string> languages,
        ImmutableArray<string> formats,
        string folder,
        Func<string, Task<string>> html,
        Func<string> json,
        CancellationToken cancellationToken)
    {
        var paths = new List<string>();
        foreach (var language in languages)
        {
            foreach (var format in formats)
            {
                var path = Path.Combine(folder, $"{name}.{language}.{format}");
                var content = format == "html" ? await html(language) : json();
                await OutputFile.WriteAsync(path, writer => writer.Write(content), cancellationToken);
                paths.Add(path);
            }
        }

        return paths;
    }
}
