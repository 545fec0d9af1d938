using System.CommandLine;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Ingest;
using Headroom.Ingest.Formats.Records;
using Headroom.Ingest.Formats.Telemetry;
using Headroom.Ingest.Formats.Telemetry.Mapped;
using Headroom.Reports.Language;
using Headroom.Service.Composition;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Commands;

/// <summary><c>headroom ingest telemetry|jobs|allocations|counts|requests|inventory|meter FILE...|-</c>.</summary>
internal static class IngestCommand
{
    public static Command Build(TextLookup text, CommandRunner runner) => new("ingest", text["Ingest.Description"])
    {
        Of("telemetry", text["Ingest.Telemetry.Description"], text, runner, TelemetryIngest.FilesAsync),
        Of("jobs", text["Ingest.Jobs.Description"], text, runner, Records("jobs")),
        Of("inventory", text["Ingest.Inventory.Description"], text, runner, Records("inventory")),
        Of("requests", text["Ingest.Requests.Description"], text, runner, Records("requests")),
        Of("allocations", text["Ingest.Allocations.Description"], text, runner, Records("allocations")),
        Of("counts", text["Ingest.Counts.Description"], text, runner, Records("counts")),
        Of("meter", text["Ingest.Meter.Description"], text, runner, Records("meter")),
    };

    private delegate Task<IngestReport> Taking(
        IStore store, CenterDefinition center, IReadOnlyList<string> files, IngestOptions options, CancellationToken cancellationToken);

    private static Taking Records(string kind) =>
        (store, center, files, options, cancellationToken) => RecordIngest.FilesAsync(store, center, kind, files, options, cancellationToken);

    private static Command Of(string name, string description, TextLookup text, CommandRunner runner, Taking take)
    {
        Argument<string[]> files = new("FILE") { Description = text["Ingest.Files"], Arity = ArgumentArity.OneOrMore };
        Option<string> center = new("--center") { Description = text["Option.Center"], HelpName = "ID", Required = true };
        Option<string?> format = new("--format") { Description = text["Ingest.Format"], HelpName = "F" };
        Option<string?> host = new("--host") { Description = text["Ingest.Host"], HelpName = "H" };
        Option<string?> map = new("--map") { Description = text["Ingest.Map"], HelpName = "F" };
        Option<string?> at = new("--at") { Description = text["Ingest.At"], HelpName = "T" };
        Option<string?> zone = new("--zone") { Description = text["Ingest.Zone"], HelpName = "Z" };
        Option<int> revision = new("--revision") { Description = text["Ingest.Revision"], HelpName = "N" };
        revision.MustLieWithin(0, 255, text["Ingest.RevisionRange"]);
        Command command = new(name, description) { files, center, at, zone, revision };
        format.AcceptOnlyFromAmong(name == "telemetry" ? [.. TelemetryFormats.Names] : [.. RecordFormats.WordsOf(name)]);
        command.Options.Add(format);
        if (name == "telemetry")
        {
            command.Options.Add(host);
            command.Options.Add(map);
        }

        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var paths = parsed.GetValue(files)!;
            MustExist(paths);
            await using var store = await context.OpenToWriteAsync(cancellationToken);
            var library = new CenterLibrary(store);
            var catalog = await library.CatalogOrShippedAsync(cancellationToken);
            var definition = await library.FindOrDraftAsync(new(parsed.GetValue(center)!), context.Warn, cancellationToken);
            var options = new IngestOptions
            {
                Format = parsed.GetValue(format),
                Mapping = name == "telemetry" && parsed.GetValue(map) is { } file ? MappingFile.Load(file) : null,
                Host = name == "telemetry" ? parsed.GetValue(host) : null,
                At = parsed.GetValue(at) is { } instant ? CommandRunner.InstantArgument(instant, "--at") : null,
                Zone = parsed.GetValue(zone),
                Revision = parsed.GetValue(revision),
                Simulated = paths.All(IsSimulated),
                Catalog = catalog,
                Clock = context.Clock,
                Acknowledged = context.Json ? done => context.Output.WriteLine($"acknowledged {done.Rows} {done.File} {done.Offset}") : null,
            };
            var report = await take(store, definition, paths, options, cancellationToken);
            Tell(context, text, string.Join(" ", paths), report);
            await AccountAsync(context, text, store, definition, catalog, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    internal static void Tell(CommandContext context, TextLookup text, string place, IngestReport report)
    {
        foreach (var notice in report.Notices)
        {
            context.Warn(notice);
        }

        context.Answer(
            new
            {
                source = place,
                received = report.Received,
                accepted = report.Accepted,
                rejected = report.Rejected.ToDictionary(pair => pair.Reason.Word(), pair => pair.Count, StringComparer.Ordinal),
                missing_cells = report.MissingCells,
                @new = report.New,
                duplicates = report.Duplicates,
                conflicts = report.Conflicts,
            },
            text["Ingest.Done", place, report.Received, report.Accepted, report.Received - report.Accepted, report.New, report.Duplicates, report.Conflicts]);
    }

    internal static async Task AccountAsync(
        CommandContext context, TextLookup text, IStore store, CenterDefinition center, CardCatalog catalog, CancellationToken cancellationToken)
    {
        var days = await new CardHourKeeper(store, context.Clock).UpdateAsync(center, catalog, progress: null, cancellationToken);
        if (days > 0)
        {
            context.Say(text["Ingest.Accounted", days]);
        }
    }

    // Before anything is written: a typo in the third name should not leave two files taken.
    private static void MustExist(string[] paths)
    {
        var missing = paths.Where(path => path != "-" && !File.Exists(path)).Select(path => UserMessage.Of(MessageCode.FileMissing, path, Path.GetFullPath(path))).ToArray();
        if (missing.Length > 0)
        {
            throw new UserException([.. missing]);
        }
    }

    // The simulator leaves this mark beside what it writes.
    private static bool IsSimulated(string path) =>
        path != "-" && File.Exists(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "SIMULATED.txt"));
}
