using System.Text.Json;
using System.Text.Json.Serialization;

namespace Headroom.Reports.Charts.Options;

/// <summary>One entry of a series: a number, a gap, a cell of a grid, or a number with a style and label of its own.</summary>
/// <param name="Value">Null: a gap.</param>
/// <param name="Place">Column and row in a grid; null: the entry's index is its place.</param>
[JsonConverter(typeof(DatumConverter))]
public readonly record struct Datum(double? Value, (int Column, int Row)? Place = null, ItemStyle? Style = null, Label? Label = null);

/// <summary>Writes entries as ECharts reads them; numbers have at most four decimals, so that options are the same everywhere.</summary>
public sealed class DatumConverter : JsonConverter<Datum>
{
    public override Datum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Chart options are only written.");

    public override void Write(Utf8JsonWriter writer, Datum value, JsonSerializerOptions options)
    {
        if (value.Place is { } place)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(place.Column);
            writer.WriteNumberValue(place.Row);
            WriteNumber(writer, value.Value);
            writer.WriteEndArray();
        }
        else if (value.Style is null && value.Label is null)
        {
            WriteNumber(writer, value.Value);
        }
        else
        {
            writer.WriteStartObject();
            writer.WritePropertyName("value");
            WriteNumber(writer, value.Value);
            WriteOptional(writer, "itemStyle", value.Style, options);
            WriteOptional(writer, "label", value.Label, options);
            writer.WriteEndObject();
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumberValue(Math.Round(number, 4) + 0.0);
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    private static void WriteOptional<T>(Utf8JsonWriter writer, string name, T? value, JsonSerializerOptions options)
        where T : class
    {
        if (value is not null)
        {
            writer.WritePropertyName(name);
            JsonSerializer.Serialize(writer, value, options);
        }
    }
}
