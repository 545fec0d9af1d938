using Headroom.Domain.Accounting;
using Headroom.Domain.Time;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Composition;

/// <param name="ResidualMicros">Sum over card-days of |cells - installed| and |tenants - allocated|. 0, or something is wrong.</param>
internal sealed record IdentityResult(long CardDays, int Centers, long ResidualMicros);

/// <summary>Does every stored card-day add up to the installed time of the inventory?</summary>
internal sealed class IdentityCheck(IStore store, CenterLibrary library)
{
    private const int DaysAtOnce = 7;

    public async Task<IdentityResult> RunAsync(long asOf, CancellationToken cancellationToken)
    {
        var (cardDays, residual) = (0L, 0L);
        var centers = await library.ListAsync(asOf, cancellationToken);
        foreach (var center in centers)
        {
            var clock = center.Clock();
            var facts = await store.ReadFactsAsync(center.Id, asOf, cancellationToken);
            var histories = CardHourKeeper.HistoriesOf(center, facts).ToDictionary(history => history.Device);
            if (facts.Telemetry.IsEmpty && facts.Coverage.IsEmpty)
            {
                continue;
            }

            var spans = facts.Coverage.Select(c => c.Valid).Concat(facts.Telemetry.IsEmpty ? [] : [facts.Telemetry]).ToList();
            var last = clock.DayOf(spans.Max(span => span.Until - 1));
            for (var day = clock.DayOf(spans.Min(span => span.From)); day <= last; day = day.AddDays(DaysAtOnce))
            {
                foreach (var cardDay in await store.ReadCardDaysAsync(center.Id, day, day.AddDays(DaysAtOnce), asOf, cancellationToken))
                {
                    cardDays++;
                    residual += Residual(cardDay, histories.GetValueOrDefault(cardDay.Device), clock.Day(cardDay.Day));
                }
            }
        }

        return new(cardDays, centers.Count, residual);
    }

    private static long Residual(CardDay day, DeviceHistory? history, Window window)
    {
        var installed = history?.Placements.Sum(placement => placement.Valid.Within(window).Length.Value) ?? 0;
        return Math.Abs(day.Hours.Sum(hour => hour.Cells.Installed) - installed)
            + day.Hours.Sum(hour => Math.Abs(hour.Tenants.Sum(tenant => tenant.Allocated) - hour.Cells.Allocated));
    }
}
