using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Ledger;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;

namespace Headroom.Service.Composition;

/// <summary>Asks for the latent demand of one pool of a center: from its hours, its jobs, and what was applied for.</summary>
/// <param name="jobs">Of every pool; null: the center has no job log.</param>
/// <param name="now">The end of what is looked at. Unit: microseconds since the Unix epoch.</param>
internal sealed class DemandDesk(IReadOnlyCollection<JobFact>? jobs, IReadOnlyCollection<RequestFact> requests, PoolId fallback, long now)
{
    /// <summary>Hours of demand that are forecast for the curve.</summary>
    private const int HoursAhead = 14 * 24;

    /// <summary>What an observer saw of a pool, hour by hour, oldest first. An hour without an allocation source has its busy devices as allocated: it is a floor.</summary>
    public static ImmutableArray<ObservedHour> Observed(IEnumerable<PoolHour> hours) =>
    [
        .. hours
            .OrderBy(hour => hour.HourStart)
            .Where(hour => hour.Devices.Available > 0)
            .Select(hour => new ObservedHour(hour.HourStart, Mean(hour.Devices.Available), Mean(Int128.Max(hour.Devices.Allocated, hour.Devices.Busy)), Queued: null)),
    ];

    /// <param name="hours">Of this pool, whole local days.</param>
    public DemandAnswer Ask(PoolId pool, IReadOnlyCollection<PoolHour> hours)
    {
        var observed = Observed(hours);
        var log = jobs?.Where(job => (job.Pool ?? fallback) == pool).Select(job => KnownBy(job, now)).ToList();
        var answer = LatentDemand.Of(new(observed, log is null ? null : Episodes.Of(log, now), now) { Horizon = HoursAhead });
        return answer switch
        {
            DemandAnswer.Estimate { Method: DemandMethod.IntervalSweep } estimate => estimate with { Series = estimate.Series with { Observed = WithRequests(pool, log!, estimate.Series.Observed) } },
            DemandAnswer.Estimate when hours.Any(hour => !hour.Devices.HasAllocationSource) => new DemandAnswer.LowerBound(
                new([.. observed.Select(hour => DemandHour.Exactly(hour.Start, hour.Allocated))], []),
                DemandReason.NearlyFullWithoutQueue,
                [WouldHelp.Jobs, WouldHelp.Requests, WouldHelp.QueueCounts]),
            _ => answer,
        };
    }

    // Applications and contracts ask from the day they want on, whatever became of them; with the jobs of their tenant they combine as the ledger does.
    private ImmutableArray<DemandHour> WithRequests(PoolId pool, List<JobFact> log, ImmutableArray<DemandHour> observed)
    {
        var wanted = requests.Where(request => (request.Pool ?? fallback) == pool && request.Wanted.From < now).ToList();
        if (wanted.Count == 0)
        {
            return observed;
        }

        var window = new Window(observed[0].Start, observed[^1].Start + Micros.PerHour);
        var (both, alone) = (Totals(log, wanted, window), Totals(log, [], window));
        return
        [
            .. observed.Select(hour =>
            {
                var more = (double)(both.GetValueOrDefault(hour.Start) - alone.GetValueOrDefault(hour.Start)) / Micros.PerHour;
                return new DemandHour(hour.Start, hour.Mean + more, hour.Low80 + more, hour.High80 + more);
            }),
        ];
    }

    private Dictionary<long, long> Totals(List<JobFact> log, List<RequestFact> wanted, Window window)
    {
        var spans = DemandSpans.Of(log, wanted, fallback);
        var from = wanted.ToDictionary(request => request.RequestId, request => request.Wanted.From, StringComparer.Ordinal);
        return new DemandLedger([.. spans.Select(span => span.Kind is DemandKind.JobRuns or DemandKind.JobWaits ? span : span with { Valid = span.Valid with { From = Math.Max(span.Valid.From, from[span.Id]) } })])
            .Hours(window)
            .Where(hour => !hour.Account.Preemptible)
            .GroupBy(hour => hour.HourStart)
            .ToDictionary(hour => hour.Key, hour => hour.Sum(line => line.Amounts.Total));
    }

    /// <summary>The job as it stood at <paramref name="known"/>: a report of a past day knows no later end.</summary>
    public static JobFact KnownBy(JobFact job, long known)
    {
        var started = job.Started is { } start && start < known ? job.Started : null;
        var ended = job.Ended is { } end && end <= known ? job.Ended : null;
        var state = ended is not null ? job.State : started is not null ? JobState.Running : JobState.Pending;
        return job with { Started = started, Ended = ended, State = state };
    }

    private static double Mean(Int128 deviceMicros) => (double)deviceMicros / Micros.PerHour;
}
