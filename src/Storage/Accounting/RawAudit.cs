using System.Globalization;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Storage.Accounting;

/// <summary>A center's rules as one version of its documents has them.</summary>
public sealed record AccountingVersion(CenterDefinition Center, CardCatalog Catalog);

/// <param name="Compared">Card-days computed again from raw samples.</param>
/// <param name="Stale">Card-days that were not compared: facts came since they were computed, or their samples were removed.</param>
public sealed record AuditResult(long Compared, long Stale, IReadOnlyList<StoreFault> Faults);

/// <summary>Stored card-hours against the raw samples they are made of, where those are still kept. Engine-neutral.</summary>
public sealed class RawAudit(IStore store, TimeProvider clock)
{
    /// <param name="versions">The rules that may have held when card-hours were computed, newest first; not empty.</param>
    public async Task<AuditResult> RunAsync(IReadOnlyList<AccountingVersion> versions, CancellationToken cancellationToken)
    {
        var center = versions[0].Center;
        var facts = await store.ReadFactsAsync(center.Id, Instants.Never, cancellationToken).ConfigureAwait(false);
        var spans = facts.Coverage.Where(c => c.Feed != FeedCoverage.Contracts).Select(c => c.Valid).Concat(facts.Telemetry.IsEmpty ? [] : [facts.Telemetry]).ToList();
        if (spans.Count == 0)
        {
            return new(0, 0, []);
        }

        var (centerClock, dirty) = (center.Clock(), await store.ReadDirtyAsync(center.Id, cancellationToken).ConfigureAwait(false));
        var lapses = await store.ReadLapsesAsync(center.Id, Instants.Never, cancellationToken).ConfigureAwait(false);
        var (compared, stale, faults) = (0L, 0L, new List<StoreFault>());
        foreach (var day in centerClock.Days(new Window(spans.Min(span => span.From), Math.Min(spans.Max(span => span.Until), clock.Now()))))
        {
            var stored = (await store.ReadCardDaysAsync(center.Id, day, day.AddDays(1), Instants.Never, cancellationToken).ConfigureAwait(false)).ToDictionary(entry => entry.Device);
            var window = centerClock.Day(day);
            var dirtyHere = dirty.Where(span => span.Window.Overlaps(window)).ToList();
            if (lapses.IsRawGone(window, center.PeriodMicros) || dirtyHere.Exists(span => span.Device is null))
            {
                stale += stored.Count;
                continue;
            }

            stale += dirtyHere.Count(span => stored.Remove(span.Device!.Value));
            compared += stored.Count;
            foreach (var version in versions)
            {
                if (stored.Count > 0)
                {
                    await RemoveEqualAsync(stored, version, facts, day, cancellationToken).ConfigureAwait(false);
                }
            }

            faults.AddRange(stored.Keys.OrderBy(device => device.Value, StringComparer.Ordinal).Select(device => new StoreFault(
                string.Create(CultureInfo.InvariantCulture, $"{center.Id}/{device} {day:yyyy-MM-dd}"),
                FaultKind.Recount,
                "card-hours are not those of the samples and facts")));
        }

        return new(compared, stale, faults);
    }

    private async Task RemoveEqualAsync(Dictionary<DeviceId, CardDay> stored, AccountingVersion version, CenterFacts facts, DateOnly day, CancellationToken cancellationToken)
    {
        var (center, centerClock) = (version.Center, version.Center.Clock());
        var (rules, context, window) = (CardHourKeeper.RulesOf(center, version.Catalog), CardDayAccountant.ContextMicros(center.PeriodMicros), centerClock.Day(day));
        var histories = CardHourKeeper.HistoriesOf(center, facts).ToDictionary(history => history.Device);
        var unread = stored.Keys.ToHashSet();
        void Compare(DeviceId device, DeviceSamples samples)
        {
            if (unread.Remove(device)
                && histories.TryGetValue(device, out var history)
                && CardDayAccountant.Account(history, samples, rules, centerClock, day, clock.Now()).Hours.SequenceEqual(stored[device].Hours))
            {
                stored.Remove(device);
            }
        }

        await store.ReadUseAsync(center.Id, new(window.From - context, window.Until + context), withPower: true, Compare, cancellationToken).ConfigureAwait(false);
        foreach (var device in unread.ToList())
        {
            Compare(device, DeviceSamples.None);
        }
    }
}
