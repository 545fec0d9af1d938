using Headroom.Domain.Messages;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Service.Composition;

namespace Headroom.Service.Endpoints;

/// <summary><c>/api/forecast</c>: what was issued at the end of the last whole day, or why nothing was.</summary>
internal static class ForecastEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/forecast", AskAsync)
            .WithSummary("The forecast of a pool")
            .WithDescription("metric: U3 (a share) or D_served (devices).")
            .WithTags("Forecast")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<ForecastAnswer> AskAsync(
        HttpContext context, string? center, string? pool, string? metric, CenterDesk desk, DayPages pages, CancellationToken cancellationToken)
    {
        var text = RequestLanguage.Of(context.Request);
        var view = await desk.ViewAsync(Questions.Center(center, "/api/forecast"), cancellationToken);
        var pools = view.Center.Pools.Select(entry => entry.Id.Value).Concat(view.LastWhole.Select(hour => hour.Pool.Value)).Distinct().ToList();
        var wanted = pool is { Length: > 0 } ? pool : pools.FirstOrDefault() ?? "";
        if (!pools.Contains(wanted))
        {
            throw new UserException(UserMessage.Of(MessageCode.ParameterUnusable, "pool", wanted, string.Join(", ", pools)));
        }

        var name = metric is { Length: > 0 } ? metric : MetricCatalog.U3.Id.Name;
        if (name != MetricCatalog.U3.Id.Name && name != MetricCatalog.DServed.Id.Name)
        {
            throw new UserException(UserMessage.Of(MessageCode.ParameterUnusable, "metric", name, $"{MetricCatalog.U3.Id.Name}, {MetricCatalog.DServed.Id.Name}"));
        }

        var issued = view.LastWholeDay is { } day
            ? (await pages.ReportAsync(view.Center.Id.Value, ReportPeriod.Of(PeriodKind.Day, day), cancellationToken)).Input.Forecasts.FirstOrDefault(entry => entry.Pool.Value == wanted && entry.Metric.Name == name)
            : null;
        return issued is null
            ? new("refused", text["Forecast.None"], view.Center.Id.Value, wanted, name, null, null, null, view.Facts.Simulated, [])
            : ForecastAnswer.Of(issued, view, issued.Why.In(text.Name));
    }
}

/// <param name="Answer"><c>estimate</c> or <c>refused</c>; <paramref name="Reason"/> says why this method, or why none.</param>
internal sealed record ForecastAnswer(
    string Answer, string Reason, string Center, string Pool, string Metric, string? Unit, string? Method, double? Capacity, bool Simulated, IReadOnlyList<ForecastPoint> Steps)
{
    public static ForecastAnswer Of(ForecastView issued, CenterView view, string reason) => new(
        issued.Steps.IsEmpty ? "refused" : "estimate",
        reason,
        view.Center.Id.Value,
        issued.Pool.Value,
        issued.Metric.ToString(),
        UnitNames.Of(issued.Unit),
        issued.Method,
        issued.Capacity,
        view.Facts.Simulated,
        [.. issued.Steps.Select(step => new ForecastPoint(Instants.ToText(step.Instant), step.Mean, [.. step.Bands.Select(band => new ForecastBand(band.Level, band.Low, band.High))]))]);
}

/// <param name="From">Begin of the hour, ISO 8601.</param>
internal sealed record ForecastPoint(string From, double Mean, IReadOnlyList<ForecastBand> Bands);

/// <param name="Level">Unit: percent.</param>
internal sealed record ForecastBand(int Level, double Low, double High);
