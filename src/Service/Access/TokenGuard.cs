using System.Text;
using System.Text.RegularExpressions;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Service.Composition;

namespace Headroom.Service.Access;

/// <summary>Who may ask for what. Before anything of a request is read: whoever is refused has stored nothing and learned nothing.</summary>
/// <remarks>A token comes as a bearer, or as the password of basic authentication, which browsers and old senders can do. A token that is sent is checked even where none is asked for.</remarks>
internal sealed partial class TokenGuard(RequestDelegate next, TokenFile tokens, ServeSettings settings, TimeProvider clock)
{
    private static readonly string[] Open = ["/healthz", "/readyz"];

    private static readonly string[] Sending = ["/api/ingest", "/api/v1/write"];

    // Where the query names the center. Anywhere else it would be passed over, and the answer would speak of all.
    private static readonly string[] ByQuery = [.. Sending, "/api/utilization", "/api/forecast", "/api/demand", "/api/saturation"];

    public Task InvokeAsync(HttpContext context)
    {
        Check(context);
        return next(context);
    }

    private void Check(HttpContext context)
    {
        var request = context.Request;
        if (Open.Contains(request.Path.Value, StringComparer.OrdinalIgnoreCase))
        {
            return;
        }

        var authorization = request.Headers.Authorization.ToString();
        if (authorization.Length == 0 && !settings.RequireTokens)
        {
            return;
        }

        if (TextOf(authorization) is not { } text || tokens.Find(text) is not { } token || !token.IsGoodAt(clock.Now()))
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.WWWAuthenticate = "Bearer realm=\"headroom\", Basic realm=\"headroom\", charset=\"UTF-8\"";
                return Task.CompletedTask;
            });
            throw new UserException(UserMessage.Of(MessageCode.TokenRefused, request.Path));
        }

        if (!token.Scopes.HasFlag(ScopeOf(request)) || (token.Center is { } center && !IsAbout(context, center)))
        {
            throw new UserException(UserMessage.Of(MessageCode.TokenForbidden, request.Path));
        }
    }

    private static TokenScope ScopeOf(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !Sending.Any(path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
            ? TokenScope.Read
            : TokenScope.Ingest;

    // A token of one center opens what names that center, and nothing that speaks of several.
    private static bool IsAbout(HttpContext context, string center)
    {
        var request = context.Request;
        if (ByQuery.Any(path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)))
        {
            var asked = request.Query["center"];
            if (asked.Count == 0)
            {
                // Nobody need repeat what the token says.
                request.QueryString = request.QueryString.Add("center", center);
            }

            return asked.Count == 0 || (asked.Count == 1 && asked[0] == center);
        }

        return request.RouteValues.ContainsKey("id") || request.RouteValues.ContainsKey("file") ? RouteAgrees(context, center) : request.Path.StartsWithSegments("/assets", StringComparison.Ordinal);
    }

    private static bool RouteAgrees(HttpContext context, string center)
    {
        var values = context.Request.RouteValues;
        return (!values.TryGetValue("id", out var id) || (string?)id == center)
            && (!values.TryGetValue("file", out var file) || (ReportName().Match((string?)file ?? "") is { Success: true } name && name.Groups["center"].Value == center));
    }

    private static string? TextOf(string authorization)
    {
        const string bearer = "Bearer ";
        const string basic = "Basic ";
        if (authorization.StartsWith(bearer, StringComparison.OrdinalIgnoreCase))
        {
            return authorization[bearer.Length..].Trim();
        }

        if (!authorization.StartsWith(basic, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bytes = new byte[authorization.Length];
        return Convert.TryFromBase64String(authorization[basic.Length..].Trim(), bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [_, var password] ? password : null;
    }

    // "daily-wuhan-2026-03-01.en.html"
    [GeneratedRegex(@"^[a-z]+-(?<center>.+)-\d{4}-\d{2}-\d{2}\.", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ReportName();
}
