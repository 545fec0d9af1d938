using System.CommandLine;
using Headroom.Domain.Centers;
using Headroom.Reports.Language;
using Headroom.Domain.Time;
using Headroom.Service.Composition;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Commands;

/// <summary><c>headroom compact [--raw DAYS] [--five-minutes DAYS] [--hourly DAYS] [--daily DAYS]</c>: retention of every center, then a shorter file.</summary>
internal static class CompactCommand
{
    private const int MostDays = 36_500;

    public static Command Build(TextLookup text, CommandRunner runner)
    {
        Option<int> Days(string name, string description)
        {
            Option<int> option = new(name) { Description = text[description], HelpName = "DAYS" };
            option.MustLieWithin(1, MostDays, text["Compact.Range"]);
            return option;
        }

        var (raw, fiveMinutes, hourly, daily) = (Days("--raw", "Compact.Raw"), Days("--five-minutes", "Compact.FiveMinutes"), Days("--hourly", "Compact.Hourly"), Days("--daily", "Compact.Daily"));
        Command command = new("compact", text["Compact.Description"]) { raw, fiveMinutes, hourly, daily };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            int? Given(Option<int> option) => parsed.GetResult(option) is null ? null : parsed.GetValue(option);
            await using var store = await context.OpenToWriteAsync(cancellationToken);
            var library = new CenterLibrary(store);
            var catalog = await library.CatalogAsync(Instants.Never, cancellationToken);
            foreach (var center in await library.ListAsync(Instants.Never, cancellationToken))
            {
                await IngestCommand.AccountAsync(context, text, store, center, catalog, cancellationToken);
                var kept = center.Retention;
                var retention = new Retention(
                    Given(raw) ?? kept.RawDays, Given(fiveMinutes) ?? kept.FiveMinuteDays, Given(hourly) ?? kept.HourlyDays, Given(daily) ?? kept.DailyDays);
                var done = await store.CompactAsync(center.Id, RetentionCut.Of(retention, center, context.Clock.Now()), cancellationToken);
                context.Answer(
                    new
                    {
                        center = center.Id.Value,
                        raw_rows = done.RawRows,
                        raw_days = done.RawDays,
                        five_minute_days = done.FiveMinuteDays,
                        hourly_days = done.HourlyDays,
                        daily_days = done.DailyDays,
                        blocks_joined = done.BlocksJoined,
                        bytes_before = done.BytesBefore,
                        bytes_after = done.BytesAfter,
                    },
                    text["Compact.Done", center.Id, done.RawRows, done.RawDays, done.FiveMinuteDays, done.HourlyDays, done.DailyDays, done.BlocksJoined, done.BytesBefore, done.BytesAfter]);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
