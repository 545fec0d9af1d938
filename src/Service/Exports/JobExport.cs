using System.Globalization;
using System.Text.Json;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using Headroom.Service.Rendering;

namespace Headroom.Service.Exports;

/// <summary>Jobs as the CSV that ingest reads: what comes back is a duplicate, row by row.</summary>
internal static class JobExport
{
    private const string Header =
        "cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state,pool,model,eligible_utc,card_ids,priority,preemptible,requested_s,attempt_of,name,precision,revision";

    /// <param name="asked">Jobs whose life, from submission to end, shares time with it.</param>
    public static long Write(TextWriter writer, IEnumerable<JobFact> jobs, Window asked)
    {
        var rows = 0L;
        writer.Write(Header + "\n");
        foreach (var job in jobs.Where(job => job.Submitted < asked.Until && (job.Ended ?? Instants.Never) >= asked.From))
        {
            rows++;
            writer.Write(string.Join(',', Row(job).Select(CsvText.Cell)) + "\n");
        }

        return rows;
    }

    private static string[] Row(JobFact job) =>
    [
        job.Cluster,
        job.JobId,
        job.Tenant.Value,
        Instants.ToText(job.Submitted),
        Time(job.Started),
        Time(job.Ended),
        job.Devices.ToString(CultureInfo.InvariantCulture),
        JsonNamingPolicy.SnakeCaseUpper.ConvertName(job.State.ToString()),
        job.Pool?.Value ?? "",
        job.Model ?? "",
        Time(job.Eligible),
        string.Join(';', job.DeviceIds.Select(device => device.Value)),
        job.Priority ?? "",
        job.Preemptible ? "true" : "false",
        job.Requested is { } requested ? (requested / Micros.PerSecond).ToString(CultureInfo.InvariantCulture) : "",
        job.AttemptOf ?? "",
        job.Name ?? "",
        job.Precision?.ToString().ToLowerInvariant() ?? "",
        job.Revision.ToString(CultureInfo.InvariantCulture),
    ];

    private static string Time(long? instant) => instant is { } known ? Instants.ToText(known) : "";
}
