using Headroom.Domain.Messages;
using Headroom.Service.Composition;

namespace Headroom.Service.Endpoints;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: the store does, and no stop was asked for.</summary>
internal static class HealthEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => Results.Text("ok\n")).WithSummary("The process answers").WithTags("Operation");
        routes.MapGet("/readyz", ReadyAsync).WithSummary("The store answers, and no stop was asked for").WithTags("Operation").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> ReadyAsync(HttpContext context, ServedStore store, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new UserException(UserMessage.Of(MessageCode.ServiceBusy, context.Request.Path, 5));
        }

        await new CenterLibrary(store).ListAsync(Domain.Time.Instants.Never, cancellationToken);
        return Results.Text("ready\n");
    }
}
