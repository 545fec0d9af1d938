using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Simulation.Demand;

/// <summary>Stretches all runtimes by one factor, so that the realized mean demand is the plan's and not only its expectation.</summary>
internal static class DemandScale
{
    private const int MostSteps = 40;
    private const double Tolerance = 0.0005;

    /// <param name="mean">Devices wanted at once, mean over <paramref name="window"/>.</param>
    /// <returns>The same requests with new runtimes; unchanged where none touches the window.</returns>
    public static List<SimulatedRequest> ToMean(List<SimulatedRequest> requests, double mean, Window window, double shortestSeconds, double longestSeconds)
    {
        var factor = 1.0;
        for (var step = 0; step < MostSteps; step++)
        {
            var reached = Mean(requests, factor, window, shortestSeconds, longestSeconds);
            if (reached == 0 || Math.Abs(reached - mean) <= mean * Tolerance)
            {
                break;
            }

            factor *= mean / reached;
        }

        return [.. requests.Select(request => With(request, Stretched(request, factor, shortestSeconds, longestSeconds)))];
    }

    private static double Mean(List<SimulatedRequest> requests, double factor, Window window, double shortest, double longest)
    {
        var total = 0.0;
        foreach (var request in requests)
        {
            var wanted = new Window(request.Eligible, request.Eligible + Stretched(request, factor, shortest, longest));
            total += (double)request.Devices * wanted.Within(window).Length.Value;
        }

        return total / window.Length.Value;
    }

    private static long Stretched(SimulatedRequest request, double factor, double shortest, double longest) =>
        (long)Math.Clamp(request.Runtime * factor / Micros.PerSecond, shortest, longest) * Micros.PerSecond;

    private static SimulatedRequest With(SimulatedRequest request, long runtime)
    {
        const long step = 15 * Micros.PerMinute;
        var asked = (long)((double)request.Requested / request.Runtime * runtime);
        return request with
        {
            Runtime = runtime,
            Requested = request.Outcome == JobState.Timeout ? runtime : (asked + step - 1) / step * step,
        };
    }
}
