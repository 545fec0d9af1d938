using System.Globalization;
using Headroom.Reports.Daily;

namespace Headroom.Reports.Language;

/// <summary>Dates as each language writes them.</summary>
public static class Dates
{
    /// <summary>"2026年3月5日 星期四", "Thursday 5 March 2026".</summary>
    public static string Long(DateOnly day, TextLookup text) => day.ToString(text["Date.Long"], text.Culture);

    /// <summary>"03-05 周四", "5 Mar, Thu".</summary>
    public static string Short(DateOnly day, TextLookup text) => day.ToString(text["Date.Short"], text.Culture);

    /// <summary>A day, "2 – 8 March 2026", "March 2026".</summary>
    public static string Long(ReportPeriod period, TextLookup text) => period.Kind switch
    {
        PeriodKind.Day => Long(period.First, text),
        PeriodKind.Week => text["Date.Week", period.First.ToString(text["Date.Full"], text.Culture), period.Until.AddDays(-1).ToString(text["Date.Full"], text.Culture)],
        _ => period.First.ToString(text["Date.Month"], text.Culture),
    };

    /// <summary>As a column head has it: "5 Mar, Thu", "from 2 Mar, Mon", "2026-03".</summary>
    public static string Of(ReportPeriod period, TextLookup text) => period.Kind switch
    {
        PeriodKind.Day => Short(period.First, text),
        PeriodKind.Week => text["Date.WeekOf", Short(period.First, text)],
        _ => period.First.ToString("yyyy-MM", CultureInfo.InvariantCulture),
    };

    /// <summary>"2026-03-05", in every language: as a source is quoted.</summary>
    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
