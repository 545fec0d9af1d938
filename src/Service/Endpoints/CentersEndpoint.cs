using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Ingest.Centers;
using Headroom.Service.Composition;
using Microsoft.AspNetCore.Http.Features;

namespace Headroom.Service.Endpoints;

/// <summary><c>/api/centers</c>: what centers there are, and new versions of their files.</summary>
internal static class CentersEndpoint
{
    private const long LargestFile = 1 << 20;

    private static readonly string[] Types = ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/centers", ListAsync).WithSummary("Every center").WithTags("Centers");
        routes.MapGet("/api/centers/{id}", FindAsync).WithSummary("One center").WithTags("Centers").ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPost("/api/centers", AddAsync)
            .WithSummary("Loads a center file (YAML) as a new version")
            .WithTags("Centers")
            .Accepts<string>(Types[0], Types[1..])
            .Produces<CenterSaved>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
    }

    /// <summary>Records a center file. The caller names where it came from.</summary>
    /// <exception cref="UserException">Not a center file; every problem of it at once.</exception>
    public static async Task<CenterSaved> SaveAsync(ServedStore store, string content, string place, CancellationToken cancellationToken)
    {
        var definition = CenterFile.Parse(content, place);
        return new(definition.Id.Value, await new CenterLibrary(store).SaveAsync(new(definition, content), cancellationToken) ? "new" : "same");
    }

    private static async Task<IReadOnlyList<CenterAnswer>> ListAsync(CenterDesk desk, CancellationToken cancellationToken)
    {
        var answers = new List<CenterAnswer>();
        foreach (var center in await desk.CentersAsync(cancellationToken))
        {
            answers.Add(CenterAnswer.Of(await desk.ViewAsync(center.Id.Value, cancellationToken)));
        }

        return answers;
    }

    private static async Task<CenterAnswer> FindAsync(string id, CenterDesk desk, CancellationToken cancellationToken) =>
        CenterAnswer.Of(await desk.ViewAsync(id, cancellationToken));

    private static async Task<CenterSaved> AddAsync(HttpContext context, ServedStore store)
    {
        MediaTypes.Require(context.Request, Types);
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = LargestFile;
        using var reader = new StreamReader(context.Request.Body);
        return await SaveAsync(store, await reader.ReadToEndAsync(context.RequestAborted), "center.yaml", context.RequestAborted);
    }
}

/// <param name="Version"><c>new</c>, or <c>same</c> where the store knew it already.</param>
internal sealed record CenterSaved(string Center, string Version);

internal sealed record PoolAnswer(string Pool, LocalText Name, string Precision, double? NameplateP, string? Model, int? Devices, bool Assumed);

/// <param name="Simulated">True: every number of it is SIMULATED.</param>
/// <param name="FirstSample">ISO 8601; null: no telemetry yet.</param>
internal sealed record CenterAnswer(
    string Center, LocalText Name, string Zone, bool Draft, bool Simulated, int DevicesSeen, string? FirstSample, string? LastSample, DateOnly? LastWholeDay, IReadOnlyList<PoolAnswer> Pools)
{
    public static CenterAnswer Of(CenterView view) => new(
        view.Center.Id.Value,
        view.Center.Name,
        view.Center.Zone,
        view.Center.Draft,
        view.Facts.Simulated,
        view.Facts.Devices.Length,
        view.Facts.Telemetry.IsEmpty ? null : Instants.ToText(view.Facts.Telemetry.From),
        view.Facts.Telemetry.IsEmpty ? null : Instants.ToText(view.Facts.Telemetry.Until - 1),
        view.LastWholeDay,
        [.. view.Center.Pools.Select(pool => new PoolAnswer(
            pool.Id.Value, pool.Name, pool.Precision.ToString().ToLowerInvariant(), pool.Nameplate, pool.Model, pool.Devices, pool.DevicesProvenance.Assumed))]);
}
