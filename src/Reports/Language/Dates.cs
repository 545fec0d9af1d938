using System.Globalization;

namespace Headroom.Reports.Language;

/// <summary>Dates as each language writes them.</summary>
public static class Dates
{
    /// <summary>"2026年3月5日 星期四", "Thursday 5 March 2026".</summary>
    public static string Long(DateOnly day, TextLookup text) => day.ToString(text["Date.Long"], text.Culture);

    /// <summary>"03-05 周四", "5 Mar, Thu".</summary>
    public static string Short(DateOnly day, TextLookup text) => day.ToString(text["Date.Short"], text.Culture);

    /// <summary>"2026-03-05", in every language: as a source is quoted.</summary>
    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
