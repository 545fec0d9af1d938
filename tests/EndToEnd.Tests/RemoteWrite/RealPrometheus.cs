using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Headroom.EndToEnd.Tests.RemoteWrite;

/// <summary>One raw sample as a Prometheus holds it.</summary>
internal sealed record HeldSample(string Metric, string Card, long Instant, double Value);

/// <summary>Debian's Prometheus as a process of its own, on loopback.</summary>
internal sealed class RealPrometheus : IDisposable
{
    public const string Program = "/usr/bin/prometheus";

    private readonly Process _process;
    private readonly HttpClient _http;

    private RealPrometheus(Process process, int port) => (_process, _http) = (process, new() { BaseAddress = new($"http://127.0.0.1:{port}") });

    /// <summary>What it logged.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Log { get; } = [];

    public static RealPrometheus Start(string folder, string configuration, int port)
    {
        var file = Path.Combine(folder, "prometheus.yml");
        File.WriteAllText(file, configuration);
        var start = new ProcessStartInfo(Program) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[$"--config.file={file}", $"--storage.tsdb.path={Path.Combine(folder, "prometheus")}", $"--web.listen-address=127.0.0.1:{port}"])
        {
            start.ArgumentList.Add(argument);
        }

        var prometheus = new RealPrometheus(Process.Start(start)!, port);
        prometheus._process.ErrorDataReceived += (_, line) => prometheus.Log.Enqueue(line.Data ?? "");
        prometheus._process.OutputDataReceived += (_, line) => prometheus.Log.Enqueue(line.Data ?? "");
        prometheus._process.BeginErrorReadLine();
        prometheus._process.BeginOutputReadLine();
        return prometheus;
    }

    /// <summary>The raw samples of the last five minutes, stale markers left out.</summary>
    /// <param name="cardLabels">The first that a series has names its card.</param>
    public async Task<List<HeldSample>> RawAsync(string selector, string[] cardLabels, CancellationToken cancellationToken)
    {
        var answer = await _http.GetStringAsync($"/api/v1/query?query={Uri.EscapeDataString(selector + "[5m]")}", cancellationToken);
        using var document = JsonDocument.Parse(answer);
        var samples = new List<HeldSample>();
        foreach (var series in document.RootElement.GetProperty("data").GetProperty("result").EnumerateArray())
        {
            var labels = series.GetProperty("metric");
            var card = cardLabels.Select(label => labels.TryGetProperty(label, out var value) ? value.GetString() : null).First(value => value is not null)!;
            foreach (var pair in series.GetProperty("values").EnumerateArray())
            {
                samples.Add(new(
                    labels.GetProperty("__name__").GetString()!,
                    card,
                    (long)Math.Round(pair[0].GetDecimal() * 1_000_000m),
                    double.Parse(pair[1].GetString()!, CultureInfo.InvariantCulture)));
            }
        }

        return samples;
    }

    public void Dispose()
    {
        _http.Dispose();
        _process.Kill();
        _process.WaitForExit(10_000);
        _process.Dispose();
    }
}
