using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;

namespace Headroom.Service.Composition;

/// <summary>Demand and saturation for the API: made once for what is recorded of a center up to its last whole day, and given until more is.</summary>
/// <remarks>Records, documents, and card-hours that were computed anew make a new version; many who ask at once wait for one making.</remarks>
internal sealed class DemandDesk(ServedStore store, CenterDesk desk, TimeProvider clock)
{
    private const int MostKept = 200;

    private readonly Fresh<(CenterId Center, PoolId Pool), DemandReading> _answers = new(clock, MostKept);

    /// <param name="pool">Null: the first of the center.</param>
    /// <exception cref="UserException">There is no such center or pool.</exception>
    public async Task<DemandReading> AskAsync(string center, string? pool, CancellationToken cancellationToken)
    {
        var view = await desk.ViewAsync(center, cancellationToken);
        var pools = view.Center.Pools.Select(entry => entry.Id.Value).Concat(view.LastWhole.Select(hour => hour.Pool.Value))
            .Concat(view.Facts.Counts.Select(count => (count.Pool ?? view.Center.FallbackPool).Value)).Distinct().ToList();
        var wanted = pool is { Length: > 0 } ? pool : pools.FirstOrDefault() ?? "";
        if (!pools.Contains(wanted))
        {
            throw new UserException(UserMessage.Of(MessageCode.UsageError, "pool", wanted, string.Join(", ", pools)));
        }

        // The versions are read before the data: what comes in between is asked for again.
        var id = view.Center.Id;
        return await _answers.GetAsync(
            (id, new(wanted)),
            (store.FactsVersion(id), store.DaysVersion(id), view.LastWholeDay),
            pulse: 0,
            TimeSpan.Zero,
            token => MakeAsync(view.Center.Id.Value, new(wanted), token),
            cancellationToken);
    }

    private async Task<DemandReading> MakeAsync(string center, PoolId pool, CancellationToken cancellationToken)
    {
        var view = await desk.ViewAsync(center, cancellationToken);
        if (view.LastWholeDay is not { } last)
        {
            return new(view, pool, Refused(view));
        }

        var hours = await desk.HoursAsync(view, CenterDemand.FirstDay(view.Facts, view.Clock, last), last.AddDays(1), cancellationToken);
        var demand = CenterDemand.Of(view.Devices, view.Catalog, hours, view.Clock.Day(last).Until);
        return new(view, pool, demand.Pools.FirstOrDefault(entry => entry.Pool == pool) is { } found ? found.Answer() : Refused(view)) { Causes = demand.Pools.FirstOrDefault(entry => entry.Pool == pool)?.Causes() ?? QueueCauses.None };
    }

    private static (DemandAnswer, SaturationAnswer) Refused(CenterView view)
    {
        var demand = LatentDemand.Of(new([], null, view.Now));
        return (demand, SaturationForecast.Of(new(demand, [], view.Clock)));
    }
}

/// <summary>What is known of one pool.</summary>
internal sealed record DemandReading(CenterView View, PoolId Pool, (DemandAnswer Demand, SaturationAnswer Saturation) Answer)
{
    public QueueCauses Causes { get; init; } = QueueCauses.None;
}
