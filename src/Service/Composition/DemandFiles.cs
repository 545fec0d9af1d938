using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Records;
using Headroom.Ingest.Formats.Records.Capacity;
using Headroom.Ingest.Formats.Records.Jobs;
using Headroom.Ingest.Formats.Records.Observed;
using Headroom.Ingest.Formats.Records.Runtimes;

namespace Headroom.Service.Composition;

/// <summary>What demand and saturation are made from, out of files: <c>--observed</c> and the files beside it.</summary>
/// <param name="source">Its place is replaced by that of each file.</param>
/// <param name="warn">Told of every row that is left out.</param>
internal sealed class DemandFiles(RecordSource source, Action<UserMessage> warn)
{
    /// <summary>22 years: more is a broken time.</summary>
    private const int MostHours = 200_000;

    /// <param name="pool">Null: jobs must be of one pool.</param>
    /// <exception cref="UserException">A file is missing or unreadable, hours do not follow each other, or jobs are of several pools.</exception>
    public DemandInput Read(string observed, string? jobs, string? runtimes, string? pool)
    {
        var rows = Told(ObservedFile.Read(observed, source with { Place = observed }));
        var hours = Observed(observed, rows);
        var log = jobs is null ? null : Jobs(jobs, pool);
        var now = Math.Max(hours.IsEmpty ? 0 : hours[^1].Start + Micros.PerHour, log?.Select(Newest).DefaultIfEmpty(0).Max() ?? 0);
        var input = new DemandInput(hours, null, now)
        {
            Runtimes = runtimes is null ? [] : Runtimes(runtimes),
            Tenants = [.. rows.Where(row => row.Tenant is not null).Select(row => new TenantCount(row.Tenant!, row.Hour, row.Installed, row.Allocated, row.Queued))],
        };
        return log is null ? input : input.With(log);
    }

    /// <exception cref="UserException">Missing or unreadable.</exception>
    public CapacityPlan Capacity(string path, CenterClock clock) => new(
    [
        .. Told(CapacityFile.Read(path, source with { Place = path }))
            .Select(row => new CapacityPhase(clock.DayOf(row.From), row.To is { } to ? clock.DayOf(to) : null, row.Cards, row.Status, row.SlipDays)),
    ]);

    private static ImmutableArray<ObservedHour> Observed(string path, ImmutableArray<ObservedRow> rows)
    {
        if (rows.IsEmpty)
        {
            return [];
        }

        var hours = rows.GroupBy(row => (row.Hour, row.Tenant)).Select(same => same.Last()).GroupBy(row => row.Hour).OrderBy(hour => hour.Key).Select(Sum).ToImmutableArray();
        var first = hours[0].Start;
        foreach (var hour in hours)
        {
            if ((hour.Start - first) % Micros.PerHour != 0 || (hour.Start - first) / Micros.PerHour >= MostHours)
            {
                throw new UserException(UserMessage.Of(MessageCode.TableValue, path, "hour", Instants.ToText(hour.Start), $"{Instants.ToText(first)} + n h, n < {MostHours}"));
            }
        }

        return hours;
    }

    private static ObservedHour Sum(IGrouping<long, ObservedRow> rows) => new(
        rows.Key, rows.Sum(row => row.Installed), rows.Sum(row => row.Allocated), rows.Any(row => row.Queued is null) ? null : rows.Sum(row => row.Queued!.Value));

    private List<JobFact> Jobs(string path, string? pool)
    {
        var jobs = Told(JobsFile.Read(path, source with { Place = path }));
        var pools = jobs.Select(job => job.Pool?.Value).Distinct().Order(StringComparer.Ordinal).ToList();
        return pool is not null || pools.Count <= 1
            ? [.. jobs.Where(job => pool is null || job.Pool is null || job.Pool.Value.Value == pool)]
            : throw new UserException(UserMessage.Of(MessageCode.UsageError, "--pool", "", string.Join(" | ", pools.Where(name => name is not null))));
    }

    private ImmutableArray<FinishedRuntime> Runtimes(string path) =>
        [.. Told(RuntimesFile.Read(path, source with { Place = path })).Select(row => new FinishedRuntime(row.Cards, row.Runtime) { Waited = row.Wait })];

    private ImmutableArray<T> Told<T>(RowsOf<T> rows)
    {
        foreach (var problem in rows.Problems)
        {
            warn(problem);
        }

        return rows.Rows;
    }

    private static long Newest(JobFact job) => Math.Max(job.Submitted, Math.Max(job.Started ?? 0, job.Ended ?? 0));
}
