using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Reports.Language;
using Headroom.Service.Composition;

namespace Headroom.Service.Commands;

/// <summary><c>headroom report quality --center ID [--day D] [--out DIR]</c>: what the feeds of a center were worth on a day.</summary>
internal static class QualityCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Build(TextLookup text, CommandRunner runner)
    {
        Option<string> center = new("--center") { Description = text["Option.Center"], HelpName = "ID", Required = true };
        Option<string?> day = new("--day") { Description = text["Report.Day"], HelpName = "D" };
        Option<string?> folder = new("--out") { Description = text["Option.Out"], HelpName = "DIR" };
        Command command = new("quality", text["Report.Quality.Description"]) { center, day, folder };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            await using var store = await context.OpenToReadAsync(cancellationToken);
            var library = new CenterLibrary(store);
            var definition = await library.FindAsync(new(parsed.GetValue(center)!), context.AsOf, cancellationToken)
                ?? throw await library.UnknownAsync(parsed.GetValue(center)!, "--center", cancellationToken);
            var asked = parsed.GetValue(day) is { } argument ? ReportCommand.DayArgument(argument) : definition.Clock().DayOf(context.Clock.Now());
            var report = await QualityReport.ReadAsync(store, definition, await library.CatalogAsync(context.AsOf, cancellationToken), asked, context.AsOf, context.Clock, cancellationToken);
            if (parsed.GetValue(folder) is { } directory)
            {
                Directory.CreateDirectory(directory);
                var file = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"quality-{definition.Id}-{asked:yyyy-MM-dd}.{text.Name}.json"));
                await File.WriteAllTextAsync(file, JsonSerializer.Serialize(Machine(report), Json) + "\n", cancellationToken);
                context.Answer(new { file }, file);
            }
            else if (context.Json)
            {
                context.Answer(Machine(report), "");
            }
            else
            {
                context.Output.Write(Lines(report, text));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static object Machine(QualityReport report) => new
    {
        center = report.Center.Value,
        day = report.Day,
        coverage = report.Coverage,
        sources = report.Sources.Select(source => new
        {
            source = source.Source,
            format = source.Format,
            received = source.Received,
            accepted = source.Accepted,
            duplicates = source.Duplicates,
            conflicts = source.Conflicts,
            rejected = source.Rejected.ToDictionary(pair => pair.Reason.Word(), pair => pair.Count, StringComparer.Ordinal),
        }),
        cards = report.Cards.Select(card => new { card = card.Device.Value, host = card.Host, coverage = card.Coverage, silent_zero_h = card.SilentZeroHours, samples = card.Samples }),
        quiet = report.Quiet.Select(card => new { card = card.Device.Value, host = card.Host, last_sample = Instants.ToText(card.LastSample) }),
        conflicts = report.Conflicts.Select(conflict => new { conflict = JsonNamingPolicy.SnakeCaseLower.ConvertName(conflict.Kind.ToString()), card = conflict.Device.Value, other = conflict.Other }),
        silent_zero_unchecked_models = report.Unchecked,
    };

    private static string Lines(QualityReport report, TextLookup text)
    {
        var lines = new StringBuilder();
        lines.AppendLine(text["Quality.Headline", report.Center, report.Day.ToString("O", CultureInfo.InvariantCulture), Percent(report.Coverage)]);
        foreach (var source in report.Sources)
        {
            var rejected = string.Join(", ", source.Rejected.Select(pair => $"{pair.Reason.Word()} {pair.Count.ToString(CultureInfo.InvariantCulture)}"));
            lines.AppendLine(text["Quality.Source", source.Source, source.Format, source.Received, source.Accepted, source.Duplicates, source.Conflicts, rejected.Length > 0 ? rejected : "-"]);
        }

        foreach (var card in report.Cards.Where(card => card.Coverage is null or < 0.95 || card.SilentZeroHours > 0))
        {
            lines.AppendLine(text["Quality.Card", card.Device, card.Host ?? "-", Percent(card.Coverage), card.SilentZeroHours.ToString("0.##", CultureInfo.InvariantCulture)]);
        }

        foreach (var card in report.Quiet)
        {
            lines.AppendLine(text["Quality.Quiet", card.Device, card.Host ?? "-", Instants.ToText(card.LastSample)]);
        }

        foreach (var conflict in report.Conflicts)
        {
            lines.AppendLine(text["Center.Cards.Conflict", JsonNamingPolicy.SnakeCaseLower.ConvertName(conflict.Kind.ToString()), conflict.Device, conflict.Other ?? "-"]);
        }

        if (!report.Unchecked.IsEmpty)
        {
            lines.AppendLine(text["Quality.Unchecked", string.Join(", ", report.Unchecked)]);
        }

        return lines.ToString();
    }

    private static string Percent(double? share) => share is { } known ? known.ToString("0.0 %", CultureInfo.InvariantCulture) : "-";
}
