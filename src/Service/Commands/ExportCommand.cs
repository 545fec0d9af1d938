using System.CommandLine;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Reports.Language;
using Headroom.Service.Composition;
using Headroom.Service.Exports;
using Headroom.Service.Rendering;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Commands;

/// <summary><c>headroom export card-hours|jobs|telemetry [--center ID] [--from T] [--to T] [--out FILE]</c>.</summary>
internal static class ExportCommand
{
    private delegate Task<long> Writing(Request request, TextWriter writer, CancellationToken cancellationToken);

    public static Command Build(TextLookup text, CommandRunner runner) => new("export", text["Export.Description"])
    {
        CardHours(text, runner),
        Jobs(text, runner),
        Telemetry(text, runner),
    };

    private static Command CardHours(TextLookup text, CommandRunner runner)
    {
        Option<string?> card = new("--card") { Description = text["Export.Card"], HelpName = "C" };
        Option<string?> by = new("--by") { Description = text["Export.By"] };
        by.AcceptOnlyFromAmong("tenant", "pool", "device", "host", "model", "sector", "platform", "priority", "center", "network");
        return Of("card-hours", text["Export.CardHours.Description"], [card, by], text, runner, async (request, writer, cancellationToken) =>
        {
            var (context, parsed) = (request.Context, request.Parsed);
            if (parsed.GetValue(by) is null)
            {
                ExportWindow.MustBeWholeHours(request.Asked, request.Center.Clock(), text["Export.WholeHours"]);
            }

            var catalog = await new CenterLibrary(request.Store).CatalogAsync(context.AsOf, cancellationToken);
            var device = parsed.GetValue(card) is { } id ? new DeviceId(id) : (DeviceId?)null;
            if (device is { } asked)
            {
                var facts = await request.Store.ReadFactsAsync(request.Center.Id, context.AsOf, cancellationToken);
                MustBeKnown(asked.Value, CardHourKeeper.HistoriesOf(request.Center, facts).Select(history => history.Device.Value));
            }

            var export = new CardHourExport(request.Store, context.Clock, request.Center, catalog, request.Asked, device, context.AsOf);
            return parsed.GetValue(by) switch
            {
                "tenant" => await export.WriteTenantsAsync(writer, cancellationToken),
                "pool" => await export.WritePoolsAsync(writer, cancellationToken),
                "device" => await export.WriteDevicesAsync(writer, cancellationToken),
                { } other => await WriteUsageAsync(request, Enum.Parse<UsageBy>(other, ignoreCase: true), catalog, writer, cancellationToken),
                _ => await export.WriteAsync(writer, cancellationToken),
            };
        });
    }

    private static async Task<long> WriteUsageAsync(Request request, UsageBy by, CardCatalog catalog, TextWriter writer, CancellationToken cancellationToken)
    {
        var (context, library) = (request.Context, new CenterLibrary(request.Store));
        var facts = await request.Store.ReadFactsAsync(request.Center.Id, context.AsOf, cancellationToken);
        var window = ExportWindow.Filled(request.Asked, facts, request.Center.Clock(), context.Clock.Now());
        var centers = new List<CenterDevices>();
        foreach (var center in by == UsageBy.Network ? await library.ListAsync(context.AsOf, cancellationToken) : [request.Center])
        {
            centers.Add(new(center, await request.Store.ReadFactsAsync(center.Id, context.AsOf, cancellationToken)));
        }

        var lines = await new UsageQuery(request.Store, context.Clock, catalog, context.AsOf).ReadAsync(centers, by, _ => window, cancellationToken);
        return await UsageExport.WriteAsync(writer, by, lines, cancellationToken);
    }

    private static Command Jobs(TextLookup text, CommandRunner runner) =>
        Of("jobs", text["Export.Jobs.Description"], [], text, runner, async (request, writer, cancellationToken) =>
        {
            var facts = await request.Store.ReadFactsAsync(request.Center.Id, request.Context.AsOf, cancellationToken);
            var rows = JobExport.Write(writer, facts.Jobs, request.Asked);
            if (facts.Coverage.Any(span => span.Feed == FeedCoverage.Jobs))
            {
                request.Context.Say(text["Export.Jobs.At", Instants.ToText(JobTime.KnownUntil(facts.Coverage))]);
            }

            return rows;
        });

