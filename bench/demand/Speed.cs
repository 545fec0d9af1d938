using System.Diagnostics;
using System.Globalization;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Queueing;

namespace Headroom.Bench.Demand;

/// <summary>CPU of one answer, bands included: a center with a year of hours, and more and more jobs.</summary>
internal static class Speed
{
    private const int Year = 365 * 24;

    public static int Run(params int[] counts)
    {
        Console.WriteLine("| jobs | with jobs, CPU s | microseconds per job | megabytes allocated | counts only, CPU s | with 480 hours ahead, CPU s |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var count in counts)
        {
            Print(count);
        }

        return 0;
    }

    private static void Print(int count)
    {
        // About 32.9 device-hours a job.
        var devices = count * 32.9 / Year;
        var random = new Random(count);
        List<TrueJob> jobs = [.. Logs.Made(devices, Year, random).Select(job => job with { Patience = -48 * Math.Log(1 - random.NextDouble()) })];
        var center = ReplayCase.Run(jobs, _ => (int)(devices / 1.2), FifoDiscipline.Instance, 0, Year);
        var episodes = Episodes.Of(center.Jobs, center.Now);
        var before = GC.GetTotalAllocatedBytes();
        var direct = Cpu(() => LatentDemand.Of(new(center.Observed, episodes, center.Now)));
        var allocated = (GC.GetTotalAllocatedBytes() - before) / 1e6;
        var counts = Cpu(() => LatentDemand.Of(new(center.Observed, null, center.Now) { Runtimes = center.Sample }));
        var ahead = Cpu(() => LatentDemand.Of(new(center.Observed, episodes, center.Now) { Horizon = 480 }));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {jobs.Count} | {direct:F2} | {1e6 * direct / jobs.Count:F2} | {allocated:F0} | {counts:F2} | {ahead:F2} |"));
    }

    private static double Cpu(Action work)
    {
        GC.Collect();
        var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        work();
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalSeconds;
    }
}
