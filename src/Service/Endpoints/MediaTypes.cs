using Headroom.Domain.Messages;

namespace Headroom.Service.Endpoints;

/// <summary>What a body says it is. One that says nothing, or something else, is not guessed at.</summary>
internal static class MediaTypes
{
    /// <exception cref="UserException"><see cref="MessageCode.ContentTypeUnsupported"/>.</exception>
    public static void Require(HttpRequest request, params ReadOnlySpan<string> types)
    {
        var found = request.GetTypedHeaders().ContentType?.MediaType.ToString() ?? "";
        var encoding = request.Headers.ContentEncoding.ToString();
        foreach (var type in types)
        {
            if (found.Equals(type, StringComparison.OrdinalIgnoreCase) && encoding is ("" or "gzip" or "identity"))
            {
                return;
            }
        }

        throw new UserException(UserMessage.Of(
            MessageCode.ContentTypeUnsupported, request.Path, string.Join(" ", new[] { found, encoding }.Where(word => word.Length > 0)), string.Join(", ", types.ToArray())));
    }
}
