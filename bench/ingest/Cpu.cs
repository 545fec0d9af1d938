using System.Diagnostics;

namespace Headroom.Bench.Ingest;

internal static class Cpu
{
    /// <summary>CPU that some work took, all threads of the process. Unit: seconds.</summary>
    public static async Task<double> OfAsync(Func<Task> work)
    {
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        await work();
        return Math.Max((Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds, 1e-9);
    }

    /// <summary>The least of three runs. Unit: seconds.</summary>
    public static async Task<double> LeastOfAsync(Func<Task> work)
    {
        var least = double.MaxValue;
        for (var run = 0; run < 3; run++)
        {
            least = Math.Min(least, await OfAsync(work));
        }

        return least;
    }
}
