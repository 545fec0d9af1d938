using Headroom.Domain.Centers;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Centers;

/// <summary>The targets of a center file: what is scraped, and with which access.</summary>
internal static class TargetParts
{
    public static ScrapeTarget Target(CenterNodes.Map map)
    {
        map.Require("url", "http:// | https://");
        var url = Uri.TryCreate(map.Text("url", "http:// | https://"), UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https" ? parsed : null;
        if (url is null && map.Has("url"))
        {
            map.Wrong("url", "http:// | https://");
        }

        if (url is { UserInfo.Length: > 0 })
        {
            map.WrongAndSecret("url", "auth: { user, password: file:PATH | env:NAME }");
        }

        return new(
            map.RequiredText("name"),
            url ?? new Uri("http://invalid."),
            map.Text("format"),
            map.Text("host"),
            (map.Whole("period_s", 1, 3_600) ?? 15) * Micros.PerSecond)
        {
            Access = map.Child("auth", CenterFileKeys.Auth) is { } auth ? Access(auth) : null,
        };
    }

    private static TargetAccess Access(CenterNodes.Map map)
    {
        var (user, password) = (map.Text("user"), Secret(map, "password"));
        if (user is null != password is null)
        {
            map.Require(user is null ? "user" : "password", "user, password");
        }

        if (map.Has("key") && !map.Has("certificate"))
        {
            map.Require("certificate", "certificate, key");
        }

        return new(user, password, Secret(map, "bearer"), map.Text("certificate"), map.Text("key"), map.Text("authority"));
    }

    // A secret in the file itself would be stored with it and shown with it.
    private static SecretPlace? Secret(CenterNodes.Map map, string key)
    {
        var text = map.Text(key);
        if (text is null || text is ['f', 'i', 'l', 'e', ':', _, ..] or ['e', 'n', 'v', ':', _, ..])
        {
            return text is null ? null : new(text[0] == 'f', text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        }

        map.WrongAndSecret(key, "file:PATH | env:NAME");
        return null;
    }
}
