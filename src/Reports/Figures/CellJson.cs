using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Headroom.Reports.Figures;

/// <summary>A report for machines: its own members, then every printed number with its exact fraction, in no language.</summary>
internal static class CellJson
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <param name="head">Writes the members before the cells.</param>
    public static string Write(Action<Utf8JsonWriter> head, IEnumerable<Figure> cells)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Readable))
        {
            writer.WriteStartObject();
            head(writer);
            writer.WriteStartArray("cells");
            foreach (var figure in cells)
            {
                WriteCell(writer, figure);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length) + "\n";
    }

    /// <summary>An enum value or gap as machine output names it: snake case.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

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
        writer.WriteString("gap", figure.Gap == FigureGap.None ? null : Word(figure.Gap));
        writer.WriteEndObject();
    }

    public static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
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
