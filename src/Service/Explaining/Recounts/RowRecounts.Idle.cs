using System.Numerics;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Figures;

namespace Headroom.Service.Explaining.Recounts;

/// <content>Idle runs, and how jobs ended.</content>
internal sealed partial class RowRecounts
{
    private Recounted OfIdle(Figure figure)
    {
        var pool = figure.Scope.Pool!.Value;
        if (figure.Metric == MetricCatalog.IdleReclaimable.Id)
        {
            return Idle(pool, figure.Scope.Tenant, figure.Scope.Part);
        }

        var jobs = JobsOf(pool);
        return figure.Metric.Name switch
        {
            "U6" => Share(RowKind.Jobs, "Allocated (ended well)", jobs.Well, jobs.Well + jobs.Badly, "Allocated", jobs.Well + jobs.Badly + jobs.Open, MetricUnit.DeviceHours, Micros.PerHour, jobs.Named),
            "Interruptions" => Amount(RowKind.Jobs, "1000 × n (cut short) ÷ Σ n × t", "n", (BigInteger)jobs.Cut * 1_000 * Micros.PerDay, jobs.Well + jobs.Badly + jobs.Open, MetricUnit.PerThousandDeviceDays, jobs.Named),
            _ => Amount(RowKind.Jobs, "Σ n × t (job of another precision)", "Displaced", jobs.Displaced, Micros.PerHour, MetricUnit.DeviceHours, jobs.Named),
        };
    }

    private Recounted Idle(PoolId pool, TenantId? tenant, string? part)
    {
        Int128 sum = 0;
        var runs = raw!.Idle.Where(run => run.Stay.Pool == pool && (tenant is null || run.Hold.Tenant == tenant) && (part is null || run.Part == part)).ToList();
        foreach (var run in runs)
        {
            sum += (Int128)run.Micros * run.Ppm / AllocationFact.Whole * rows.WeightOf(pool, run.Stay.Model);
        }

        return Weighed(RowKind.Samples, pool, "Idle (u < 0.05, ≥ 15 min)", sum, runs.Select(Row));
    }

    private static NamedRow Row(RawIdle run) =>
        new($"{run.Device} {run.Hold.JobId} ({run.Part})", run.From, run.From + run.Micros, (double)run.Micros / Micros.PerHour, MetricUnit.DeviceHours);

    // Every job that held anything of the pool, from its size and its times.
    private (Int128 Well, Int128 Badly, Int128 Open, int Cut, Int128 Displaced, List<NamedRow> Named) JobsOf(PoolId pool)
    {
        Int128 well = 0, badly = 0, open = 0, displaced = 0;
        var (cut, named) = (0, new List<NamedRow>());
        foreach (var job in devices.Facts.Jobs.Where(job => (job.Pool ?? devices.Center.FallbackPool) == pool && job.Started is not null))
        {
            var (from, until) = (Math.Max(job.Started!.Value, Window.From), Math.Min(job.Ended ?? Math.Max(fleet.JobsKnownUntil, job.Started.Value), Window.Until));
            var held = (Int128)Math.Max(0, until - from) * job.Devices;
            var isCut = job.Ended is { } end && Window.Contains(end) && job.State is JobState.NodeFail or JobState.Preempted or JobState.Requeued;
            if (held == 0 && !isCut)
            {
                continue;
            }

            named.Add(new($"{job.JobId} ({job.State})", from, Math.Max(from, until), job.Devices, MetricUnit.Devices));
            cut += isCut ? 1 : 0;
            displaced += job.Precision is { } precision && precision != devices.Center.PrecisionOf(pool) ? held : 0;
            switch (job)
            {
                case { Ended: null } or { State: JobState.Unknown }:
                    open += held;
                    break;
                case { State: JobState.Completed }:
                    well += held;
                    break;
                default:
                    badly += held;
                    break;
            }
        }

        return (well, badly, open, cut, displaced, named);
    }
}
