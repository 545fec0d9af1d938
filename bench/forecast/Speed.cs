using System.Diagnostics;
using System.Globalization;

namespace Headroom.ForecastBench;

/// <summary>What `headroom forecast` takes for many hourly series of 700 points, 48 ahead: read, forecast with all members from all origins, and written.</summary>
internal static class Speed
{
    private const int Points = 700;
    private const int LookEveryMilliseconds = 20;
    private static readonly int[] Counts = [100, 1_000, 10_000];

    /// <param name="PeakMegabytes">The most memory that the command held at once.</param>
    public readonly record struct Row(int Series, double WallSeconds, double CpuSeconds, double PeakMegabytes);

    /// <exception cref="InvalidOperationException">The command failed.</exception>
    public static IEnumerable<Row> Run()
    {
        var folder = Directory.CreateTempSubdirectory("headroom-speed-");
        try
        {
            _ = Command("--version");
            foreach (var count in Counts)
            {
                var (series, target) = (Path.Combine(folder.FullName, "series.csv"), Path.Combine(folder.FullName, "forecast.csv"));
                Write(series, count);
                yield return Command("forecast", series, "--horizon", "48", "--season", "24,168", "--out", target) with { Series = count };
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The command as anybody starts it; it builds itself first where a source has changed, which the first call pays for.</summary>
    private static Row Command(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository(), "headroom"), arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var (clock, cpu, peak) = (Stopwatch.StartNew(), TimeSpan.Zero, 0L);
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (!process.WaitForExit(LookEveryMilliseconds))
        {
            try
            {
                process.Refresh();
                (cpu, peak) = (process.TotalProcessorTime, Math.Max(peak, process.PeakWorkingSet64));
            }
            catch (InvalidOperationException)
            {
                // It ended between the two looks.
            }
        }

        return process.ExitCode == 0
            ? new(0, clock.Elapsed.TotalSeconds, cpu.TotalSeconds, peak / 1e6)
            : throw new InvalidOperationException($"headroom {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static string Repository()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Analytics.sln")))
        {
            at = at.Parent ?? throw new DirectoryNotFoundException("The program does not lie in the repository.");
        }

        return at.FullName;
    }

    private static void Write(string path, int count)
    {
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        writer.WriteLine("series_id,timestamp,value");
        for (var seed = 0; seed < count; seed++)
        {
            var random = new Random(seed);
            var (level, at) = (50 + (100 * random.NextDouble()), new DateTime(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc));
            for (var t = 0; t < Points; t++, at = at.AddHours(1))
            {
                var value = Math.Max(0, level * (1 + (0.3 * Math.Sin(2 * Math.PI * t / 24)) + (0.1 * Math.Cos(2 * Math.PI * t / 168)) + (0.2 * (random.NextDouble() - 0.5))));
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"s{seed},{at:yyyy-MM-ddTHH:mm:ssZ},{value:F4}"));
            }
        }
    }
}
