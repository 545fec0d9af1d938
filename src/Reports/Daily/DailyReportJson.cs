using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Headroom.Domain.Time;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;

namespace Headroom.Reports.Daily;

/// <summary>The report for machines: every printed number with its exact fraction, in no language.</summary>
public static class DailyReportJson
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static string Write(DailyReportModel report)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", "daily");
            writer.WriteString("center", report.Center.Value);
            writer.WriteString("day", Dates.Iso(report.Day));
            writer.WriteString("zone", report.Zone);
            writer.WriteBoolean("simulated", report.Simulated);
            if (report.Until is { } until)
            {
                writer.WriteString("until", Instants.ToText(until));
            }
            else
            {
                writer.WriteNull("until");
            }

            writer.WriteStartArray("cells");
            foreach (var figure in report.Cells)
            {
                WriteCell(writer, figure);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length) + "\n";
    }

    private static void WriteCell(Utf8JsonWriter writer, Figure figure)
    {
        writer.WriteStartObject();
        writer.WriteString("cell", figure.Cell);
        writer.WriteString("metric", figure.Metric.Name);
        writer.WriteNumber("version", figure.Metric.Version);
        WriteNumber(writer, "value", figure.Value);
        writer.WriteString("unit", UnitNames.Of(figure.Unit));
        WriteNumber(writer, "coverage", figure.Coverage);
        WriteNumber(writer, "low", figure.Low);
        WriteNumber(writer, "high", figure.High);
        WriteInteger(writer, "numerator", figure.Numerator);
        WriteInteger(writer, "denominator", figure.Denominator);
        writer.WriteString("gap", figure.Gap == FigureGap.None ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(figure.Gap.ToString()));
        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    // As text: they outgrow what JSON readers keep exactly.
    private static void WriteInteger(Utf8JsonWriter writer, string name, BigInteger? value) =>
        writer.WriteString(name, value?.ToString(CultureInfo.InvariantCulture));
}
