using System.Collections.Immutable;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Whether counts of who waits can be true: a mean queue is arrivals times waits.</summary>
/// <remarks>Little, Operations Research 9 (1961).</remarks>
internal static class LittlesLaw
{
    /// <summary>A queue that falls by more than this many times what can have started did not start.</summary>
    private const double MostFalls = 1.1;

    /// <summary>A count of more than 0 that stands still for this long, while devices are given back and taken, is not counted. Unit: hours.</summary>
    private const int Stuck = 72;

    private const double StillShare = 1e-3;

    /// <summary>SCIENCE 2b: within 5 %; the ends of the window and the sample of waits come on top.</summary>
    private const double Tolerance = 0.05;

    /// <summary>A log knows the waits of all who are in it: more than this apart, and more than this of what is served, one of the two is wrong.</summary>
    private const double LogTolerance = 0.25;

    private const double OfServed = 0.05;
    private const double Negligible = 0.02;

    /// <summary>However rough the sample and the ends are: a queue of three times what its waits speak of is no such queue.</summary>
    private const double MostTolerance = 0.6;

    private const int Blocks = 20;

    public static bool Holds(CountedHours hours, QueuePace pace, RuntimeSample runtimes, IReadOnlyList<FinishedRuntime> sample) =>
        pace.Falls <= (MostFalls + (2 * runtimes.Error)) * pace.Starts && !StandsStill(hours) && AgreesWithWaits(hours, pace, sample);

    /// <summary>Whether the counted queue is the queue of the log.</summary>
    /// <param name="waiting">Devices that wait by the log, by hour of the observed ones.</param>
    public static bool Agrees(ImmutableArray<ObservedHour> observed, IReadOnlyList<double> waiting)
    {
        if (observed.Any(hour => hour.Queued is null))
        {
            return true;
        }

        var (counted, logged, served) = (observed.Average(hour => hour.Queued!.Value), waiting.Average(), observed.Average(hour => hour.Allocated));
        return Math.Abs(counted - logged) <= Math.Max(LogTolerance * Math.Max(counted, logged), OfServed * served);
    }

    private static bool StandsStill(CountedHours hours)
    {
        var since = 0;
        for (var hour = 1; hour < hours.Count; hour++)
        {
            if (hours.Queued[hour] != hours.Queued[since] || hours.Queued[hour] <= 0)
            {
                since = hour;
            }
            else if (hour - since >= Stuck && Moves(hours.Served.AsSpan(since, hour - since)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Moves(ReadOnlySpan<double> served)
    {
        var (least, most) = (double.MaxValue, double.MinValue);
        foreach (var devices in served)
        {
            (least, most) = (Math.Min(least, devices), Math.Max(most, devices));
        }

        return most - least > StillShare * most;
    }

    private static bool AgreesWithWaits(CountedHours hours, QueuePace pace, IReadOnlyList<FinishedRuntime> sample)
    {
        var known = sample.Where(job => job.Waited is not null).ToArray();
        if (known.Length < LatentDemand.FewestRuntimes)
        {
            return true;
        }

        var devices = known.Sum(job => (double)job.Devices);
        var wait = known.Sum(job => job.Devices * (double)job.Waited!.Value) / devices / Micros.PerHour;
        var (counted, expected) = (hours.Queued.Average(), pace.Starts * wait);

        // Who waited before the first hour, and who still waits after the last: a triangle of waits at each end.
        var ends = ((hours.Queued[0] * hours.Queued[0]) + (hours.Queued[^1] * hours.Queued[^1])) / (2 * Math.Max(1e-9, pace.Starts)) / hours.Count;
        var larger = Math.Max(counted, expected);
        return Math.Abs(counted - expected) <= Math.Min(MostTolerance * larger, (Tolerance * counted) + (2 * ends) + (3 * Error(known, pace))) + (Negligible * hours.Served.Average());
    }

    /// <summary>Standard error of the queue that the waits of a sample speak of, from parts of the sample in its order.</summary>
    private static double Error(FinishedRuntime[] known, QueuePace pace)
    {
        var blocks = Math.Min(Blocks, known.Length);
        var queues = new double[blocks];
        for (var block = 0; block < blocks; block++)
        {
            var (wait, devices) = (0.0, 0.0);
            for (var i = block * known.Length / blocks; i < (block + 1) * known.Length / blocks; i++)
            {
                wait += known[i].Devices * (double)known[i].Waited!.Value / Micros.PerHour;
                devices += known[i].Devices;
            }

            queues[block] = pace.Starts * wait / devices;
        }

        var mean = queues.Average();
        return Math.Sqrt(queues.Sum(queue => (queue - mean) * (queue - mean)) / (blocks - 1) / blocks);
    }
}
