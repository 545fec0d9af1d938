using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Reports.Language;

namespace Headroom.Service.Commands;

/// <summary>Answers about demand and saturation as a line for a person.</summary>
internal static class DemandSentence
{
    public static string Of(TextLookup text, DemandAnswer answer) => answer switch
    {
        DemandAnswer.Estimate estimate => string.Join(
            text.Name == Texts.Chinese ? "" : " ",
            estimate.Caveats.Select(caveat => text[$"Demand.Caveat.{caveat}"]).Prepend(text["Demand.Answer.Estimate", Devices(estimate.Series.Mean), text[$"Demand.Method.{estimate.Method}"]])),
        DemandAnswer.LowerBound bound => text["Demand.Answer.LowerBound", Devices(bound.Series.Mean), text[$"Demand.Because.{bound.Because}"], Help(text, bound.WouldHelp)],
        DemandAnswer.Refused refused => text["Demand.Answer.Refused", text[$"Demand.Because.{refused.Because}"], Help(text, refused.WouldHelp)],
        _ => throw new UnreachableException(),
    };

    public static string Of(TextLookup text, SaturationAnswer answer) => answer switch
    {
        SaturationAnswer.SaturatedSince { Basis.AtLeast: { } least } since => text["Saturation.Answer.SinceAtLeast", Date(since.Since), Devices(least), Share(answer.Basis.Theta)],
        SaturationAnswer.SaturatedSince since => text["Saturation.Answer.Since", Date(since.Since), Share(answer.Basis.Theta)],
        SaturationAnswer.Distribution some => text[
            "Saturation.Answer.Distribution", Date(some.P10), Date(some.P50), Date(some.P90), Share(1 - some.Never), Date(answer.Basis.Horizon), Share(answer.Basis.Theta)],
        SaturationAnswer.NotWithinHorizon none => text["Saturation.Answer.NotWithinHorizon", Date(answer.Basis.Horizon), Share(none.Never), Share(answer.Basis.Theta)],
        SaturationAnswer.NotIdentifiable refused => text["Saturation.Answer.NotIdentifiable", text[$"Demand.Because.{refused.Because}"], Help(text, refused.WouldHelp)],
        _ => throw new UnreachableException(),
    };

    private static string Help(TextLookup text, ImmutableArray<WouldHelp> help) =>
        string.Join(text.Name == Texts.Chinese ? "、" : ", ", help.Select(word => text[$"Demand.WouldHelp.{word}"]));

    private static string Devices(double devices) => devices.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Share(double share) => $"{(100 * share).ToString("0.#", CultureInfo.InvariantCulture)} %";

    private static string Date(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "-";
}
