using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Queueing;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Bench.Demand;

/// <summary>One request as it truly is. Unit of times: hours from the start of the log.</summary>
/// <param name="Patience">How long it waits; infinite: as long as it takes.</param>
internal readonly record struct TrueJob(string Tenant, double Submit, double Runtime, int Devices, double Patience = double.PositiveInfinity)
{
    /// <summary>How long it asks to run, which the scheduler and the log know; null: the scheduler knows its runtime, and the log says nothing.</summary>
    public double? Requested { get; init; }
}

/// <summary>Jobs run through the queueing engine on fewer devices than they want: what an observer sees, and what was wanted.</summary>
/// <param name="Observed">From the start of the window to its end.</param>
/// <param name="Jobs">As known at the end of the window.</param>
/// <param name="Truth">Mean devices wanted, by observed hour.</param>
internal sealed record ReplayCase(ImmutableArray<ObservedHour> Observed, ImmutableArray<JobFact> Jobs, double[] Truth)
{
    private static readonly long Origin = Instants.From(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero));

    public long Now => Observed[^1].Start + Micros.PerHour;

    /// <summary>Runtimes of the jobs that ended, as a sample without names or times.</summary>
    public ImmutableArray<FinishedRuntime> Sample =>
        [.. Jobs.Where(job => job is { Started: not null, Ended: not null }).Select(job => new FinishedRuntime(job.Devices, job.Ended!.Value - job.Started!.Value))];

    /// <param name="capacity">Devices by hour from the start of the log.</param>
    /// <param name="quotas">Each tenant waits for its own share of the devices; else all share them.</param>
    public static ReplayCase Run(IReadOnlyList<TrueJob> jobs, Func<double, int> capacity, IQueueDiscipline discipline, int from, int until, bool quotas = false)
    {
        // Nobody asks a center for more than it has at that time.
        jobs = [.. jobs.Where(job => job.Devices <= capacity(job.Submit))];
        var starts = new QueueOutcome[jobs.Count];
        var groups = quotas ? jobs.Index().GroupBy(job => job.Item.Tenant).ToList() : [.. jobs.Index().GroupBy(_ => "")];
        var sum = jobs.Sum(job => job.Devices * job.Runtime);
        foreach (var group in groups)
        {
            var members = group.ToList();
            var largest = members.Max(job => job.Item.Devices);
            var share = quotas ? members.Sum(job => job.Item.Devices * job.Item.Runtime) / sum : 1;
            var outcomes = QueueingEngine.Run(
                [.. members.Select(job => Queued(job.Item))], Path(hour => quotas ? Math.Max(largest, (int)(share * capacity(hour))) : capacity(hour), until), At(until), discipline);
            for (var i = 0; i < members.Count; i++)
            {
                starts[members[i].Index] = outcomes[i];
            }
        }

        var (served, queued, wanted) = (new double[until - from], new double[until - from], new double[until - from]);
        var facts = ImmutableArray.CreateBuilder<JobFact>();
        for (var i = 0; i < jobs.Count; i++)
        {
            var (job, outcome) = (jobs[i], starts[i]);
            if (outcome.Fate is JobFate.NotSubmitted or JobFate.TooLarge)
            {
                continue;
            }

            var submit = At(job.Submit);
            var runtime = Queued(job).RuntimeMicros;
            var started = outcome.StartMicros;
            var ended = outcome.Fate switch
            {
                JobFate.Finished => started + runtime,
                JobFate.Left => outcome.AtMicros,
                _ => null,
            };
            Add(wanted, from, submit, submit + runtime, job.Devices);
            Add(queued, from, submit, outcome.AtMicros, job.Devices);
            if (started is { } start)
            {
                Add(served, from, start, start + runtime, job.Devices);
            }

            var state = outcome.Fate switch { JobFate.Finished => JobState.Completed, JobFate.Running => JobState.Running, JobFate.Waiting => JobState.Pending, _ => JobState.Cancelled };
            if (ended is null || ended >= At(from) || submit >= At(from))
            {
                facts.Add(new("c", $"{i}", new(job.Tenant), submit, null, started, ended, job.Devices, state, null, null, [], null, false, Queued(job).RequestedMicros, null));
            }
        }

        return new([.. Enumerable.Range(0, until - from).Select(hour => new ObservedHour(At(from + hour), capacity(from + hour), served[hour], queued[hour]))], facts.ToImmutable(), wanted);
    }

    public static long At(double hour) => Origin + (long)(hour * Micros.PerHour);

    private static QueuedJob Queued(TrueJob job) => new(
        At(job.Submit), Math.Max(1, (long)(job.Runtime * Micros.PerHour)), job.Devices, double.IsFinite(job.Patience) ? (long)(job.Patience * Micros.PerHour) : QueuedJob.NeverLeaves)
    {
        RequestedMicros = job.Requested is { } hours ? Math.Max(1, (long)(hours * Micros.PerHour)) : null,
    };

    private static CapacityPath Path(Func<double, int> capacity, int until)
    {
        var steps = new List<CapacityStep> { new(long.MinValue, capacity(0)) };
        for (var hour = 1; hour < until; hour++)
        {
            if (capacity(hour) != steps[^1].Devices)
            {
                steps.Add(new(At(hour), capacity(hour)));
            }
        }

        return new([.. steps]);
    }

    private static void Add(double[] hours, int first, long from, long until, int devices)
    {
        var hour = Math.Max(0, (int)Math.Floor((double)(from - At(first)) / Micros.PerHour));
        for (; hour < hours.Length && At(first + hour) < until; hour++)
        {
            hours[hour] += devices * (double)Math.Max(0, Math.Min(until, At(first + hour + 1)) - Math.Max(from, At(first + hour))) / Micros.PerHour;
        }
    }
}
