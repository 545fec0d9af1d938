using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Identity;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Composition;

/// <summary>What one source delivered in one local day of receiving.</summary>
internal sealed record FeedQuality(
    string Source, string Format, long Received, long Accepted, long Duplicates, long Conflicts, ImmutableArray<(RejectReason Reason, long Count)> Rejected);

/// <summary>How much of one card's day is known.</summary>
/// <param name="Coverage">Known use over available time, 0 to 1; null: the card was not available.</param>
/// <param name="SilentZeroHours">Unknown because the gauge read 0 at high power. Unit: hours.</param>
internal sealed record CardQuality(DeviceId Device, string? Host, double? Coverage, double SilentZeroHours, int Samples);

/// <summary>A card that had samples before the day, and none in its last hour.</summary>
/// <param name="LastSample">Unit: microseconds since the Unix epoch.</param>
internal sealed record QuietCard(DeviceId Device, string? Host, long LastSample);

/// <summary>What a center's feeds were worth on one local day.</summary>
/// <param name="Coverage">Of all cards together; null: none was available.</param>
/// <param name="Unchecked">Models without a rated power: their silent zeros cannot be found.</param>
internal sealed record QualityReport(
    CenterId Center,
    DateOnly Day,
    double? Coverage,
    ImmutableArray<FeedQuality> Sources,
    ImmutableArray<CardQuality> Cards,
    ImmutableArray<QuietCard> Quiet,
    ImmutableArray<CardConflict> Conflicts,
    ImmutableArray<string> Unchecked)
{
    /// <summary>Of a day that is over, or of what there is of one that runs.</summary>
    public static async Task<QualityReport> ReadAsync(IStore store, CenterDefinition center, CardCatalog catalog, DateOnly day, long asOf, TimeProvider clock, CancellationToken cancellationToken)
    {
        var window = center.Clock().Day(day);
        var facts = await store.ReadFactsAsync(center.Id, asOf, cancellationToken);
        var received = await store.ReadReceivedAsync(center.Id, asOf, cancellationToken);
        var days = await new CardHourKeeper(store, clock).ReadAsync(new CenterDevices(center, facts), catalog, day, day.AddDays(1), asOf, cancellationToken);
        var hosts = facts.Devices.ToDictionary(device => new DeviceId(device.Sighting.Id), device => device.Sighting.Host);
        return new(
            center.Id,
            day,
            CoverageOf(days.SelectMany(card => card.Hours)),
            [.. received.Where(note => window.Contains(note.Recorded)).GroupBy(note => (note.Source, note.Format)).OrderBy(group => group.Key).Select(SourceOf)],
            [.. days.Select(card => new CardQuality(card.Device, hosts.GetValueOrDefault(card.Device), CoverageOf(card.Hours), (double)card.Hours.Sum(hour => hour.SilentZero) / Micros.PerHour, card.Hours.Sum(hour => hour.Samples)))],
            [
                .. facts.Devices
                    .Where(device => device.FirstSample < window.From && device.LastSample < window.Until - Micros.PerHour)
                    .OrderBy(device => device.Sighting.Id, StringComparer.Ordinal)
                    .Select(device => new QuietCard(new(device.Sighting.Id), device.Sighting.Host, device.LastSample)),
            ],
            CardConflicts.Of(facts),
            [
                .. days.SelectMany(card => card.Hours).Select(hour => hour.Model).OfType<string>().Distinct(StringComparer.Ordinal)
                    .Where(model => catalog.Find(model)?.RatedPowerMilliwatts is null)
                    .Order(StringComparer.Ordinal),
            ]);
    }

    private static FeedQuality SourceOf(IGrouping<(string Source, string Format), ReceivedNote> notes) => new(
        notes.Key.Source,
        notes.Key.Format,
        notes.Sum(note => note.Received),
        notes.Sum(note => note.Accepted),
        notes.Sum(note => note.Duplicates),
        notes.Sum(note => note.Conflicts),
        [.. notes.SelectMany(note => note.Rejected).GroupBy(pair => pair.Reason).OrderBy(group => group.Key).Select(group => (group.Key, group.Sum(pair => pair.Count)))]);

    private static double? CoverageOf(IEnumerable<CardHour> hours)
    {
        var (available, unknown) = (0L, 0L);
        foreach (var hour in hours)
        {
            available += hour.Cells.Available;
            unknown += hour.Cells.UseUnknown;
        }

        return available == 0 ? null : (double)(available - unknown) / available;
    }
}
