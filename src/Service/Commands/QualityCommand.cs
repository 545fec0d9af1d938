using System.CommandLine;
using System.Globalization;
using System.Text;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Reports.Feeds;
using Headroom.Reports.Language;
using Headroom.Service.Composition;
using Headroom.Service.Rendering;

namespace Headroom.Service.Commands;

/// <summary><c>headroom report quality --center ID [--day D] [--format html,json] [--out DIR]</c>: what the feeds of a center were worth on a day.</summary>
internal static class QualityCommand
{
    public static Command Build(TextLookup text, CommandRunner runner)
    {
        Option<string> center = new("--center") { Description = text["Option.Center"], HelpName = "ID", Required = true };
        Option<string?> day = new("--day") { Description = text["Report.Day"], HelpName = "D" };
        Option<string> format = new("--format") { Description = text["Report.Format"], DefaultValueFactory = _ => "html,json" };
        Option<string?> folder = new("--out") { Description = text["Option.Out"], HelpName = "DIR" };
        Command command = new("quality", text["Report.Quality.Description"]) { center, day, format, folder };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var formats = ReportFiles.Formats(parsed.GetValue(format)!);
            await using var store = await context.OpenToReadAsync(cancellationToken);
            var library = new CenterLibrary(store);
            var definition = await library.FindAsync(new(parsed.GetValue(center)!), context.AsOf, cancellationToken)
                ?? throw await library.UnknownAsync(parsed.GetValue(center)!, "--center", cancellationToken);
            var asked = parsed.GetValue(day) is { } argument ? ReportCommand.DayArgument(argument) : definition.Clock().DayOf(context.Clock.Now());
            var report = await QualityReader.ReadAsync(store, definition, await library.CatalogAsync(context.AsOf, cancellationToken), asked, context.AsOf, context.Clock, cancellationToken);
            if (parsed.GetValue(folder) is { } directory)
            {
                foreach (var file in await ReportFiles.WriteQualityAsync(report, [text.Name], formats, directory, cancellationToken))
                {
                    context.Answer(new { file }, file);
                }
            }
            else if (context.Json)
            {
                context.Answer(QualityJson.Machine(report), "");
            }
            else
            {
                context.Output.Write(Lines(report, text));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static string Lines(FeedsReport report, TextLookup text)
    {
        var lines = new StringBuilder();
        lines.AppendLine(text["Quality.Headline", report.Center, report.Day.ToString("O", CultureInfo.InvariantCulture), Percent(report.Coverage)]);
        foreach (var (pool, devices) in report.WithoutGauge)
        {
            lines.AppendLine(text["Feeds.WithoutGauge", pool.In(text.Name), devices]);
        }

        foreach (var source in report.Sources)
        {
            var rejected = string.Join(", ", source.Rejected.Select(pair => $"{pair.Reason.Word()} {pair.Count.ToString(CultureInfo.InvariantCulture)}"));
            var lag = source.Lag is { } micros ? ((double)micros / Micros.PerSecond).ToString("0.0", CultureInfo.InvariantCulture) : "-";
            lines.AppendLine(text["Quality.Source", source.Source, source.Format, source.Received, source.Accepted, source.Duplicates, source.Conflicts, rejected.Length > 0 ? rejected : "-", source.Late, lag]);
        }

        foreach (var card in report.PoorCards)
        {
            lines.AppendLine(text["Quality.Card", card.Device, card.Host ?? "-", Percent(card.Coverage), card.SilentZeroHours.ToString("0.##", CultureInfo.InvariantCulture)]);
        }

        foreach (var card in report.Quiet)
        {
            lines.AppendLine(text["Quality.Quiet", card.Device, card.Host ?? "-", Instants.ToText(card.LastSample)]);
        }

        foreach (var question in report.Questions)
        {
            lines.AppendLine(text["Center.Cards.Conflict", question.Kind, question.Device, question.Other ?? "-"]);
        }

        foreach (var set in report.Twice)
        {
            lines.AppendLine(FiledTwiceText.Of(text, set));
        }

        if (!report.Unchecked.IsEmpty)
        {
            lines.AppendLine(text["Quality.Unchecked", string.Join(", ", report.Unchecked)]);
        }

        return lines.ToString();
    }

    private static string Percent(double? share) => share is { } known ? known.ToString("0.0 %", CultureInfo.InvariantCulture) : "-";
}
