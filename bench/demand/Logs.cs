using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Records;
using Headroom.Ingest.Formats.Records.Jobs;

namespace Headroom.Bench.Demand;

/// <summary>Streams of requests: real job logs, thinned by whole tenant-days, and made-up ones.</summary>
internal static class Logs
{
    /// <summary>Of the folder of traces: name, part of the log that is whole, share of its tenant-days that is kept.</summary>
    public static readonly (string Name, DateTime From, double Share)[] Real =
    [
        ("philly-sia", new(2017, 9, 25, 0, 0, 0, DateTimeKind.Utc), 0.3),
        ("philly-muri", new(2017, 9, 11, 0, 0, 0, DateTimeKind.Utc), 0.8),
        ("nasa-ipsc-1993", new(1993, 10, 1, 7, 0, 0, DateTimeKind.Utc), 0.8),
    ];

    private static readonly Dictionary<string, List<TrueJob>> Read = [];

    public static List<TrueJob> Thinned(string folder, int log, Random random)
    {
        var (name, from, share) = Real[log];
        if (!Read.TryGetValue(name, out var all))
        {
            Read[name] = all = Whole(Path.Combine(folder, name, "jobs.csv.gz"), from);
        }

        var kept = new Dictionary<(string, int), bool>();
        return [.. all.Where(job =>
        {
            var day = (job.Tenant, (int)(job.Submit / 24));
            if (!kept.TryGetValue(day, out var keep))
            {
                kept[day] = keep = random.NextDouble() < share;
            }

            return keep;
        })];
    }

    /// <summary>Poisson arrivals of twelve tenants, log-normal runtimes of 4 hours in the median, gangs of 1 to 16, days and weekends.</summary>
    /// <param name="devices">Mean devices wanted.</param>
    public static List<TrueJob> Made(double devices, int hours, Random random, double spread = 1.2)
    {
        const double median = 4;
        var mean = median * Math.Exp(spread * spread / 2);
        int[] sizes = [1, 1, 1, 1, 2, 2, 4, 4, 8, 16];
        var perHour = devices / (mean * sizes.Average());
        var (jobs, now) = (new List<TrueJob>(), 0.0);
        while (true)
        {
            now += -Math.Log(1 - random.NextDouble()) / (perHour * 1.6);
            if (now >= hours)
            {
                return jobs;
            }

            var (hour, day) = (now % 24, (int)(now / 24) % 7);
            if (random.NextDouble() * 1.6 < (day < 5 ? 1.1 : 0.75) * (1 + (0.4 * Math.Sin(2 * Math.PI * (hour - 9) / 24))))
            {
                jobs.Add(new($"t{random.Next(12)}", now, median * Math.Exp(spread * Normal(random)), sizes[random.Next(sizes.Length)]));
            }
        }
    }

    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static List<TrueJob> Whole(string file, DateTime from)
    {
        var origin = Instants.From(new DateTimeOffset(from, TimeSpan.Zero));
        var jobs = JobsFile.Read(file, new RecordSource(file, Instants.Never - Micros.PerDay) { Zone = TimeZoneInfo.Utc }).Rows;
        return
        [
            .. jobs.Where(job => job is { Started: not null, Ended: not null } && job.Submitted >= origin)
                .Select(job => new TrueJob(job.Tenant.Value, (double)(job.Submitted - origin) / Micros.PerHour, (double)(job.Ended!.Value - job.Started!.Value) / Micros.PerHour, job.Devices)),
        ];
    }
}
