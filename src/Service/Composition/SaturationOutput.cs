using System.Collections.Immutable;
using System.Text.Json;
using Headroom.Analytics.Saturation;

namespace Headroom.Service.Composition;

/// <summary>Saturation as a file.</summary>
internal static class SaturationOutput
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Write(TextWriter writer, SaturationAnswer answer) => writer.Write(JsonSerializer.Serialize(Machine(answer), Indented) + "\n");

    public static object Machine(SaturationAnswer answer)
    {
        var (since, distribution) = (answer as SaturationAnswer.SaturatedSince, answer as SaturationAnswer.Distribution);
        var (by, never) = answer switch
        {
            SaturationAnswer.Distribution some => (some.By, (double?)some.Never),
            SaturationAnswer.NotWithinHorizon none => (none.By, none.Never),
            _ => ([], null),
        };
        var refused = answer as SaturationAnswer.NotIdentifiable;
        return new
        {
            status = StatusOf(answer),
            since = since?.Since,
            p10 = distribution?.P10,
            p50 = distribution?.P50,
            p90 = distribution?.P90,
            p_by = by.Select(entry => new { date = entry.Date, p = entry.Probability }).ToArray(),
            p_never = never,
            theta = answer.Basis.Theta,
            capacity = AnswerWords.Word(answer.Basis.Capacity),
            packing = answer.Basis.Packing is { } packing ? new { factor = packing.Factor, low80 = packing.Low80, high80 = packing.High80, hours = packing.Hours } : null,
            horizon = answer.Basis.Horizon,
            demand = new { answer = AnswerWords.Word(answer.Basis.Demand), at_least = answer.Basis.AtLeast },
            spells = Spells(since?.Later ?? distribution?.Spells ?? []),
            past_spells = Spells(answer.Past),
            reason = refused is null ? null : AnswerWords.Word(refused.Because),
            would_help = (refused?.WouldHelp ?? []).Select(AnswerWords.Word).ToArray(),
        };
    }

    public static string StatusOf(SaturationAnswer answer) => answer switch
    {
        SaturationAnswer.SaturatedSince => "saturated_since",
        SaturationAnswer.Distribution => "distribution",
        SaturationAnswer.NotWithinHorizon => "not_within_horizon",
        SaturationAnswer.NotIdentifiable => "not_identifiable",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static object[] Spells(ImmutableArray<SaturationSpell> spells) => [.. spells.Select(spell => new { from = spell.From, until = spell.Until })];
}
