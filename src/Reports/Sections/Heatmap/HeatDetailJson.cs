using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Headroom.Reports.Charts;
using Headroom.Reports.Language;

namespace Headroom.Reports.Sections.Heatmap;

/// <summary>The cards behind a heat map for the script of the page. <c>&lt;</c> is always escaped, so the text may stand in a script element.</summary>
public static class HeatDetailJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Each hour of a card is two characters: percent in hexadecimal, or a mark of a state.</summary>
    public static string Write(PoolHeat pool, TextLookup text)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Compact))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("hours");
            foreach (var hour in pool.Hours)
            {
                writer.WriteStringValue(LocalTimes.Hour(hour, pool.Hours));
            }

            writer.WriteEndArray();
            writer.WriteStartObject("words");
            foreach (var (state, word) in ((HeatState, string)[])[(HeatState.Unknown, "Heat.Unknown"), (HeatState.Maintenance, "State.Maintenance"), (HeatState.Down, "State.Down"), (HeatState.NotInstalled, "Heatmap.NotInstalled")])
            {
                writer.WriteString(Mark(new(state, null)), text[word]);
            }

            writer.WriteEndObject();
            writer.WriteStartArray("groups");
            foreach (var detail in pool.Details)
            {
                Write(writer, detail, text);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static void Write(Utf8JsonWriter writer, HeatDetail detail, TextLookup text)
    {
        writer.WriteStartObject();
        writer.WriteString("row", detail.Row);
        writer.WriteString("name", detail.Name.Length == 0 ? text["Host.None"] : detail.Name);
        writer.WriteStartObject("cards");
        foreach (var card in detail.Cards)
        {
            writer.WriteString(card.Device, string.Concat(card.Cells.Select(Mark)));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string Mark(HeatCell cell) => cell switch
    {
        { State: HeatState.Known, Use: { } use } => ((int)Math.Round(use * 100)).ToString("x2", CultureInfo.InvariantCulture),
        { State: HeatState.Maintenance } => "mm",
        { State: HeatState.Down } => "xx",
        { State: HeatState.NotInstalled } => "--",
        _ => "??",
    };
}
