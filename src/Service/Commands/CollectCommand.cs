using System.Collections.Concurrent;
using System.CommandLine;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Ingest;
using Headroom.Ingest.Transports.Scrape;
using Headroom.Reports.Language;
using Headroom.Service.Composition;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Commands;

/// <summary><c>headroom collect [--center ID] [--once]</c>: scrapes the targets of the center files.</summary>
internal static class CollectCommand
{
    private static readonly TimeSpan AccountEvery = TimeSpan.FromMinutes(10);

    public static Command Build(TextLookup text, CommandRunner runner)
    {
        Option<string?> center = new("--center") { Description = text["Option.Center"], HelpName = "ID" };
        Option<bool> once = new("--once") { Description = text["Collect.Once"] };
        Command command = new("collect", text["Collect.Description"]) { center, once };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            await using var store = await context.OpenToWriteAsync(cancellationToken);
            var library = new CenterLibrary(store);
            var catalog = await library.CatalogOrShippedAsync(cancellationToken);
            var centers = (await library.ListAsync(Instants.Never, cancellationToken))
                .Where(entry => entry.Targets.Length > 0 && (parsed.GetValue(center) is not { } id || entry.Id.Value == id))
                .ToList();
            if (centers.Count == 0)
            {
                context.Say(text["Collect.NoTargets"]);
                return ExitCode.Failed;
            }

            using var http = ScrapeClient.NewHttpClient();
            var client = new ScrapeClient(http, context.Clock);
            var options = new IngestOptions { Catalog = catalog, Clock = context.Clock };
            var keeper = new CardHourKeeper(store, context.Clock);
            if (parsed.GetValue(once))
            {
                var down = 0;
                foreach (var entry in centers)
                {
                    using var loops = new ScrapeLoops(store, entry, client, options);
                    foreach (var target in entry.Targets)
                    {
                        down += await OnceAsync(context, text, loops, target, cancellationToken) ? 0 : 1;
                    }

                    await IngestCommand.AccountAsync(context, text, store, entry, catalog, cancellationToken);
                }

                return down == 0 ? ExitCode.Done : ExitCode.Failed;
            }

            var running = centers.Select(entry => RunAsync(context, text, store, entry, client, options, cancellationToken)).ToList();
            await Task.WhenAll([.. running, AccountAsync(context, keeper, centers, catalog, cancellationToken)]);
            return ExitCode.Done;
        });
        return command;
    }

    // What is not accounted for when it ends stays marked as dirty: the next report or collector takes it up.
    private static async Task AccountAsync(
        CommandContext context, CardHourKeeper keeper, List<Domain.Centers.CenterDefinition> centers, Domain.Devices.CardCatalog catalog, CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(AccountEvery, context.Clock);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                foreach (var entry in centers)
                {
                    await TryAccountAsync(context, keeper, entry, catalog, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The way it ends: a collector runs until it is told to stop.
        }
    }

    private static async Task TryAccountAsync(
        CommandContext context, CardHourKeeper keeper, Domain.Centers.CenterDefinition center, Domain.Devices.CardCatalog catalog, CancellationToken cancellationToken)
    {
        try
        {
            await keeper.UpdateAsync(center, catalog, progress: null, cancellationToken);
        }
        catch (UserException problem)
        {
            foreach (var message in problem.Messages)
            {
                context.Warn(message);
            }
        }
    }

    private static async Task<bool> OnceAsync(CommandContext context, TextLookup text, ScrapeLoops loops, Domain.Centers.ScrapeTarget target, CancellationToken cancellationToken)
    {
        try
        {
            IngestCommand.Tell(context, text, target.Name, await loops.OnceAsync(target, cancellationToken));
            return true;
        }
        catch (UserException problem)
        {
            foreach (var message in problem.Messages)
            {
                context.Warn(message);
            }

            return false;
        }
    }

    private static async Task RunAsync(
        CommandContext context, TextLookup text, IStore store, Domain.Centers.CenterDefinition center, ScrapeClient client, IngestOptions options, CancellationToken cancellationToken)
    {
        var said = new ConcurrentDictionary<(string Target, MessageCode Code, string? What), bool>();
        using var loops = new ScrapeLoops(store, center, client, options)
        {
            Attempted = health =>
            {
                // A target that stays up is not news; one that changes is.
                if (health.Problem is { } problem)
                {
                    context.Warn(problem);
                }
                else if (context.Json && health.Last is { } last)
                {
                    // Every page of a target says the same of its format and its models: once is enough.
                    var news = last.Notices.Where(notice => said.TryAdd((health.Target, notice.Code, notice.Arguments.FirstOrDefault()), true));
                    IngestCommand.Tell(context, text, health.Target, last with { Notices = [.. news] });
                }
            },
        };
        await loops.RunAsync(cancellationToken);
    }
}
