using System.Diagnostics;

namespace Headroom.Bench.Store;

internal static class Cpu
{
    /// <summary>CPU that some work took, the least of three runs. Unit: seconds.</summary>
    public static double Of(Action work)
    {
        var least = double.MaxValue;
        for (var run = 0; run < 3; run++)
        {
            least = Math.Min(least, Once(work));
            if (least > 5)
            {
                break;
            }
        }

        return least;
    }

    /// <summary>CPU of one run. Unit: seconds.</summary>
    public static double Once(Action work)
    {
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        work();
        return Math.Max((Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds, 1e-9);
    }
}
