using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Reports.Audits;
using Headroom.Reports.Daily;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Composition;

/// <summary>Gathers what audits of published sentences are made of.</summary>
internal sealed class AuditDesk(IStore store, TimeProvider clock)
{
    /// <summary>Under every definition the sentence may mean.</summary>
    /// <param name="to">The last local day, included; days that are not over do not count.</param>
    public async Task<ClaimAudit> AuditAsync(
        CenterDevices devices, CardCatalog catalog, ClaimTerm term, DateOnly from, DateOnly to, long asOf, PublishedClaim? claim, CancellationToken cancellationToken)
    {
        var (center, centerClock) = (devices.Center, devices.Center.Clock());
        var today = centerClock.DayOf(Math.Min(asOf, clock.Now()));
        var until = to < today ? to.AddDays(1) : today;
        var rating = PoolRatings.Of(center, catalog);
        var hours = from >= until ? [] : await new CardHourKeeper(store, clock).ReadPoolHoursAsync(devices, catalog, rating, from, until, asOf, cancellationToken);
        var steps = from >= until ? [] : await store.ReadRollUpsAsync(center.Id, RollUpScope.Pool, RollUpGrain.FiveMinutes, from, until, asOf, cancellationToken);
        var contracts = new Dictionary<DateOnly, ImmutableArray<PoolAllocation>>();
        if (devices.Histories.Any(history => !history.ContractKnown.IsEmpty))
        {
            for (var day = from; day < until; day = day.AddDays(1))
            {
                contracts[day] = AllocationAxes.Of(devices.Histories, centerClock.Day(day), rating);
            }
        }

        return ClaimAuditor.Audit(new(center, catalog, term, from, to, asOf, hours, [.. steps.SelectMany(day => day.RollUps)], contracts) { Claim = claim });
    }

    /// <summary>Those of the center file that name a threshold and a period, newest first.</summary>
    public async Task<ImmutableArray<ClaimAudit>> PublishedAsync(CenterDevices devices, CardCatalog catalog, long asOf, CancellationToken cancellationToken)
    {
        var audits = ImmutableArray.CreateBuilder<ClaimAudit>();
        foreach (var claim in devices.Center.Claims.OrderByDescending(claim => claim.Date))
        {
            if (claim.Metric is { } metric && ClaimTerm.Parse(metric) is { } term && claim.From is { } from)
            {
                audits.Add(await AuditAsync(devices, catalog, term, from, claim.To ?? claim.Date, asOf, claim, cancellationToken));
            }
        }

        return audits.DrainToImmutable();
    }
}
