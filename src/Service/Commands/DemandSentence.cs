using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Reports.Language;
using Headroom.Service.Composition;

namespace Headroom.Service.Commands;

/// <summary>Answers about demand and saturation as a line for a person.</summary>
internal static class DemandSentence
{
    private const int MostTenants = 10;

    /// <summary>The answer, and below it what a planner asks next, a line each.</summary>
    public static IEnumerable<string> Of(TextLookup text, DemandFindings findings, DateOnly? clearBy)
    {
        yield return Of(text, findings.Answer);
        if (findings.Retries is { } retries)
        {
            yield return retries.MeanApart is { } apart ? text["Demand.Retries.Apart", Count(retries.Retries), Devices(apart)] : text["Demand.Retries", Count(retries.Retries)];
        }

        if (findings.Observed is { Installed: > 0 } observed)
        {
            yield return text["Demand.Fill", Devices(observed.Installed), Share(observed.Allocated / observed.Installed)];
        }

        var causes = findings.Causes;
        if (!causes.Causes.IsEmpty)
        {
            yield return text[causes.SaturationHours > 0 ? "Demand.Saturated" : "Demand.NotSaturated", Count(causes.SaturationHours), Count(causes.Observed)];
            foreach (var share in causes.Causes)
            {
                yield return text["Demand.Cause", text[$"Demand.Cause.{share.Cause}"], Count(share.Hours), Devices(share.DeviceDays)] + Unserved(text, share.Unserved);
            }
        }

        foreach (var queue in causes.Tenants.Take(MostTenants))
        {
            yield return text["Demand.Tenant", queue.Tenant, Devices(queue.Mean), Count(queue.Hours), text[$"Demand.Cause.{queue.Cause}"], Share(queue.Share)] + Unserved(text, queue.Unserved);
        }

        if (causes.Tenants.Length > MostTenants)
        {
            yield return text["Demand.MoreTenants", Count(causes.Tenants.Length - MostTenants)];
        }

        if (findings.Backlog is { DeviceDays: > 0 } backlog)
        {
            yield return text["Demand.Backlog", Devices(backlog.DeviceDays), Devices(backlog.Low80), Devices(backlog.High80)];
        }

        foreach (var term in findings.Required(clearBy))
        {
            yield return text["Demand.Required", Date(term.By), Count(term.Days), Devices(term.Devices.Mean), Devices(term.Devices.Low80), Devices(term.Devices.High80)];
        }
    }

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

    private static string Unserved(TextLookup text, double? devices) => devices is { } mean ? text["Demand.Unserved", Devices(mean)] : "";

    private static string Count(double count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Devices(double devices) => devices.ToString("#,0.#", CultureInfo.InvariantCulture);

    private static string Share(double share) => $"{(100 * share).ToString("0.#", CultureInfo.InvariantCulture)} %";

    private static string Date(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "-";
}
