using Headroom.Analytics.Queueing;

namespace Headroom.Bench.Demand;

/// <summary>Ways in which demand and a center can be; the last ones are not what the estimator takes for granted.</summary>
internal static class Families
{
    private const int From = 7 * 24;
    private const int Until = 49 * 24;

    /// <param name="Assumed">False: the estimator does not assume such a thing.</param>
    /// <param name="Make">From the log, the ratio of demand to capacity, and random numbers.</param>
    internal sealed record Family(string Name, bool Assumed, double[] Loads, Func<List<TrueJob>, double, Random, ReplayCase> Make);

    public static readonly Family[] All =
    [
        new("below capacity, FIFO", true, [0.5, 0.7, 0.9], (jobs, load, _) => Run(jobs, load, FifoDiscipline.Instance)),
        new("FIFO, nobody leaves", true, [1.1, 1.3, 1.5], (jobs, load, _) => Run(jobs, load, FifoDiscipline.Instance)),
        new("EASY, nobody leaves", true, [1.1, 1.3, 1.5], (jobs, load, _) => Run(jobs, load, EasyDiscipline.Instance)),
        new("FIFO, patience 24 h", true, [1.2, 1.5, 1.9, 2.5], (jobs, load, random) => Run(Patient(jobs, _ => 24, random), load, FifoDiscipline.Instance)),
        new("EASY, patience 24 h", true, [1.2, 1.5, 1.9, 2.5], (jobs, load, random) => Run(Patient(jobs, _ => 24, random), load, EasyDiscipline.Instance)),
        new("growth, patience 48 h", true, [1.2, 1.9], (jobs, load, random) => Run(Patient(Growing(jobs, random), _ => 48, random), load, EasyDiscipline.Instance)),
        new("expansion by half", true, [1.3, 1.9], (jobs, load, random) => Run(Patient(jobs, _ => 72, random), load, FifoDiscipline.Instance, hour => hour < (From + Until) / 2 ? 0.8 : 1.2)),
        new("quotas by tenant", true, [0.9, 1.3, 1.9], (jobs, load, random) => Run(Patient(jobs, _ => 48, random), load, FifoDiscipline.Instance, quotas: true)),
        new("requested times, patience 24 h", true, [1.3, 1.9], (jobs, load, random) => Run(Asking(Patient(jobs, _ => 24, random), random), load, EasyDiscipline.Instance)),
        new("patience grows with runtime, FIFO", false, [1.3, 1.9], (jobs, load, random) => Run(Patient(jobs, Longer, random), load, FifoDiscipline.Instance)),
        new("patience grows with runtime, requested times", false, [1.3, 1.9], (jobs, load, random) => Run(Asking(Patient(jobs, Longer, random), random), load, EasyDiscipline.Instance)),
        new("patience grows with runtime, EASY", false, [1.3, 1.9], (jobs, load, random) => Run(Patient(jobs, Longer, random), load, EasyDiscipline.Instance)),
        new("runtimes drift from half to double", false, [1.1, 1.9], (jobs, load, random) => Run(Patient([.. jobs.Select(job => job with { Runtime = job.Runtime * Math.Pow(4, (job.Submit / Until) - 0.5) })], _ => 24, random), load, EasyDiscipline.Instance)),
        new("lumpy tenants", false, [1.1, 1.9], (jobs, load, random) => Run(Patient(Lumpy(jobs, random), _ => 48, random), load, EasyDiscipline.Instance)),
        new("heavy tails", false, [1.1, 1.9], (jobs, load, random) => Run(Patient([.. jobs.Select(job => job with { Runtime = Math.Min(1_000, job.Runtime * 0.5 * Math.Pow(1 - random.NextDouble(), -1 / 1.5)) })], _ => 48, random), load, EasyDiscipline.Instance)),
    ];

    private static ReplayCase Run(List<TrueJob> jobs, double load, IQueueDiscipline discipline, Func<double, double>? scale = null, bool quotas = false)
    {
        var wanted = jobs.Sum(job => job.Devices * Math.Max(0, Math.Min(Until, job.Submit + job.Runtime) - Math.Max(From, job.Submit))) / (Until - From);
        return ReplayCase.Run(jobs, hour => Math.Max(1, (int)(wanted / load * (scale?.Invoke(hour) ?? 1))), discipline, From, Until, quotas);
    }

    /// <summary>Exponential patience.</summary>
    private static List<TrueJob> Patient(List<TrueJob> jobs, Func<TrueJob, double> mean, Random random) => [.. jobs.Select(job => job with { Patience = -mean(job) * Math.Log(1 - random.NextDouble()) })];

    /// <summary>Mean patience with a job: a day where it runs for two hours, and as the root of its runtime. Unit: hours.</summary>
    private static double Longer(TrueJob job) => 24 * Math.Clamp(Math.Sqrt(job.Runtime / 2), 0.2, 5);

    /// <summary>Each asks for 1.2 to 4 times as long as it runs.</summary>
    private static List<TrueJob> Asking(List<TrueJob> jobs, Random random) => [.. jobs.Select(job => job with { Requested = job.Runtime * (1.2 + (2.8 * random.NextDouble())) })];

    /// <summary>From a third of the requests to all of them.</summary>
    private static List<TrueJob> Growing(List<TrueJob> jobs, Random random) => [.. jobs.Where(job => random.NextDouble() < 0.33 + (0.67 * job.Submit / Until))];

    /// <summary>A third of the tenants ask for all that they ask for in a week within six hours.</summary>
    private static List<TrueJob> Lumpy(List<TrueJob> jobs, Random random)
    {
        var lumpy = jobs.Select(job => job.Tenant).Distinct().Order(StringComparer.Ordinal).Where(_ => random.NextDouble() < 0.33).ToDictionary(tenant => tenant, _ => random.Next(150));
        return [.. jobs.Select(job => lumpy.TryGetValue(job.Tenant, out var hour) ? job with { Submit = (Math.Floor(job.Submit / 168) * 168) + hour + (job.Submit % 168 / 28) } : job).OrderBy(job => job.Submit)];
    }
}
