using System.Globalization;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Metrics;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;

namespace Headroom.Reports.Sections.Verdict;

/// <summary>The sentences of a verdict, from its figures and dates and nothing else.</summary>
public static class VerdictText
{
    private const double SmallestChance = 0.001;

    /// <summary>When.</summary>
    public static string When(PoolVerdict pool, TextLookup text) => pool.Answer switch
    {
        SaturationAnswer.SaturatedSince since when since.Since <= pool.Opened => text["Verdict.SaturatedFromOpening", Day(since.Since, text)],
        SaturationAnswer.SaturatedSince since when since.Since <= pool.FirstDay => text["Verdict.SaturatedFromStart", Day(since.Since, text)],
        SaturationAnswer.SaturatedSince since => text["Verdict.SaturatedSince", Day(since.Since, text)],
        SaturationAnswer.Distribution { P50: not null } some when pool.Saturation.Value <= 0 => text[
            "Verdict.DistributionBegun", Day(some.P10, pool, text), Day(some.P50, pool, text), Day(some.P90, pool, text), Threshold(pool, text)],
        SaturationAnswer.Distribution { P50: not null } some => text[
            "Verdict.Distribution", Day(some.P10, pool, text), Day(some.P50, pool, text), Day(some.P90, pool, text)],
        SaturationAnswer.Distribution some => text["Verdict.DistributionOpen", Day(some.P10, pool, text), Day(some.Basis.Horizon, text), Chance(pool, text)],
        SaturationAnswer.NotWithinHorizon none => text["Verdict.NotWithinHorizon", Day(none.Basis.Horizon, text), Chance(pool, text)],
        SaturationAnswer.NotIdentifiable => text["Verdict.NotIdentifiable"],
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>By how much.</summary>
    public static string HowMuch(PoolVerdict pool, TextLookup text)
    {
        string Print(Figure figure) => FigureText.Headline(figure, text);
        return pool.Demand switch
        {
            DemandAnswerKind.Estimate => text[
                "Verdict.Estimate", Print(pool.Latent), Print(pool.Capacity), Print(pool.Oversubscription), Print(pool.Headroom), Target(pool, text), Print(pool.HeadroomAtTarget)],
            DemandAnswerKind.LowerBound => text["Verdict.LowerBound", FigureText.Quantity(pool.Latent.Low ?? 0, pool.Latent.Unit, text), Print(pool.Capacity)],
            DemandAnswerKind.Refused => text["Verdict.Refused", Print(pool.Capacity)],
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>How sure.</summary>
    public static string HowSure(PoolVerdict pool, TextLookup text)
    {
        var full = Threshold(pool, text);
        if (pool.ByHorizon is not null)
        {
            var meaning = text["Verdict.Sure.Chance", full];
            return pool.Answer is SaturationAnswer.Distribution { P50: not null } ? text["Verdict.Sure.By", Day(pool.Answer.Basis.Horizon, text), Chance(pool, text), meaning] : meaning;
        }

        return pool.Demand switch
        {
            DemandAnswerKind.LowerBound when pool.Answer is SaturationAnswer.SaturatedSince => text["Verdict.Sure.Proved", full],
            DemandAnswerKind.Estimate when pool.Latent.Low < pool.Latent.High => text["Verdict.Sure.Band", FigureText.Bounds(pool.Latent, text), full],
            DemandAnswerKind.Estimate => text["Verdict.Sure.Counted", full],
            _ => text["Verdict.Sure.Nothing"],
        };
    }

    /// <summary>Which capacity tells saturation, and what that rests on.</summary>
    public static string CapacityBasis(PoolVerdict pool, TextLookup text)
    {
        string Share(double share) => FigureText.Quantity(share, MetricUnit.Share, text);
        return pool.Answer.Basis.Packing is { } packing
            ? text["Verdict.Effective", Share(packing.Factor), packing.Hours, Share(packing.Low80), Share(packing.High80)]
            : text["Verdict.NotCalibrated"];
    }

    /// <summary>The target without a needless decimal: "90 %".</summary>
    public static string Target(PoolVerdict pool, TextLookup text) =>
        text["Unit.Share.With", (pool.Theta.Value!.Value * 100).ToString("0.#", CultureInfo.InvariantCulture)];

    /// <summary>"90 % of effective capacity".</summary>
    private static string Threshold(PoolVerdict pool, TextLookup text) => text[pool.Answer.Basis.Packing is null ? "Verdict.OfUsable" : "Verdict.OfEffective", Target(pool, text)];

    public static string Day(DateOnly day, TextLookup text) => day.ToString(text["Date.Full"], text.Culture);

    // Sample paths cannot tell a smaller chance from none.
    private static string Chance(PoolVerdict pool, TextLookup text) => pool.ByHorizon!.Value < SmallestChance
        ? text["Verdict.ChanceBelow", FigureText.Quantity(SmallestChance, pool.ByHorizon.Unit, text)]
        : FigureText.Headline(pool.ByHorizon, text);

    private static string Day(DateOnly? day, PoolVerdict pool, TextLookup text) => day is { } known ? Day(known, text) : text["Verdict.AfterHorizon", Day(pool.Answer.Basis.Horizon, text)];
}
