using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Service.Composition;

namespace Headroom.Service.Endpoints;

/// <summary><c>/api/demand</c> and <c>/api/saturation</c>: the same answers as the commands of these names give for a center.</summary>
internal static class DemandEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/demand", DemandAsync)
            .WithSummary("Latent demand of a pool, in devices by hour")
            .WithDescription("answer: estimate, lower_bound or refused; a lower bound has no upper end.")
            .WithTags("Demand")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/api/saturation", SaturationAsync)
            .WithSummary("When a pool's demand outgrows its capacity")
            .WithDescription("status: saturated_since, distribution, not_within_horizon or not_identifiable.")
            .WithTags("Demand")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<DemandReply> DemandAsync(
        string? center, string? pool, CenterDesk desk, ServedStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (view, wanted, demand) = await AskAsync("/api/demand", center, pool, desk, store, clock, cancellationToken);
        var answer = LatentDemand.Of(await demand.ReadAsync(wanted, cancellationToken));
        var isBound = answer is not DemandAnswer.Estimate;
        return new(
            view.Center.Id.Value,
            wanted.Value,
            view.Facts.Simulated,
            DemandOutput.Machine(answer),
            [.. (answer.Hourly?.Observed ?? []).Select(hour => new DemandPoint(Instants.ToText(hour.Start), hour.Mean, hour.Low80, isBound ? null : hour.High80))]);
    }

    private static async Task<SaturationReply> SaturationAsync(
        string? center, string? pool, CenterDesk desk, ServedStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (view, wanted, demand) = await AskAsync("/api/saturation", center, pool, desk, store, clock, cancellationToken);
        var input = await demand.ReadAsync(wanted, cancellationToken);
        var answer = SaturationForecast.Of(new(LatentDemand.Of(input), input.Observed, view.Center.Clock()) { Capacity = demand.Capacity(wanted) });
        return new(view.Center.Id.Value, wanted.Value, view.Facts.Simulated, SaturationOutput.Machine(answer));
    }

    private static async Task<(CenterView View, PoolId Pool, CenterDemand Demand)> AskAsync(
        string path, string? center, string? pool, CenterDesk desk, ServedStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var view = await desk.ViewAsync(Questions.Center(center, path), cancellationToken);
        var pools = view.Center.Pools.Select(entry => entry.Id.Value).Concat(view.LastWhole.Select(hour => hour.Pool.Value)).Distinct().ToList();
        var wanted = pool is { Length: > 0 } ? pool : pools.FirstOrDefault() ?? "";
        if (!pools.Contains(wanted))
        {
            throw new UserException(UserMessage.Of(MessageCode.UsageError, "pool", wanted, string.Join(", ", pools)));
        }

        return (view, new(wanted), new(store, clock, view.Center, view.Catalog, Instants.Never));
    }
}

/// <param name="Answer">Its kind, method, reason, and what would help.</param>
internal sealed record DemandReply(string Center, string Pool, bool Simulated, object Answer, IReadOnlyList<DemandPoint> Hours);

/// <param name="Hour">Begin of the hour, ISO 8601.</param>
/// <param name="Demand">Unit: devices.</param>
/// <param name="High80">Null: nothing bounds it from above.</param>
internal sealed record DemandPoint(string Hour, double Demand, double Low80, double? High80);

internal sealed record SaturationReply(string Center, string Pool, bool Simulated, object Saturation);
