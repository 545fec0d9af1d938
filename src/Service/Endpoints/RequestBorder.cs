using System.Diagnostics;
using System.Globalization;
using Headroom.Domain.Messages;
using Headroom.Service.Access;
using Headroom.Service.Composition;
using Microsoft.Extensions.Options;

namespace Headroom.Service.Endpoints;

/// <summary>Around every request: headers, counts, the guard, and failures as answers.</summary>
internal sealed class RequestBorder(RequestDelegate next, RequestCounts counts, ServeSettings settings, IOptions<ServeOptions> options, ILogger<RequestBorder> logger)
{
    // Style attributes carry the heights of charts; everything else comes from our own files.
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public async Task InvokeAsync(HttpContext context)
    {
        var begun = Stopwatch.GetTimestamp();
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = ContentPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Server-Timing"] = string.Create(CultureInfo.InvariantCulture, $"app;dur={Stopwatch.GetElapsedTime(begun).TotalMilliseconds:0.0}");
            if (headers.CacheControl.Count == 0)
            {
                headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        });
        try
        {
            BrowserGuard.Check(context.Request, settings.LoopbackOnly);
            await next(context);
            if (context.Response is { HasStarted: false, ContentType: null } && RefusedByRouting(context) is { } refusal)
            {
                await AnswerAsync(context, new UserException(refusal), context.Response.StatusCode);
            }
        }
        catch (UserException problem)
        {
            await AnswerAsync(context, problem);
        }
        catch (BadHttpRequestException problem)
        {
            await AnswerAsync(context, new UserException(Refused(context.Request, problem)));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (OperationCanceledException)
        {
            await AnswerAsync(context, new UserException(UserMessage.Of(MessageCode.ServiceBusy, context.Request.Path, options.Value.RetryAfterSeconds)));
        }
        catch (Exception problem)
        {
            ServiceLog.RequestFailed(logger, context.Request.Method, context.Request.Path, problem);
            await AnswerAsync(context, new UserException(UserMessage.Of(MessageCode.Unexpected, context.Request.Path, problem.Message), problem));
        }
        finally
        {
            counts.Add((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "other", context.Response.StatusCode, Stopwatch.GetElapsedTime(begun));
        }
    }

    // Routing answers with a bare status where no address, no method or no type of content fits.
    private static UserMessage? RefusedByRouting(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => UserMessage.Of(MessageCode.PageUnknown, context.Request.Path),
        StatusCodes.Status405MethodNotAllowed => UserMessage.Of(MessageCode.MethodUnsupported, context.Request.Path, context.Request.Method, context.Response.Headers.Allow),
        StatusCodes.Status415UnsupportedMediaType => UserMessage.Of(MessageCode.ContentTypeUnsupported, context.Request.Path, context.Request.ContentType),
        _ => null,
    };

    private static UserMessage Refused(HttpRequest request, BadHttpRequestException problem) => problem.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => UserMessage.Of(MessageCode.BodyTooLarge, request.Path, problem.Message),
        StatusCodes.Status415UnsupportedMediaType => UserMessage.Of(MessageCode.ContentTypeUnsupported, request.Path, request.ContentType),
        StatusCodes.Status400BadRequest or StatusCodes.Status408RequestTimeout when request.ContentLength is not null || request.Headers.TransferEncoding.Count > 0 =>
            UserMessage.Of(MessageCode.BodyCutShort, request.Path, problem.Message),
        _ => UserMessage.Of(MessageCode.UsageError, request.Path, problem.Message),
    };

    private Task AnswerAsync(HttpContext context, UserException problem, int? status = null) => context.Response.HasStarted
        ? Task.CompletedTask
        : Problems.WriteAsync(context, problem.Messages, status ?? Problems.StatusOf(problem.Messages[0].Code), options.Value.RetryAfterSeconds);
}
