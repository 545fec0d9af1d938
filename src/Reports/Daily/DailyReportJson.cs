using System.Text.Json;
using Headroom.Domain.Time;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;

namespace Headroom.Reports.Daily;

/// <summary>The report for machines: every printed number with its exact fraction, in no language.</summary>
public static class DailyReportJson
{
    public static string Write(DailyReportModel report) => CellJson.Write(writer => WriteHead(writer, report), report.Cells);

    private static void WriteIssue(Utf8JsonWriter writer, ReportIssue issue)
    {
        writer.WriteNumber("issue", issue.Number);
        writer.WriteStartArray("changes");
        foreach (var change in issue.Changes)
        {
            writer.WriteStartObject();
            writer.WriteString("cell", change.Cell);
            CellJson.WriteNumber(writer, "old", change.Old?.Value);
            CellJson.WriteNumber(writer, "new", change.New?.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("since");
        foreach (var source in issue.Since)
        {
            writer.WriteStartObject();
            writer.WriteString("source", source.Source);
            writer.WriteString("format", source.Format);
            writer.WriteNumber("rows", source.Rows);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteHead(Utf8JsonWriter writer, DailyReportModel report)
    {
        writer.WriteString("kind", report.Period.Word);
        writer.WriteString("center", report.Center.Value);
        writer.WriteString("day", Dates.Iso(report.Day));
        writer.WriteString("last_day", Dates.Iso(report.Period.Until.AddDays(-1)));
        writer.WriteString("zone", report.Zone);
        writer.WriteBoolean("simulated", report.Simulated);
        writer.WriteString("until", report.Until is { } until ? Instants.ToText(until) : null);
        if (report.Issue is { } issue)
        {
            WriteIssue(writer, issue);
        }
    }
}
