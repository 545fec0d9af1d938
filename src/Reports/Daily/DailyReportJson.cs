using System.Text.Json;
using Headroom.Domain.Time;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;

namespace Headroom.Reports.Daily;

/// <summary>The report for machines: every printed number with its exact fraction, in no language.</summary>
public static class DailyReportJson
{
    public static string Write(DailyReportModel report) => CellJson.Write(writer => WriteHead(writer, report), report.Cells);

    private static void WriteHead(Utf8JsonWriter writer, DailyReportModel report)
    {
        writer.WriteString("kind", report.Period.Word);
        writer.WriteString("center", report.Center.Value);
        writer.WriteString("day", Dates.Iso(report.Day));
        writer.WriteString("last_day", Dates.Iso(report.Period.Until.AddDays(-1)));
        writer.WriteString("zone", report.Zone);
        writer.WriteBoolean("simulated", report.Simulated);
        writer.WriteString("until", report.Until is { } until ? Instants.ToText(until) : null);
    }
}
