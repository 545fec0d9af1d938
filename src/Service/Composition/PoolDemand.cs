using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Ledger;
using Headroom.Domain.Time;

namespace Headroom.Service.Composition;

/// <summary>One pool of a center: what its demand and saturation are made from.</summary>
/// <param name="Hours">Whole local days, oldest first.</param>
/// <param name="Requests">As they stood at the end of the last day.</param>
/// <param name="Ledger">Of the pool's jobs and requests, firm and filler; null: there are neither.</param>
internal sealed record PoolDemand(PoolId Pool, DemandInput Input, CapacityPlan Capacity, CenterClock Clock, IReadOnlyList<PoolHour> Hours, ImmutableArray<RequestFact> Requests, DemandLedger? Ledger)
{
    /// <summary>What the commands and the reports answer where nothing else is asked.</summary>
    public (DemandAnswer Demand, SaturationAnswer Saturation) Answer()
    {
        var demand = LatentDemand.Of(Input);
        return (demand, SaturationForecast.Of(Question(demand)));
    }

    /// <summary>Where the queue comes from.</summary>
    public QueueCauses Causes() => QueueCauses.Of(Input);

    public SaturationInput Question(DemandAnswer demand) => new(demand, Input.Observed, Clock) { Capacity = Capacity, Applied = Input.Applied, Packing = Causes().Packing, Seed = Input.Seed };
}
