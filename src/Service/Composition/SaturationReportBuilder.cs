using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Ledger;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Saturation;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Composition;

/// <summary>Gathers everything a saturation report is made of.</summary>
internal sealed class SaturationReportBuilder(IStore store, TimeProvider clock)
{
    /// <summary>How far back demand is looked at. Unit: days.</summary>
    private const int HistoryDays = 400;

    /// <param name="day">The last local day that counts; it must be over.</param>
    /// <exception cref="UserException">The day is not over, or nothing was installed on it.</exception>
    public async Task<SaturationReportInput> BuildAsync(CenterDefinition center, CardCatalog catalog, DateOnly day, long asOf, CancellationToken cancellationToken)
    {
        var (centerClock, now) = (center.Clock(), Math.Min(asOf, clock.Now()));
        var until = centerClock.Day(day).Until;
        if (until > now)
        {
            throw new UserException(UserMessage.Of(MessageCode.DayNotBegun, center.Id.ToString(), Dates(day), Dates(centerClock.DayOf(now))));
        }

        var facts = await store.ReadFactsAsync(center.Id, asOf, cancellationToken);
        var first = FirstDay(facts, centerClock, day);
        var hours = await new CardHourKeeper(store, clock).ReadPoolHoursAsync(center, catalog, PoolRatings.Of(center, catalog), first, day.AddDays(1), asOf, cancellationToken);
        if (hours.Count == 0)
        {
            throw new UserException(UserMessage.Of(MessageCode.NothingInstalled, center.Id.ToString(), Dates(day)));
        }

        var knowsJobs = facts.Coverage.Any(coverage => coverage.Feed == FeedCoverage.Jobs);
        var desk = new DemandDesk(knowsJobs ? facts.Jobs : null, facts.Requests, center.FallbackPool, until);
        var ledger = knowsJobs || facts.Requests.Length > 0 ? DemandLedger.Of(facts.Jobs.Select(job => DemandDesk.KnownBy(job, until)), facts.Requests, center.FallbackPool) : null;
        var plans = new CenterDemand(store, clock, center, catalog, asOf);
        var pools = hours
            .GroupBy(hour => hour.Pool)
            .OrderBy(group => Place(center, group.Key))
            .ThenBy(group => group.Key.Value, StringComparer.Ordinal)
            .Select(group => OfPool(center, plans.Capacity(group.Key), group.Key, [.. group], day, desk.Ask(group.Key, [.. group]), ledger));
        return new(center, day, new(centerClock.Day(first).From, until), asOf, facts.Simulated, [.. pools]);
    }

    private static PoolSaturation OfPool(
        CenterDefinition center, CapacityPlan plan, PoolId pool, ImmutableArray<PoolHour> hours, DateOnly day, DemandAnswer demand, DemandLedger? ledger)
    {
        var centerClock = center.Clock();
        var window = centerClock.Day(day);
        var lines = ledger?.Hours(window).Where(hour => hour.Account.Pool == pool && !hour.Account.Preemptible).ToList();
        var waiting = ledger?.WaitingAt(window.Until - 1).FirstOrDefault(span => span.Pool == pool && !span.Preemptible);
        return new(
            pool,
            demand,
            SaturationForecast.Of(new(demand, DemandDesk.Observed(hours), centerClock) { Capacity = plan }),
            CapacityOf(plan, centerClock, hours, day),
            lines?.Aggregate(default(LedgerAmounts), (sum, hour) => sum + hour.Amounts),
            waiting?.Since);
    }

    private static PoolCapacity CapacityOf(CapacityPlan plan, CenterClock centerClock, ImmutableArray<PoolHour> hours, DateOnly day)
    {
        var days = hours
            .GroupBy(hour => centerClock.DayOf(hour.HourStart))
            .OrderBy(group => group.Key)
            .Select(group => new CapacityDay(group.Key, group.Average(hour => (double)hour.Devices.Available / Micros.PerHour)))
            .ToList();
        var ahead = plan.Phases
            .Where(phase => phase.Status == PhaseStatus.Committed && phase.From > day)
            .Select(phase => phase with { From = phase.From.AddDays(phase.SlipDays.Likely) })
            .OrderBy(phase => phase.From);
        foreach (var phase in ahead)
        {
            days.Add(new(phase.From, days[^1].Devices + phase.Devices));
        }

        var last = hours.Where(hour => centerClock.DayOf(hour.HourStart) == day).ToList();
        var devices = last.Aggregate(Int128.Zero, (sum, hour) => sum + hour.Devices.Installed);
        var rated = last.Count > 0 && devices > 0 && last.All(hour => hour.Rated is not null) ? last.Aggregate(Int128.Zero, (sum, hour) => sum + hour.Rated!.Installed) : (Int128?)null;
        return new(
            (double)devices / centerClock.Day(day).Length.Value,
            rated is { } mflops ? (double)mflops / (double)devices / 1e9 : null,
            [.. days]);
    }

    private static DateOnly FirstDay(CenterFacts facts, CenterClock centerClock, DateOnly day)
    {
        // A log of what ended, or was open, since some day does not tell who ran before it: from the first end on it is whole.
        var start = facts.Jobs.Length > 0 ? facts.Jobs.Min(job => job.Ended ?? Instants.Never) : facts.Telemetry.From;
        var first = start == Instants.Never || (facts.Jobs.IsEmpty && facts.Telemetry.IsEmpty) ? day : centerClock.DayOf(start);
        var earliest = day.AddDays(-HistoryDays);
        return first > day ? day : first < earliest ? earliest : first;
    }

    private static int Place(CenterDefinition center, PoolId pool)
    {
        var place = center.Pools.IndexOf(center.Pools.FirstOrDefault(p => p.Id == pool)!);
        return place < 0 ? int.MaxValue : place;
    }

    private static string Dates(DateOnly day) => Headroom.Reports.Language.Dates.Iso(day);
}
