using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;

namespace Headroom.Service.Composition;

/// <summary>Demand and saturation for the API: those of the saturation report up to the last whole day.</summary>
internal sealed class DemandDesk(CenterDesk desk, SaturationPages saturations)
{
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

        if (view.LastWholeDay is not { } last)
        {
            return Refused(view, new(wanted));
        }

        try
        {
            var input = await saturations.InputAsync(center, last, cancellationToken);
            return input.Pools.FirstOrDefault(entry => entry.Pool.Value == wanted) is { } found
                ? new(view, found.Pool, DemandFindings.Of(found, input), found.Saturation)
                : Refused(view, new(wanted));
        }
        catch (UserException problem) when (problem.Messages[0].Code == MessageCode.NothingInstalled)
        {
            return Refused(view, new(wanted));
        }
    }

    private static DemandReading Refused(CenterView view, PoolId pool)
    {
        var input = new DemandInput([], null, view.Now);
        var demand = DemandFindings.Of(input, view.Clock);
        return new(view, pool, demand, SaturationForecast.Of(new(demand.Answer, [], view.Clock)));
    }
}

/// <summary>What is known of one pool.</summary>
internal sealed record DemandReading(CenterView View, PoolId Pool, DemandFindings Demand, SaturationAnswer Saturation);
