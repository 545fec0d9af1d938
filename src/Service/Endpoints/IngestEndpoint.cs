using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Ingest;
using Headroom.Ingest.Formats.Records;
using Headroom.Ingest.Formats.Telemetry;
using Headroom.Ingest.Transports.Files;
using Headroom.Reports.Language;
using Headroom.Service.Access;
using Headroom.Service.Composition;
using Headroom.Service.Scheduling;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Headroom.Service.Endpoints;

/// <summary><c>/api/ingest/{telemetry,jobs,allocations,counts,requests,inventory,meter}</c>: bodies as the files. Answered when everything of it is durable.</summary>
internal static class IngestEndpoint
{
    private const string OpenMetrics = "application/openmetrics-text";

    /// <summary>A larger body of records goes through a file of its own on its way. Unit: bytes.</summary>
    private const int MostInMemory = 1 << 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "telemetry", "Samples: CSV, or a page of an exporter", "text/csv", "text/plain", OpenMetrics);
        Map(routes, "jobs", "Jobs: CSV, sacct, Standard Workload Format, or a list of objects of Kubernetes", "text/csv", "text/plain", "application/json");
        Map(routes, "inventory", "Devices and what happened to them: CSV, or nodes and events of Slurm", "text/csv", "text/plain");
        Map(routes, "requests", "Applications and contracts as CSV", "text/csv");
        Map(routes, "allocations", "Cards held by jobs, reservations and contracts as CSV", "text/csv");
        Map(routes, "counts", "Cards by number, hour and tenant as CSV", "text/csv");
        Map(routes, "meter", "Readings of energy meters as CSV", "text/csv");
    }

    private static void Map(IEndpointRouteBuilder routes, string kind, string summary, params string[] types) =>
        routes.MapPost(
                $"/api/ingest/{kind}",
                (HttpContext context, [AsParameters] IngestQuestion question, [AsParameters] IngestServices services) => TakeAsync(context, kind, types, question, services))
            .WithSummary(summary)
            .WithDescription("gzip is read transparently. 503 with Retry-After: come back with the same body; what was taken already is not taken twice.")
            .WithTags("Ingest")
            .Accepts<string>(types[0], types[1..])
            .Produces<IngestAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IngestAnswer> TakeAsync(HttpContext context, string kind, string[] types, IngestQuestion question, IngestServices services)
    {
        var (request, cancellationToken) = (context.Request, context.RequestAborted);
        MediaTypes.Require(request, types);
        var center = await services.Desk.CenterAsync(Questions.Center(question.Center, request.Path), cancellationToken);
        var limits = services.Options.Value;
        var largest = kind == "telemetry" ? limits.LargestTelemetryBytes : limits.LargestRecordsBytes;
        if (request.ContentLength > largest)
        {
            throw new UserException(UserMessage.Of(MessageCode.BodyTooLarge, request.Path, largest));
        }

        // Only now: a body that was refused by its declared length is still read off the connection, so that the sender hears why.
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = largest;
        using var place = await services.Gate.EnterAsync(request.Path, cancellationToken);
        var options = question.Options(kind, await services.Desk.CatalogAsync(cancellationToken), services.Clock);
        var source = question.Source is { Length: > 0 } named ? named : $"http-{kind}";
        try
        {
            await using var plain = await ContentStream.PlainAsync(request.Body, cancellationToken);
            var report = kind == "telemetry"
                ? await TelemetryIngest.StreamAsync(services.Store, center, plain, source, options, request.ContentType!.StartsWith(OpenMetrics, StringComparison.OrdinalIgnoreCase), cancellationToken)
                : await RecordsAsync(kind, plain, source, largest, request, options, center, services, cancellationToken);
            services.Accounting.Want();
            return IngestAnswer.Of(source, report, RequestLanguage.Of(request));
        }
        catch (UserException problem) when (problem.InnerException is BadHttpRequestException refused)
        {
            // What Kestrel refuses (too large, cut short) reads like a broken file to a parser.
            throw new BadHttpRequestException(refused.Message, refused.StatusCode, refused);
        }
    }

    private static async Task<IngestReport> RecordsAsync(
        string kind, Stream plain, string source, long largest, HttpRequest request, IngestOptions options, Domain.Centers.CenterDefinition center, IngestServices services, CancellationToken cancellationToken)
    {
        await using var whole = new FileBufferingReadStream(plain, MostInMemory, largest, Path.GetTempPath());
        try
        {
            await whole.DrainAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is InvalidDataException || (problem is IOException and not BadHttpRequestException))
        {
            throw new UserException(
                problem is InvalidDataException ? UserMessage.Of(MessageCode.FileUnreadable, request.Path, problem.Message) : UserMessage.Of(MessageCode.BodyTooLarge, request.Path, largest), problem);
        }

        whole.Position = 0;
        return await Task.Run(() => RecordIngest.StreamAsync(services.Store, center, kind, whole, source, options, cancellationToken), cancellationToken);
    }
}

/// <summary>What is used to take a body.</summary>
internal sealed record IngestServices(ServedStore Store, CenterDesk Desk, IngestGate Gate, CardHourService Accounting, IOptions<ServeOptions> Options, TimeProvider Clock);

/// <summary>What a sender says beside the body: the options of <c>headroom ingest</c>.</summary>
/// <param name="Source">How reports name the sender; default: <c>http-telemetry</c> and the like.</param>
/// <param name="Simulated">True: everything made from it says SIMULATED.</param>
internal sealed record IngestQuestion(string? Center, string? Format, string? Host, string? At, string? Zone, string? Revision, string? Source, string? Simulated)
{
    /// <exception cref="UserException">An instant that is none, a revision out of range, or a format nobody knows.</exception>
    public IngestOptions Options(string kind, Domain.Devices.CardCatalog catalog, TimeProvider clock)
    {
        var isTelemetry = kind == "telemetry";
        var formats = isTelemetry ? TelemetryFormats.Names : RecordFormats.WordsOf(kind);
        if (Format is { Length: > 0 } && !formats.Contains(Format))
        {
            throw new UserException(UserMessage.Of(MessageCode.ParameterUnusable, "format", Format, string.Join(", ", formats)));
        }

        return new()
        {
            Format = Format is { Length: > 0 } ? Format : null,
            Host = isTelemetry ? Host : null,
            At = Questions.Instant(At, "at"),
            Zone = Zone is { Length: > 0 } ? Zone : null,
            Revision = Questions.WholeNumber(Revision, "revision", 0, byte.MaxValue) ?? 0,
            Simulated = Questions.YesOrNo(Simulated, "simulated"),
            Catalog = catalog,
            Clock = clock,
        };
    }
}

/// <summary>What came of a body. Received = accepted + the sum of rejected.</summary>
/// <param name="Rejected">By reason.</param>
/// <param name="New">Rows the store did not have; with duplicates and conflicts all that were accepted.</param>
/// <param name="Notices">What the sender should know although it went on, in the language asked for.</param>
internal sealed record IngestAnswer(
    string Source, long Received, long Accepted, IReadOnlyDictionary<string, long> Rejected, long MissingCells, long New, long Duplicates, long Conflicts, IReadOnlyList<string> Notices)
{
    public static IngestAnswer Of(string source, IngestReport report, TextLookup text) => new(
        source,
        report.Received,
        report.Accepted,
        report.Rejected.ToDictionary(pair => pair.Reason.Word(), pair => pair.Count, StringComparer.Ordinal),
        report.MissingCells,
        report.New,
        report.Duplicates,
        report.Conflicts,
        [.. report.Notices.Select(notice => MessagePrinter.Print(notice, text.Name))]);
}
