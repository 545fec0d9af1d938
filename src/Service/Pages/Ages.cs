using System.Globalization;
using Headroom.Domain.Time;
using Headroom.Reports.Language;

namespace Headroom.Service.Pages;

/// <summary>How long ago, in the largest unit that fits.</summary>
internal static class Ages
{
    /// <summary>"3 minutes ago".</summary>
    public static string Text(long micros, TextLookup text) => micros switch
    {
        < 2 * Micros.PerMinute => Ago("Age.Seconds", micros / Micros.PerSecond, text),
        < 2 * Micros.PerHour => Ago("Age.Minutes", micros / Micros.PerMinute, text),
        < 48 * Micros.PerHour => Ago("Age.Hours", micros / Micros.PerHour, text),
        _ => Ago("Age.Days", micros / (24 * Micros.PerHour), text),
    };

    /// <summary>"2026-03-01 08:00:12".</summary>
    public static string Moment(DateTimeOffset local) => local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Ago(string key, long count, TextLookup text) => text[key, count.ToString("#,0", CultureInfo.InvariantCulture)];
}
