using Headroom.Domain.Time;
using Headroom.Simulation.Pages;

namespace Headroom.Service.Endpoints;

/// <summary>The time of a simulation that runs along with ours, possibly faster; begins now where the plan holds now, else at the plan's begin.</summary>
/// <param name="speed">Simulated seconds per second, above 0.</param>
internal sealed class SimulatedTime(TimeProvider clock, Window plan, double speed)
{
    private readonly long _begin = clock.Now();
    private readonly long _start = plan.Contains(clock.Now()) ? clock.Now() : plan.From;

    public long Now => _start + (long)((clock.Now() - _begin) * speed);
}

/// <summary>Serves the exporter pages of a simulated center, as so many real exporters would.</summary>
internal static class ExporterServer
{
    private const string PrometheusText = "text/plain; version=0.0.4; charset=utf-8";

    // A comment to a parser; to us, and to whoever looks, the word that nothing here was measured.
    private const string Mark = "# SIMULATED by headroom simulate\n";

    public static async Task RunAsync(
        ExporterPages pages, SimulatedTime time, ExporterDialect? dialect, string url, Action started, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        await using var server = builder.Build();
        server.MapGet("/hosts", () => Results.Text(string.Concat(pages.Hosts.Select(host => host + "\n"))));
        server.MapGet("/hosts/{host}/metrics", (string host) => pages.Page(host, time.Now, dialect) is { } page
            ? Results.Text(Mark + page, PrometheusText)
            : pages.Hosts.Contains(host)
                ? Results.Text($"{host} does not answer now: its exporter restarts, or the host is out of service.\n", statusCode: StatusCodes.Status503ServiceUnavailable)
                : Results.NotFound());
        await server.StartAsync(cancellationToken);
        started();
        await server.WaitForShutdownAsync(cancellationToken);
    }
}
