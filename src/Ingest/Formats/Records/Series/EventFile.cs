using System.Collections.Immutable;
using System.Globalization;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Records.Series;

/// <summary>One row of an event file: what will move a series, as far as it is known.</summary>
/// <param name="Series">Null: every series.</param>
/// <param name="At">Unit: microseconds since the Unix epoch.</param>
/// <param name="Amount">What it adds once it is in full swing, in the unit of the series; below zero for what leaves.</param>
/// <param name="Probability">0 to 1; null: certain.</param>
/// <param name="RampSteps">Steps until 95 % of the amount is there, 1 or more; null: the usual.</param>
/// <param name="Uncertainty">Standard deviation of the amount as a share of it, 0 or more; null: the usual.</param>
public sealed record DatedEvent(string? Series, string What, long At, double Amount, double? Probability, int? RampSteps, double? Uncertainty);

/// <summary>The event CSV: <c>at,amount[,series_id,what,probability,ramp_steps,uncertainty]</c>: openings, committed dates, arrivals and departures.</summary>
public static class EventFile
{
    /// <param name="path">Plain or <c>.gz</c>.</param>
    /// <exception cref="UserException">Missing, unreadable, without one of the columns, or with a row that cannot be taken: an event that is left out silently would change every forecast.</exception>
    public static ImmutableArray<DatedEvent> Read(string path)
    {
        using var content = TextFile.Open(path);
        using var table = new Table(content, path, ["at", "amount"], ["series_id", "what", "probability", "ramp_steps", "uncertainty"]);
        var events = ImmutableArray.CreateBuilder<DatedEvent>();
        while (table.Read())
        {
            events.Add(Row(table) ?? throw new UserException(UserMessage.Of(MessageCode.SeriesRow, table.Place, table.Raw.Trim())));
        }

        return events.DrainToImmutable();
    }

    private static DatedEvent? Row(Table table)
    {
        var (probability, ramp, uncertainty) = (table.Cell("probability"), table.Cell("ramp_steps"), table.Cell("uncertainty"));
        return SeriesFile.Instant(table.Cell("at")) is { } at
            && Number(table.Cell("amount")) is { } amount
            && (probability is null || Number(probability) is >= 0 and <= 1)
            && (ramp is null || Number(ramp) is >= 1 and <= 1_000_000)
            && (uncertainty is null || Number(uncertainty) is >= 0)
                ? new(table.Cell("series_id"), table.Cell("what") ?? "event", at, amount, Number(probability), (int?)Number(ramp), Number(uncertainty))
                : null;
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
