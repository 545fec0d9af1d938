using Headroom.Reports.Language;

namespace Headroom.Service.Endpoints;

/// <summary>The language a request is answered in: <c>?lang=</c>, else what was chosen before, else what the browser prefers.</summary>
internal static class RequestLanguage
{
    private const string Cookie = "lang";

    public static TextLookup Of(HttpRequest request)
    {
        if (request.Query["lang"].ToString() is { Length: > 0 } asked)
        {
            return Texts.For(asked);
        }

        if (request.Cookies[Cookie] is { Length: > 0 } chosen)
        {
            return Texts.For(chosen);
        }

        var preferred = request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString())
            .FirstOrDefault(language => language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) || language.StartsWith("en", StringComparison.OrdinalIgnoreCase));
        return Texts.For(preferred ?? Texts.English);
    }

    /// <summary>A choice by <c>?lang=</c> holds on the pages that follow.</summary>
    public static void Remember(HttpContext context)
    {
        if (context.Request.Query.ContainsKey("lang"))
        {
            context.Response.Cookies.Append(Cookie, Of(context.Request).Name, new() { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365) });
        }
    }
}
