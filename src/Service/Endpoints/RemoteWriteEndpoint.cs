using System.Globalization;
using Headroom.Domain.Devices;
using Headroom.Ingest.Transports.RemoteWrite;
using Headroom.Service.Composition;
using Microsoft.AspNetCore.Http.Features;

namespace Headroom.Service.Endpoints;

/// <summary><c>/api/v1/write?center=[&amp;simulated=true]</c>: Prometheus remote write 1.0. Answered 204 when all of it is durable.</summary>
internal static class RemoteWriteEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/write", ReceiveAsync)
            .WithSummary("Prometheus remote write 1.0")
            .WithTags("Ingest")
            .Accepts<byte[]>("application/x-protobuf")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    /// <summary>The receiver of a service, on its store.</summary>
    public static RemoteWriteReceiver NewReceiver(ServedStore store, CenterDesk desk, TimeProvider clock) => new(
        store,
        async (id, cancellationToken) => (await desk.CentersAsync(cancellationToken)).FirstOrDefault(center => center.Id == id),
        new() { Clock = clock });

    private static async Task<IResult> ReceiveAsync(HttpContext context, string? center, string? simulated, CenterDesk desk, RemoteWriteReceiver receiver)
    {
        var request = context.Request;
        // The receiver has bounds of its own, and says so in its answer.
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        var answer = await receiver.ReceiveAsync(
            new CenterId(Questions.Center(center, request.Path)),
            request.ContentType,
            request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding ? encoding : null,
            request.Headers["X-Prometheus-Remote-Write-Version"].ToString() is { Length: > 0 } version ? version : null,
            request.ContentLength,
            request.Body,
            Questions.YesOrNo(simulated, "simulated"),
            context.RequestAborted);
        if (answer.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return answer switch
        {
            { Status: StatusCodes.Status404NotFound } => throw await desk.UnknownAsync(center!, request.Path, context.RequestAborted),
            { Problem: { } problem } => Problems.Answer(request, problem with { Place = request.Path }, answer.Status),
            _ => Results.StatusCode(answer.Status),
        };
    }
}
