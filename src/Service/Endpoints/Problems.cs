using System.Collections.Immutable;
using System.Globalization;
using Headroom.Domain.Messages;
using Headroom.Reports.Language;
using Headroom.Service.Pages;
using Microsoft.AspNetCore.Mvc;

namespace Headroom.Service.Endpoints;

/// <summary>The HTTP border: what a user can mend becomes an answer, as problem details (RFC 9457) or as a page, in the language asked for.</summary>
internal static class Problems
{
    private const string ProblemJson = "application/problem+json";

    public static int StatusOf(MessageCode code) => code switch
    {
        MessageCode.CenterUnknown or MessageCode.DeviceUnknown or MessageCode.PageUnknown or MessageCode.NothingInstalled => StatusCodes.Status404NotFound,
        MessageCode.ContentTypeUnsupported or MessageCode.RemoteWriteUnsupported => StatusCodes.Status415UnsupportedMediaType,
        MessageCode.BodyTooLarge or MessageCode.BodyUnpacksTooLarge => StatusCodes.Status413PayloadTooLarge,
        MessageCode.MethodUnsupported => StatusCodes.Status405MethodNotAllowed,
        MessageCode.OriginRefused => StatusCodes.Status403Forbidden,
        MessageCode.ServiceBusy or MessageCode.StoreUnavailable or MessageCode.DatabaseLocked => StatusCodes.Status503ServiceUnavailable,
        MessageCode.DatabaseDamaged or MessageCode.DatabaseNewer or MessageCode.DatabaseNotOurs or MessageCode.FolderUnwritable or MessageCode.Unexpected => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status400BadRequest,
    };

    /// <summary>Answers with what went wrong.</summary>
    public static async Task WriteAsync(HttpContext context, ImmutableArray<UserMessage> messages, int status, int retryAfterSeconds)
    {
        var text = RequestLanguage.Of(context.Request);
        context.Response.Clear();
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = retryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }

        if (IsPage(context.Request))
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            var page = await PageRenderer.RenderAsync<ProblemPage>(
                new() { [nameof(ProblemPage.Text)] = text, [nameof(ProblemPage.Status)] = status, [nameof(ProblemPage.Problems)] = messages }, context.RequestAborted);
            await context.Response.WriteAsync(page, context.RequestAborted);
            return;
        }

        await context.Response.WriteAsJsonAsync(Of(messages, status, text, context.Request.Path), options: null, ProblemJson, context.RequestAborted);
    }

    /// <summary>One problem as the answer of an endpoint.</summary>
    public static IResult Answer(HttpRequest request, UserMessage message, int status) => Results.Problem(Of([message], status, RequestLanguage.Of(request), request.Path));

    private static ProblemDetails Of(ImmutableArray<UserMessage> messages, int status, TextLookup text, string path)
    {
        var details = new ProblemDetails
        {
            Status = status,
            Title = text[$"Problem.{status}"],
            Detail = string.Join(" ", messages.Select(message => MessagePrinter.Print(message, text.Name))),
            Instance = path,
        };
        details.Extensions["code"] = messages[0].Code.ToString();
        return details;
    }

    private static bool IsPage(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
}
