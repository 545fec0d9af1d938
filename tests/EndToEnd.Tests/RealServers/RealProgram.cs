using System.Collections.Concurrent;
using System.Diagnostics;

namespace Headroom.EndToEnd.Tests.RealServers;

/// <summary>A program of the machine as a process of its own; it ends with the test.</summary>
internal sealed class RealProgram : IDisposable
{
    private readonly Process _process;
    private bool _isDisposed;

    private RealProgram(Process process) => _process = process;

    /// <summary>What it said, on both streams.</summary>
    public ConcurrentQueue<string> Log { get; } = [];

    public string LastWords => string.Join('\n', Log.TakeLast(20));

    /// <summary>Leaves the test inconclusive where a program is missing.</summary>
    public static void Require(params string[] programs)
    {
        foreach (var program in programs.Where(program => !File.Exists(program)))
        {
            Assert.Inconclusive($"{program} is missing; ./test installs it.");
        }
    }

    public static RealProgram Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        return Watch(Process.Start(start)!);
    }

    /// <summary>Takes over a process whose output is redirected.</summary>
    public static RealProgram Watch(Process process)
    {
        var running = new RealProgram(process);
        process.ErrorDataReceived += (_, line) => running.Hear(line.Data);
        process.OutputDataReceived += (_, line) => running.Hear(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return running;
    }

    /// <summary>Asks an address until it answers 200.</summary>
    public async Task ReadyAsync(HttpClient http, string url, CancellationToken cancellationToken)
    {
        for (var waited = 0; waited < 300; waited++)
        {
            Assert.IsFalse(_process.HasExited, LastWords);
            try
            {
                using var answer = await http.GetAsync(new Uri(url), cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(100, cancellationToken);
        }

        Assert.Fail($"{url} never answered: {LastWords}");
    }

    /// <summary>Waits for its own end, and for its last words.</summary>
    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Ends it as a failing machine would: nothing is finished, nothing said.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit(10_000);
    }

    /// <summary>A second time does nothing: what went wrong between is what is told.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            Kill();
            _process.Dispose();
        }
    }

    private void Hear(string? line)
    {
        if (line is not null)
        {
            Log.Enqueue(line);
        }
    }
}
