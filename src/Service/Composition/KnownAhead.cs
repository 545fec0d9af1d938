using System.Collections.Immutable;
using Headroom.Analytics.Forecasting.Events;
using Headroom.Domain.Centers;
using Headroom.Domain.Ledger;
using Headroom.Domain.Time;

namespace Headroom.Service.Composition;

/// <summary>What the center file and the ledger know of the time ahead and the history of served demand cannot: openings that let in what waits, tenants who arrive or leave.</summary>
internal static class KnownAhead
{
    /// <param name="pool">As it stood at the beginning of <paramref name="ahead"/>: what was decided or filed later is not in it.</param>
    /// <returns>In order of time. Amounts in devices.</returns>
    public static ImmutableArray<KnownEvent> Of(PoolDemand pool, Window ahead) =>
        [.. Openings(pool, ahead).Concat(Arrivals(pool, ahead)).Where(known => known.Amount > 0).Concat(Departures(pool, ahead)).OrderBy(known => known.AtMicros)];

    /// <summary>Committed phases at their likely day; each lets in what those before it left waiting.</summary>
    private static IEnumerable<KnownEvent> Openings(PoolDemand pool, Window ahead)
    {
        var waiting = Waiting(pool, ahead.From);
        var phases = pool.Capacity.Phases
            .Where(phase => phase.Status == PhaseStatus.Committed)
            .Select(phase => (At: pool.Clock.Day(phase.From.AddDays(phase.SlipDays.Likely)).From, phase.Devices))
            .Where(phase => ahead.Contains(phase.At))
            .OrderBy(phase => phase.At);
        foreach (var (at, devices) in phases)
        {
            var opening = KnownEvent.Opening(at, devices, waiting);
            waiting -= opening.Amount;
            yield return opening;
        }
    }

    /// <summary>Applications and contracts that begin; contracts count beyond what their tenant's jobs hold already.</summary>
    private static IEnumerable<KnownEvent> Arrivals(PoolDemand pool, Window ahead) =>
        from tenant in pool.Input.Applied.Tenants
        from request in tenant.Requests
        where ahead.Contains(request.Wanted.From)
        select new KnownEvent(KnownEvent.ArrivalName, request.Wanted.From, request.IsContract ? request.Devices - tenant.Jobs : request.Devices) { Probability = request.Probability };

    /// <summary>Contracts that end and are not followed.</summary>
    private static IEnumerable<KnownEvent> Departures(PoolDemand pool, Window ahead) =>
        from tenant in pool.Input.Applied.Tenants
        from departure in tenant.Departures
        where ahead.Contains(departure.At)
        select new KnownEvent(KnownEvent.DepartureName, departure.At, -departure.Devices) { Probability = departure.Probability };

    /// <summary>Devices that wait for a place: jobs of the log, else what was counted in the queue.</summary>
    private static double Waiting(PoolDemand pool, long now) =>
        pool.Ledger is { } ledger ? ledger.WaitingAt(now - 1).Where(span => span.Kind == DemandKind.JobWaits).Sum(span => (double)span.Devices)
        : pool.Input.Observed.IsEmpty ? 0 : pool.Input.Observed[^1].Queued ?? 0;
}
