using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Headroom.Analytics.Demand;
using Headroom.Domain.Time;
using Headroom.Reports.Saturation;

namespace Headroom.Service.Composition;

/// <summary>Demand as a file: hours as CSV, the kind of answer as JSON.</summary>
internal static class DemandOutput
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>
    /// <c>hour,demand,lo80,hi80</c> in devices. Of a lower bound, <c>demand</c> and <c>lo80</c> are the bound and <c>hi80</c> is empty;
    /// hours ahead of one are empty, because nothing bounds them.
    /// </summary>
    public static void WriteHours(TextWriter writer, DemandAnswer answer, int horizon)
    {
        writer.Write("hour,demand,lo80,hi80\n");
        if (answer.Hourly is not { } series)
        {
            return;
        }

        var isBound = answer is DemandAnswer.LowerBound;
        foreach (var hour in series.Observed.Concat(series.Ahead))
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{Instants.ToText(hour.Start)},{hour.Mean:0.######},{hour.Low80:0.######},"));
            writer.Write(isBound ? "\n" : string.Create(CultureInfo.InvariantCulture, $"{hour.High80:0.######}\n"));
        }

        for (var step = series.Ahead.Length; step < horizon && !series.Observed.IsEmpty; step++)
        {
            writer.Write($"{Instants.ToText(series.Observed[^1].Start + ((step + 1) * Micros.PerHour))},,,\n");
        }
    }

    /// <param name="clearBy">A local day by which the backlog is to be cleared; null: nobody asked for one.</param>
    public static void WriteAnswer(TextWriter writer, DemandFindings findings, DateOnly? clearBy) => writer.Write(JsonSerializer.Serialize(Machine(findings, clearBy), Indented) + "\n");

    public static object Machine(DemandFindings findings, DateOnly? clearBy) => findings.Answer switch
    {
        DemandAnswer.Estimate estimate => Of(findings, clearBy, AnswerWords.Word(estimate.Method), null, estimate.WouldHelp, estimate.Caveats),
        DemandAnswer.LowerBound bound => Of(findings, clearBy, "served", bound.Because, bound.WouldHelp, []),
        DemandAnswer.Refused refused => Of(findings, clearBy, null, refused.Because, refused.WouldHelp, []),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static object Of(DemandFindings findings, DateOnly? clearBy, string? method, DemandReason? reason, ImmutableArray<WouldHelp> help, ImmutableArray<DemandCaveat> caveats) => new
    {
        answer = AnswerWords.Word(findings.Answer.Kind),
        method,
        reason = reason is { } because ? AnswerWords.Word(because) : null,
        would_help = help.Select(AnswerWords.Word).ToArray(),
        assumes = caveats.Select(AnswerWords.Word).ToArray(),
        day = findings.Day,
        mean_installed = findings.Observed?.Installed,
        mean_allocated = findings.Observed?.Allocated,
        recent = findings.Recent is { } recent ? new { days = PoolScale.RecentDays, demand = recent.Mean, lo80 = recent.Low, hi80 = findings.Answer is DemandAnswer.Estimate ? recent.High : (double?)null } : null,
        backlog = findings.Backlog is { } backlog ? new { device_days = backlog.DeviceDays, lo80 = backlog.Low80, hi80 = backlog.High80 } : null,
        required = findings.Required(clearBy).Select(term => new { by = term.By, days = term.Days, devices = term.Devices.Mean, lo80 = term.Devices.Low80, hi80 = term.Devices.High80 }).ToArray(),
        submitted_again = findings.Retries is { } retries ? new { jobs = retries.Retries, mean_demand_if_apart = retries.MeanApart } : null,
        observed_hours = findings.Causes.Observed,
        full_while_waiting = findings.Causes.FullWhileWaiting,
        saturation_hours = findings.Causes.SaturationHours,
        waits_for = findings.Causes.Causes.Select(share => new { cause = AnswerWords.Word(share.Cause), hours = share.Hours, device_days = share.DeviceDays, mean_unserved = share.Unserved }).ToArray(),
        tenants = findings.Causes.Tenants.Select(queue => new { tenant = queue.Tenant, cause = AnswerWords.Word(queue.Cause), share = queue.Share, hours = queue.Hours, device_days = queue.DeviceDays, mean_queued = queue.Mean, mean_unserved = queue.Unserved }).ToArray(),
    };
}
