using System.Text.Json;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Ledger;
using Headroom.Domain.Time;
using Headroom.Ingest.Identity;
using Headroom.Reports.Feeds;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Composition;

/// <summary>Finds out what a center's feeds were worth on one local day.</summary>
internal static class QualityReader
{
    /// <summary>Of a day that is over, or of what there is of one that runs.</summary>
    public static async Task<FeedsReport> ReadAsync(IStore store, CenterDefinition center, CardCatalog catalog, DateOnly day, long asOf, TimeProvider clock, CancellationToken cancellationToken)
    {
        var window = center.Clock().Day(day);
        var facts = await store.ReadFactsAsync(center.Id, asOf, cancellationToken);
        var received = await store.ReadReceivedAsync(center.Id, asOf, cancellationToken);
        var days = await new CardHourKeeper(store, clock).ReadAsync(new CenterDevices(center, facts), catalog, day, day.AddDays(1), asOf, cancellationToken);
        var withoutGauge = center.Pools.Where(pool => !pool.HasGauge).ToDictionary(pool => pool.Id);
        var gauged = days.Where(card => card.Hours.Any(hour => !withoutGauge.ContainsKey(hour.Pool))).ToList();
        var hosts = facts.Devices.ToDictionary(device => new DeviceId(device.Sighting.Id), device => device.Sighting.Host);
        return new(
            center.Id,
            center.Name,
            center.Zone,
            day,
            facts.Simulated,
            CoverageOf(gauged.SelectMany(card => card.Hours)),
            [.. received.Where(note => window.Contains(note.Recorded)).GroupBy(note => (note.Source, note.Format)).OrderBy(group => group.Key).Select(SourceOf)],
            [.. gauged.Select(card => new CardQuality(card.Device, hosts.GetValueOrDefault(card.Device), CoverageOf(card.Hours), (double)card.Hours.Sum(hour => hour.SilentZero) / Micros.PerHour, card.Hours.Sum(hour => hour.Samples)))],
            [
                .. facts.Devices
                    .Where(device => device.FirstSample < window.From && device.LastSample < window.Until - Micros.PerHour)
                    .OrderBy(device => device.Sighting.Id, StringComparer.Ordinal)
                    .Select(device => new QuietCard(new(device.Sighting.Id), device.Sighting.Host, device.LastSample)),
            ],
            [.. CardConflicts.Of(center, facts).Select(conflict => new OpenQuestion(JsonNamingPolicy.SnakeCaseLower.ConvertName(conflict.Kind.ToString()), conflict.Device, conflict.Other))],
            [.. (await TwiceAsync(store, facts, asOf, cancellationToken)).Where(set => set.Filings.Any(filing => filing.Center == center.Id))],
            [
                .. gauged.SelectMany(card => card.Hours).Select(hour => hour.Model).OfType<string>().Distinct(StringComparer.Ordinal)
                    .Where(model => catalog.Find(model)?.RatedPowerMilliwatts is null)
                    .Order(StringComparer.Ordinal),
            ],
            [
                .. days.Except(gauged).Where(card => card.Hours.Length > 0).GroupBy(card => card.Hours[0].Pool).OrderBy(pool => pool.Key.Value, StringComparer.Ordinal)
                    .Select(pool => (withoutGauge[pool.Key].Name, pool.Count())),
            ]);
    }

    // Others are asked for only where this one has requests.
    private static async Task<IReadOnlyList<FiledTwice>> TwiceAsync(IStore store, CenterFacts facts, long asOf, CancellationToken cancellationToken)
    {
        if (facts.Requests.IsEmpty)
        {
            return [];
        }

        var filings = new List<Filing>();
        foreach (var other in await new CenterLibrary(store).ListAsync(asOf, cancellationToken))
        {
            filings.AddRange((await store.ReadFactsAsync(other.Id, asOf, cancellationToken)).Requests.Select(request => new Filing(other.Id, request)));
        }

        return FiledRequests.Of(filings);
    }

    private static FeedQuality SourceOf(IGrouping<(string Source, string Format), ReceivedNote> notes) => new(
        notes.Key.Source,
        notes.Key.Format,
        notes.Sum(note => note.Received),
        notes.Sum(note => note.Accepted),
        notes.Sum(note => note.Duplicates),
        notes.Sum(note => note.Conflicts),
        notes.Sum(note => note.Late),
        notes.Min(note => note.Lag),
        notes.Max(note => note.Recorded),
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
