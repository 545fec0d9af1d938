using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Headroom.Bench.Store;

/// <summary>Runs a program and prints, as the last line of its errors: CPU seconds (user and system), wall seconds, peak memory in MiB.</summary>
internal static partial class Child
{
    private const int OfChildren = -1;

    public static int Run(string program, IEnumerable<string> arguments)
    {
        var wall = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        process.WaitForExit();
        var elapsed = Stopwatch.GetElapsedTime(wall).TotalSeconds;
        var usage = new long[32];
        if (GetUsage(OfChildren, usage) != 0)
        {
            throw new InvalidOperationException("getrusage failed");
        }

        // struct rusage: user and system time as seconds and microseconds, then the peak in KiB.
        var cpu = usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cpu:F3} {elapsed:F3} {usage[4] / 1024.0:F1}"));
        return process.ExitCode;
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, [Out] long[] usage);
}
