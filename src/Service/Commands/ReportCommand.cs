using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Language;
using Headroom.Service.Composition;
using Headroom.Service.Rendering;
using Headroom.Storage;
using Headroom.Storage.Accounting;
using Headroom.Storage.Sqlite;

namespace Headroom.Service.Commands;

/// <summary><c>headroom report daily|weekly|monthly|saturation --center ID [--day D] --out DIR</c>.</summary>
internal static class ReportCommand
{
    public static Command Build(TextLookup text, CommandRunner runner) => new("report", text["Report.Description"])
    {
        Of("daily", text["Report.Daily.Description"], text, runner, WritePeriod(PeriodKind.Day)),
        Of("weekly", text["Report.Weekly.Description"], text, runner, WritePeriod(PeriodKind.Week)),
        Of("monthly", text["Report.Monthly.Description"], text, runner, WritePeriod(PeriodKind.Month), reach: 31),
        Of("saturation", text["Report.Saturation.Description"], text, runner, WriteSaturationAsync),
        QualityCommand.Build(text, runner),
    };

    /// <summary>What a report is made for, once the store is open and up to date.</summary>
    /// <param name="MayIssue">False on a store opened to read.</param>
    private sealed record Asked(
        IStore Store, CommandContext Context, CenterDefinition Center, CardCatalog Catalog, DateOnly Day, bool MayIssue, ImmutableArray<string> Formats, string Folder);

    private delegate Task<IReadOnlyList<string>> Writing(Asked asked, CancellationToken cancellationToken);

    private static Writing WritePeriod(PeriodKind kind) => async (asked, cancellationToken) =>
    {
        var builder = new DailyReportBuilder(asked.Store, asked.Context.Clock);
        var input = await builder.BuildAsync(asked.Center, asked.Catalog, ReportPeriod.Of(kind, asked.Day), asked.Context.AsOf, asked.MayIssue, cancellationToken);
        var report = await new ReportVersions(asked.Store).IssueAsync(DailyReportModel.Of(input), asked.Context.AsOf, asked.MayIssue, cancellationToken);
        if (report.Issue is { Number: > 1 } issue)
        {
            asked.Context.Say(asked.Context.Text["Report.Issue", issue.Number, issue.Changes.Length, issue.Number - 1]);
        }

        return await ReportFiles.WriteDailyAsync(report, [asked.Context.Text.Name], asked.Formats, asked.Folder, cancellationToken);
    };

    private static async Task<IReadOnlyList<string>> WriteSaturationAsync(Asked asked, CancellationToken cancellationToken)
    {
        var builder = new SaturationReportBuilder(asked.Store, asked.Context.Clock);
        var input = await builder.BuildAsync(asked.Center, asked.Catalog, asked.Day, asked.Context.AsOf, cancellationToken);
        return await ReportFiles.WriteSaturationAsync(input, [asked.Context.Text.Name], asked.Formats, asked.Folder, cancellationToken);
    }

    // Where damage is looked for: further back it was by the service, day after day.
    private static Window Around(Window day, int reachDays) =>
        new(day.From - (reachDays * Micros.PerDay), day.Until + (reachDays * Micros.PerDay));

    private static Command Of(string name, string description, TextLookup text, CommandRunner runner, Writing write, int reach = 7)
    {
        Option<string> center = new("--center") { Description = text["Option.Center"], HelpName = "ID", Required = true };
        Option<string?> day = new("--day") { Description = text["Report.Day"], HelpName = "D" };
        Option<string> format = new("--format") { Description = text["Report.Format"], DefaultValueFactory = _ => "html,json" };
        Option<string> folder = new("--out") { Description = text["Option.Out"], HelpName = "DIR", Required = true };
        Command command = new(name, description) { center, day, format, folder };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var formats = ReportFiles.Formats(parsed.GetValue(format)!);
            var (store, mayIssue) = await OpenAsync(context, cancellationToken);
            await using (store)
            {
                var library = new CenterLibrary(store);
                var definition = await library.FindAsync(new(parsed.GetValue(center)!), context.AsOf, cancellationToken)
                    ?? throw await library.UnknownAsync(parsed.GetValue(center)!, "--center", cancellationToken);
                var catalog = await library.CatalogAsync(context.AsOf, cancellationToken);
                var asked = parsed.GetValue(day) is { } argument ? DayArgument(argument) : await LastWholeDayAsync(store, definition, context, cancellationToken);
                if (mayIssue)
                {
                    await store.MarkDamagedAsync(definition.Id, Around(definition.Clock().Day(asked), reach), cancellationToken);
                    await new CardHourKeeper(store, context.Clock).UpdateAsync(definition, catalog, progress: null, cancellationToken);
                }

                foreach (var file in await write(new(store, context, definition, catalog, asked, mayIssue, formats, parsed.GetValue(folder)!), cancellationToken))
                {
                    context.Answer(new { file }, file);
                }
            }

            return ExitCode.Done;
        });
        return command;
    }

    internal static DateOnly DayArgument(string argument) =>
        DateOnly.TryParseExact(argument, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new UserException(UserMessage.Of(MessageCode.UsageError, "--day", argument, "2026-03-01"));

    // A report may issue a forecast, so it asks to write; beside a running writer it reads.
    internal static async Task<(SqliteStore Store, bool MayIssue)> OpenAsync(CommandContext context, CancellationToken cancellationToken)
    {
        if (!File.Exists(context.Database) || context.AsOf != Instants.Never)
        {
            return (await context.OpenToReadAsync(cancellationToken), false);
        }

        try
        {
            return (await context.OpenToWriteAsync(cancellationToken), true);
        }
        catch (UserException locked) when (locked.Messages.Any(message => message.Code == MessageCode.DatabaseLocked))
        {
            context.Say(context.Text["Report.ReadOnly"]);
            return (await context.OpenToReadAsync(cancellationToken), false);
        }
    }

    private static async Task<DateOnly> LastWholeDayAsync(IStore store, CenterDefinition center, CommandContext context, CancellationToken cancellationToken)
    {
        var facts = await store.ReadFactsAsync(center.Id, default(Window), context.AsOf, cancellationToken);
        var clock = center.Clock();
        var fed = facts.Telemetry.IsEmpty ? facts.Coverage.Select(span => span.Valid.Until).DefaultIfEmpty(Instants.Never).Max() : facts.Telemetry.Until;
        var last = Math.Min(fed, context.Clock.Now());
        var day = clock.DayOf(last);
        return clock.Day(day).Until - last <= Micros.PerHour && clock.Day(day).Until <= context.Clock.Now() ? day : day.AddDays(-1);
    }
}
