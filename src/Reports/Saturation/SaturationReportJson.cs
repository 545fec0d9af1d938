using System.Text.Json;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;

namespace Headroom.Reports.Saturation;

/// <summary>The report for machines: the answers, and every printed number, in no language.</summary>
public static class SaturationReportJson
{
    public static string Write(SaturationReportModel report) => CellJson.Write(writer => WriteHead(writer, report), report.Cells);

    private static void WriteHead(Utf8JsonWriter writer, SaturationReportModel report)
    {
        writer.WriteString("kind", "saturation");
        writer.WriteString("center", report.Center.Value);
        writer.WriteString("day", Dates.Iso(report.Day));
        writer.WriteString("zone", report.Zone);
        writer.WriteBoolean("simulated", report.Simulated);
        writer.WriteStartArray("pools");
        foreach (var pool in report.Pools)
        {
            writer.WriteStartObject();
            writer.WriteString("pool", pool.Pool.Value);
            WriteDemand(writer, pool.Demand);
            WriteSaturation(writer, pool.Saturation);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteDemand(Utf8JsonWriter writer, DemandAnswer answer)
    {
        writer.WriteStartObject("demand");
        writer.WriteString("answer", CellJson.Word(answer.Kind));
        writer.WriteString("method", answer is DemandAnswer.Estimate estimate ? CellJson.Word(estimate.Method) : null);
        var (reason, help) = answer switch
        {
            DemandAnswer.LowerBound bound => (CellJson.Word(bound.Because), bound.WouldHelp),
            DemandAnswer.Refused refused => (CellJson.Word(refused.Because), refused.WouldHelp),
            _ => (null, []),
        };
        writer.WriteString("reason", reason);
        WriteWords(writer, help);
        writer.WriteEndObject();
    }

    private static void WriteSaturation(Utf8JsonWriter writer, SaturationAnswer answer)
    {
        writer.WriteStartObject("saturation");
        switch (answer)
        {
            case SaturationAnswer.SaturatedSince since:
                writer.WriteString("status", "saturated_since");
                WriteDay(writer, "since", since.Since);
                WriteSpells(writer, "later", since.Later);
                break;
            case SaturationAnswer.Distribution distribution:
                writer.WriteString("status", "distribution");
                WriteDay(writer, "p10", distribution.P10);
                WriteDay(writer, "p50", distribution.P50);
                WriteDay(writer, "p90", distribution.P90);
                WriteBy(writer, distribution.By);
                writer.WriteNumber("p_never", distribution.Never);
                WriteSpells(writer, "later", distribution.Spells);
                break;
            case SaturationAnswer.NotWithinHorizon none:
                writer.WriteString("status", "not_within_horizon");
                WriteBy(writer, none.By);
                writer.WriteNumber("p_never", none.Never);
                break;
            case SaturationAnswer.NotIdentifiable refused:
                writer.WriteString("status", "not_identifiable");
                writer.WriteString("reason", CellJson.Word(refused.Because));
                WriteWords(writer, refused.WouldHelp);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }

        writer.WriteNumber("theta", answer.Basis.Theta);
        writer.WriteString("capacity", CellJson.Word(answer.Basis.Capacity));
        if (answer.Basis.Packing is { } packing)
        {
            writer.WriteStartObject("packing");
            writer.WriteNumber("factor", packing.Factor);
            writer.WriteNumber("low80", packing.Low80);
            writer.WriteNumber("high80", packing.High80);
            writer.WriteNumber("hours", packing.Hours);
            writer.WriteEndObject();
        }

        CellJson.WriteNumber(writer, "at_least", answer.Basis.AtLeast);
        WriteDay(writer, "horizon", answer.Basis.Horizon);
        WriteSpells(writer, "past", answer.Past);
        writer.WriteEndObject();
    }

    private static void WriteBy(Utf8JsonWriter writer, IEnumerable<DatedProbability> dates)
    {
        writer.WriteStartArray("p_by");
        foreach (var (date, probability) in dates)
        {
            writer.WriteStartObject();
            WriteDay(writer, "date", date);
            writer.WriteNumber("p", probability);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteSpells(Utf8JsonWriter writer, string name, IEnumerable<SaturationSpell> spells)
    {
        writer.WriteStartArray(name);
        foreach (var spell in spells)
        {
            writer.WriteStartObject();
            WriteDay(writer, "from", spell.From);
            WriteDay(writer, "until", spell.Until);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteWords(Utf8JsonWriter writer, IEnumerable<WouldHelp> help)
    {
        writer.WriteStartArray("would_help");
        foreach (var word in help)
        {
            writer.WriteStringValue(CellJson.Word(word));
        }

        writer.WriteEndArray();
    }

    private static void WriteDay(Utf8JsonWriter writer, string name, DateOnly? day) => writer.WriteString(name, day is { } date ? Dates.Iso(date) : null);
}
