using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Ledger;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Reports.Language;
using Headroom.Reports.Saturation;
using Headroom.Storage;

namespace Headroom.Service.Composition;

/// <summary>Gathers everything a saturation report is made of.</summary>
internal sealed class SaturationReportBuilder(IStore store, TimeProvider clock)
{
    /// <param name="day">The last local day that counts; it must be over.</param>
    /// <exception cref="UserException">The day is not over, or nothing was installed on it.</exception>
    public async Task<SaturationReportInput> BuildAsync(CenterDefinition center, CardCatalog catalog, DateOnly day, long asOf, CancellationToken cancellationToken)
    {
        var demand = await CenterDemand.ReadAsync(store, clock, center, catalog, day, asOf, cancellationToken);
        return demand.Pools.IsEmpty
            ? throw new UserException(UserMessage.Of(MessageCode.NothingInstalled, center.Id.ToString(), Dates.Iso(day)))
            : new(center, day, demand.Observed, asOf, demand.Facts.Simulated, [.. demand.Pools.Select(pool => OfPool(center, pool, day))]);
    }

    /// <summary>Adds where demand of a young center grows to, by what other centers did. Pools that are not young stay as they are.</summary>
    public async Task<SaturationReportInput> WithGrowthAsync(SaturationReportInput input, CardCatalog catalog, CancellationToken cancellationToken)
    {
        var young = input.Pools.Select(pool => (Pool: pool, Months: CenterGrowth.Months(pool, input.Center.Clock()))).ToList();
        if (young.TrueForAll(entry => entry.Months.Count == 0))
        {
            return input;
        }

        var prior = RampPrior.Of(await CenterGrowth.SistersAsync(store, clock, input.Center, catalog, input.AsOf, cancellationToken));
        return input with { Pools = [.. young.Select(entry => entry.Months.Count == 0 ? entry.Pool : entry.Pool with { Ramp = CenterRamp.Of(entry.Months, prior, ahead: 12, seed: 1) })] };
    }

    private static PoolSaturation OfPool(CenterDefinition center, PoolDemand pool, DateOnly day)
    {
        var window = pool.Clock.Day(day);
        var lines = pool.Ledger?.Hours(window).Where(hour => !hour.Account.Preemptible).ToList();
        var waiting = pool.Ledger?.WaitingAt(window.Until - 1).FirstOrDefault(span => !span.Preemptible);
        var (demand, saturation) = pool.Answer();
        return new(
            pool.Pool,
            demand,
            saturation,
            CapacityOf(pool, day),
            lines?.Aggregate(default(LedgerAmounts), (sum, hour) => sum + hour.Amounts),
            waiting?.Since)
        {
            Backlog = Backlog.Of(pool.Input),
            Causes = pool.Causes(),
            Observed = DemandFindings.MeanOf(pool.Input.Observed),
            Retries = RetryEffect.Of(pool.Input),
            Parts = DemandPartsOf.Pool(center, pool, day),
            Lost = [.. pool.Requests.Where(request => IsLost(request, window.Until)).Select(request => Note(center, pool, request, request.Decided ?? request.Submitted))],
            Open = [.. pool.Requests.Where(request => request.State == RequestState.Pending).Select(request => Note(center, pool, request, request.Wanted.From))],
        };
    }

    private static bool IsLost(RequestFact request, long now) =>
        request.State is RequestState.Rejected or RequestState.Withdrawn && request.Wanted.Until > now && LackOfCapacity.Is(request.Reason);

    private static RequestNote Note(CenterDefinition center, PoolDemand pool, RequestFact request, long day) => new(
        request.RequestId,
        center.Tenants.FirstOrDefault(tenant => tenant.Id == request.Tenant)?.Name ?? new(request.Tenant.Value, request.Tenant.Value),
        request.Devices,
        pool.Clock.DayOf(day),
        request.State == RequestState.Pending ? request.Probability ?? AppliedRequests.Granted(pool.Requests) : null,
        IsGiven: request.Probability is not null,
        request.State == RequestState.Pending ? null : request.Reason);

    private static PoolCapacity CapacityOf(PoolDemand pool, DateOnly day)
    {
        var (plan, centerClock, hours) = (pool.Capacity, pool.Clock, pool.Hours);
        var installed = hours.Count > 0 ? hours.Select(hour => (hour.HourStart, Devices: (double)hour.Devices.Available / Micros.PerHour)) : pool.Input.Observed.Select(hour => (hour.Start, Devices: hour.Installed));
        var days = installed
            .GroupBy(hour => centerClock.DayOf(hour.Item1))
            .OrderBy(group => group.Key)
            .Select(group => new CapacityDay(group.Key, group.Average(hour => hour.Devices)))
            .ToList();
        var ahead = plan.Phases
            .Where(phase => phase.Status == PhaseStatus.Committed && phase.From > day)
            .Select(phase => phase with { From = phase.From.AddDays(phase.SlipDays.Likely) })
            .OrderBy(phase => phase.From);
        foreach (var phase in ahead)
        {
            days.Add(new(phase.From, (days.Count > 0 ? days[^1].Devices : 0) + phase.Devices));
        }

        var last = hours.Where(hour => centerClock.DayOf(hour.HourStart) == day).ToList();
        var devices = last.Aggregate(Int128.Zero, (sum, hour) => sum + hour.Devices.Installed);
        var rated = last.Count > 0 && devices > 0 && last.All(hour => hour.Rated is not null) ? last.Aggregate(Int128.Zero, (sum, hour) => sum + hour.Rated!.Installed) : (Int128?)null;
        return new(
            hours.Count > 0 ? (double)devices / centerClock.Day(day).Length.Value : days.LastOrDefault(step => step.Day <= day).Devices,
            rated is { } mflops ? (double)mflops / (double)devices / 1e9 : null,
            [.. days]);
    }
}