    private static Command Telemetry(TextLookup text, CommandRunner runner)
    {
        Option<string?> card = new("--card") { Description = text["Export.Card"], HelpName = "C" };
        return Of("telemetry", text["Export.Telemetry.Description"], [card], text, runner, async (request, writer, cancellationToken) =>
        {
            if (request.Context.AsOf != Instants.Never)
            {
                throw new UserException(UserMessage.Of(MessageCode.UsageError, "--as-of", Instants.ToText(request.Context.AsOf), text["Export.NoAsOf"]));
            }

            var facts = await request.Store.ReadFactsAsync(request.Center.Id, Instants.Never, cancellationToken);
            var asked = request.Parsed.GetValue(card);
            if (asked is not null)
            {
                MustBeKnown(asked, facts.Devices.Select(device => device.Sighting.Id));
            }

            var devices = facts.Devices.Where(device => asked is null || device.Sighting.Id == asked);
            return await TelemetryExport.WriteAsync(writer, request.Store, request.Center.Id, devices, request.Asked, cancellationToken);
        });
    }

    private static Command Of(string name, string description, Option[] own, TextLookup text, CommandRunner runner, Writing write)
    {
        Option<string?> center = new("--center") { Description = text["Option.Center"], HelpName = "ID" };
        Option<string?> from = new("--from") { Description = text["Export.From"], HelpName = "T" };
        Option<string?> to = new("--to") { Description = text["Export.To"], HelpName = "T" };
        Option<string?> target = new("--out") { Description = text["Export.Out"], HelpName = "FILE" };
        Command command = new(name, description) { center, from, to };
        foreach (var option in own)
        {
            command.Options.Add(option);
        }

        command.Options.Add(target);
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            await using var store = await context.OpenToReadAsync(cancellationToken);
            var definition = await CenterAsync(new CenterLibrary(store), parsed.GetValue(center), context, cancellationToken);
            var asked = ExportWindow.Parse(parsed.GetValue(from), parsed.GetValue(to), definition.Clock());
            var request = new Request(context, parsed, store, definition, asked);
            if (parsed.GetValue(target) is not { } file)
            {
                context.Output.NewLine = "\n";
                await write(request, context.Output, cancellationToken);
                return ExitCode.Done;
            }

            var rows = 0L;
            await OutputFile.WriteAsync(file, async writer => rows = await write(request, writer, cancellationToken), cancellationToken);
            context.Answer(new { rows, @out = file }, text["Export.Done", rows, file]);
            return ExitCode.Done;
        });
        return command;
    }

    // Without --center the one there is; with several, one must be named.
    private static async Task<CenterDefinition> CenterAsync(CenterLibrary library, string? id, CommandContext context, CancellationToken cancellationToken)
    {
        if (id is not null)
        {
            return await library.FindAsync(new(id), context.AsOf, cancellationToken) ?? throw await library.UnknownAsync(id, "--center", cancellationToken);
        }

        var centers = await library.ListAsync(context.AsOf, cancellationToken);
        return centers.Count == 1
            ? centers[0]
            : throw new UserException(UserMessage.Of(MessageCode.UsageError, "--center", "-", string.Join(", ", centers.Select(center => center.Id))));
    }

    private static void MustBeKnown(string card, IEnumerable<string> known)
    {
        var ids = known.ToList();
        if (!ids.Contains(card, StringComparer.Ordinal))
        {
            throw new UserException(UserMessage.Of(MessageCode.UsageError, "--card", card, string.Join(", ", ids.Take(3)) + (ids.Count > 3 ? ", ..." : "")));
        }
    }

    /// <param name="Asked">Without end where an option was not given.</param>
    private sealed record Request(CommandContext Context, ParseResult Parsed, IStore Store, CenterDefinition Center, Window Asked);
}
