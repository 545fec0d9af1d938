using System.CommandLine;
using System.Text.Json;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Ingest.Transports.Backfill;
using Headroom.Ingest.Transports.Scrape;
using Headroom.Reports.Language;
using Headroom.Service.Composition;

namespace Headroom.Service.Commands;

/// <summary><c>headroom backfill --from T --to T --url U --center ID</c>: raw samples of the past; a run that was stopped goes on where it was.</summary>
internal static class BackfillCommand
{
    public static Command Build(TextLookup text, CommandRunner runner)
    {
        Option<string> center = new("--center") { Description = text["Option.Center"], HelpName = "ID", Required = true };
        Option<string> url = new("--url") { Description = text["Backfill.Url"], HelpName = "U", Required = true };
        Option<string> from = new("--from") { Description = text["Backfill.From"], HelpName = "T", Required = true };
        Option<string> to = new("--to") { Description = text["Backfill.To"], HelpName = "T", Required = true };
        Command command = new("backfill", text["Backfill.Description"]) { center, url, from, to };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var server = Uri.TryCreate(parsed.GetValue(url), UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0
                ? address
                : throw new UserException(UserMessage.Of(MessageCode.UsageError, "--url", "", "http://127.0.0.1:8428"));
            var window = new Window(CommandRunner.InstantArgument(parsed.GetValue(from)!, "--from"), CommandRunner.InstantArgument(parsed.GetValue(to)!, "--to"));
            if (window.IsEmpty)
            {
                throw new UserException(UserMessage.Of(MessageCode.UsageError, "--to", parsed.GetValue(to), "> --from"));
            }

            await using var store = await context.OpenToWriteAsync(cancellationToken);
            var library = new CenterLibrary(store);
            var catalog = await library.CatalogOrShippedAsync(cancellationToken);
            var definition = await library.FindOrDraftAsync(new(parsed.GetValue(center)!), context.Warn, cancellationToken);
            using var http = ScrapeClient.NewHttpClient();
            var backfill = new BackfillIngest(http, store, definition, server, context.Clock);
            var place = new BackfillPlace(context.Database, $"{definition.Id} {server} {Instants.ToText(window.From)} {Instants.ToText(window.Until)}");
            var (received, accepted, added) = (0L, 0L, 0L);
            for (var begin = place.Read() ?? window.From; begin < window.Until;)
            {
                (var report, begin) = await backfill.TakeAsync(begin, window.Until, cancellationToken);
                (received, accepted, added) = (received + report.Received, accepted + report.Accepted, added + report.New);
                place.Write(begin);
                context.Say(text["Backfill.Progress", Instants.ToText(begin), received]);
            }

            place.Forget();
            context.Answer(new { received, accepted, @new = added, format = backfill.FormatName }, text["Backfill.Done", received, accepted, added]);
            await IngestCommand.AccountAsync(context, text, store, definition, catalog, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>How far a backfill came, in a file beside the store. What is taken twice changes nothing, so it may lag.</summary>
    private sealed class BackfillPlace(string database, string key)
    {
        private readonly string _path = database + ".backfill.json";

        public long? Read() => All().TryGetValue(key, out var until) ? until : null;

        public void Write(long until) => Save(all => all[key] = until);

        public void Forget() => Save(all => all.Remove(key));

        private Dictionary<string, long> All()
        {
            try
            {
                return File.Exists(_path) ? JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllText(_path)) ?? [] : [];
            }
            catch (JsonException)
            {
                return [];
            }
        }

        private void Save(Action<Dictionary<string, long>> change)
        {
            var all = All();
            change(all);
            File.WriteAllText(_path + ".new", JsonSerializer.Serialize(all));
            File.Move(_path + ".new", _path, overwrite: true);
        }
    }
}
