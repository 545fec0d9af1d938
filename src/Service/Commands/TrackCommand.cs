using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text;
using Headroom.Analytics.Forecasting.Tracking;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Reports.Language;
using Headroom.Service.Composition;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Commands;

/// <summary><c>headroom track [--center ID]</c>: issued forecasts scored against what came.</summary>
internal static class TrackCommand
{
    public static Command Build(TextLookup text, CommandRunner runner)
    {
        Option<string?> center = new("--center") { Description = text["Track.Center"], HelpName = "ID" };
        Command command = new("track", text["Track.Description"]) { center };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var (store, mayKeep) = await ReportCommand.OpenAsync(context, cancellationToken);
            await using (store)
            {
                var library = new CenterLibrary(store);
                var catalog = await library.CatalogAsync(context.AsOf, cancellationToken);
                foreach (var definition in await CentersAsync(library, parsed.GetValue(center), context, cancellationToken))
                {
                    var reading = await ReadAsync(store, definition, catalog, context, mayKeep, cancellationToken);
                    context.Answer(Machine(definition, reading), Lines(definition, reading, text));
                }
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The answer for machines, of the command and of the API.</summary>
    internal static object Machine(CenterDefinition center, TrackReading reading) => new
    {
        center = center.Id.Value,
        open = reading.Open,
        series = reading.Series.Select(series => new
        {
            pool = series.Pool.Value,
            metric = series.Metric.ToString(),
            from = Instants.ToText(series.Issued.From),
            until = Instants.ToText(series.Issued.Until),
            forecasts = series.Forecasts,
            made_afterwards = series.MadeAfterwards,
            lost = series.Lost,
            models = series.Rows.Select(row => new
            {
                model = row.Model,
                forecasts = row.Forecasts,
                all = Machine(row.All),
                days = row.Spans.Select((figures, day) => new { day = day + 1, figures = Machine(figures) }),
            }),
        }),
    };

    private static object Machine(TrackFigures figures) => new
    {
        known_hours = figures.Known,
        mase = figures.Mase,
        bias = figures.Bias,
        pinball = figures.Pinball,
        held = figures.Held.Select(held => new { level = Math.Round(held.Level * 100), share = held.Share }),
    };

    private static async Task<ImmutableArray<CenterDefinition>> CentersAsync(CenterLibrary library, string? asked, CommandContext context, CancellationToken cancellationToken) =>
        asked is null
            ? [.. await library.ListAsync(context.AsOf, cancellationToken)]
            : [await library.FindAsync(new(asked), context.AsOf, cancellationToken) ?? throw await library.UnknownAsync(asked, "--center", cancellationToken)];

    private static async Task<TrackReading> ReadAsync(
        IStore store, CenterDefinition center, CardCatalog catalog, CommandContext context, bool mayKeep, CancellationToken cancellationToken)
    {
        var keeper = new CardHourKeeper(store, context.Clock);
        if (mayKeep)
        {
            await keeper.UpdateAsync(center, catalog, progress: null, cancellationToken);
        }

        var devices = new CenterDevices(center, await store.ReadFactsAsync(center.Id, context.AsOf, cancellationToken));
        var rating = Headroom.Reports.Daily.PoolRatings.Of(center, catalog);
        return await new TrackDesk(store, center, context.AsOf).ReadAsync(
            (from, until) => keeper.ReadPoolHoursAsync(devices, catalog, rating, from, until, context.AsOf, cancellationToken),
            Math.Min(context.AsOf, context.Clock.Now()),
            mayKeep,
            cancellationToken);
    }

    private static string Lines(CenterDefinition center, TrackReading reading, TextLookup text)
    {
        var lines = new StringBuilder().Append(text["Track.Headline", center.Id, reading.Series.Sum(series => series.Forecasts), reading.Open]);
        foreach (var series in reading.Series)
        {
            lines.Append('\n').Append(text["Track.Series", series.Pool, series.Metric, series.Forecasts, Day(series.Issued.From), Day(series.Issued.Until), series.MadeAfterwards]);
            foreach (var row in series.Rows)
            {
                lines.Append('\n').Append(text["Track.Row",
                    ForecastReason.NameOf(text, row.Model), Number(row.All.Mase), Number(row.Spans[0].Mase), Number(row.Spans[^1].Mase), Number(row.All.Bias), Number(row.All.Pinball), Held(row.All)]);
            }

            if (!series.Lost.IsEmpty)
            {
                lines.Append('\n').Append(text["Track.Lost", string.Join(text.Name == Texts.Chinese ? "、" : ", ", series.Lost.Select(model => ForecastReason.NameOf(text, model)))]);
            }
        }

        return lines.ToString();
    }

    private static string Day(long instant) => Instants.ToText(instant)[..10];

    internal static string Number(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-";

    internal static string Held(TrackFigures figures) =>
        figures.Held.IsEmpty ? "-" : string.Join(", ", figures.Held.Select(held => string.Create(CultureInfo.InvariantCulture, $"{held.Level * 100:0} %: {held.Share * 100:0.0} %")));
}
