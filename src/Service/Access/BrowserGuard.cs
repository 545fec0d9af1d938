using Headroom.Domain.Messages;

namespace Headroom.Service.Access;

/// <summary>A page from elsewhere, open in a browser of this machine, can send requests to a loopback address. It may neither write nor read here.</summary>
internal static class BrowserGuard
{
    /// <param name="loopbackOnly">True: the service is asked for under a name of this machine, or by a page that had its own name point here.</param>
    /// <exception cref="UserException"><see cref="MessageCode.OriginRefused"/>.</exception>
    public static void Check(HttpRequest request, bool loopbackOnly)
    {
        if (loopbackOnly && !ServeAddress.IsLoopback(request.Host.Host))
        {
            throw new UserException(UserMessage.Of(MessageCode.OriginRefused, request.Path, request.Host.Value));
        }

        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return;
        }

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        if (site is "cross-site" or "same-site" || (origin.Length > 0 && !IsOwn(origin, request.Host)))
        {
            throw new UserException(UserMessage.Of(MessageCode.OriginRefused, request.Path, origin.Length > 0 ? origin : site));
        }
    }

    private static bool IsOwn(string origin, HostString host) => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority == host.Value;
}
