using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Headroom.Analytics.Demand;
using Headroom.Domain.Time;

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

    public static void WriteAnswer(TextWriter writer, DemandAnswer answer, QueueCauses causes) => writer.Write(JsonSerializer.Serialize(Machine(answer, causes), Indented) + "\n");

    public static object Machine(DemandAnswer answer, QueueCauses causes) => answer switch
    {
        DemandAnswer.Estimate estimate => Of(answer, AnswerWords.Word(estimate.Method), null, [], estimate.Caveats, causes),
        DemandAnswer.LowerBound bound => Of(answer, "served", bound.Because, bound.WouldHelp, [], causes),
        DemandAnswer.Refused refused => Of(answer, null, refused.Because, refused.WouldHelp, [], causes),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static object Of(DemandAnswer answer, string? method, DemandReason? reason, ImmutableArray<WouldHelp> help, ImmutableArray<DemandCaveat> caveats, QueueCauses causes) => new
    {
        answer = AnswerWords.Word(answer.Kind),
        method,
        reason = reason is { } because ? AnswerWords.Word(because) : null,
        would_help = help.Select(AnswerWords.Word).ToArray(),
        assumes = caveats.Select(AnswerWords.Word).ToArray(),
        full_while_waiting = causes.FullWhileWaiting,
        saturation_hours = causes.SaturationHours,
        waits_for = causes.Causes.Select(share => new { cause = AnswerWords.Word(share.Cause), hours = share.Hours, device_days = share.DeviceDays }).ToArray(),
        tenants = causes.Tenants.Select(queue => new { tenant = queue.Tenant, cause = AnswerWords.Word(queue.Cause), share = queue.Share, hours = queue.Hours, device_days = queue.DeviceDays, mean_queued = queue.Mean }).ToArray(),
    };
}
