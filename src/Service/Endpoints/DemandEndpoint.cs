using Headroom.Analytics.Demand;
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
            .WithDescription("answer: estimate, lower_bound or refused; a lower bound has no upper end. required: the devices that serve demand and clear the backlog in 7, 30 and 90 days, and by clear_by where it is given.")
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

    private static async Task<DemandReply> DemandAsync(string? center, string? pool, string? clear_by, DemandDesk desk, CancellationToken cancellationToken)
    {
        var reading = await desk.AskAsync(Questions.Center(center, "/api/demand"), pool, cancellationToken);
        var (answer, clearBy) = (reading.Demand.Answer, Questions.Day(clear_by, "clear_by"));
        DemandFindings.Check("clear_by", clearBy, reading.Demand.Day);
        var isBound = answer is not DemandAnswer.Estimate;
        return new(
            reading.View.Center.Id.Value,
            reading.Pool.Value,
            reading.View.Facts.Simulated,
            DemandOutput.Machine(reading.Demand, clearBy),
            [.. (answer.Hourly?.Observed ?? []).Select(hour => new DemandPoint(Instants.ToText(hour.Start), hour.Mean, hour.Low80, isBound ? null : hour.High80))]);
    }

    private static async Task<SaturationReply> SaturationAsync(string? center, string? pool, DemandDesk desk, CancellationToken cancellationToken)
    {
        var reading = await desk.AskAsync(Questions.Center(center, "/api/saturation"), pool, cancellationToken);
        return new(reading.View.Center.Id.Value, reading.Pool.Value, reading.View.Facts.Simulated, SaturationOutput.Machine(reading.Saturation));
    }
}

/// <param name="Answer">Its kind, method, reason, and what would help.</param>
internal sealed record DemandReply(string Center, string Pool, bool Simulated, object Answer, IReadOnlyList<DemandPoint> Hours);

/// <param name="Hour">Begin of the hour, ISO 8601.</param>
/// <param name="Demand">Unit: devices.</param>
/// <param name="High80">Null: nothing bounds it from above.</param>
internal sealed record DemandPoint(string Hour, double Demand, double Low80, double? High80);

internal sealed record SaturationReply(string Center, string Pool, bool Simulated, object Saturation);
