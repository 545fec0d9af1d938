using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Demand from counts of who is served and who waits, and a sample of runtimes: D = U + Q - f * Q.</summary>
/// <remarks>
/// Who waited for w and runs for r would have run over [s, s + r) and is in the system over [s, s + w + r): the difference is his wait, r later.
/// With the density f of runtimes that is the convolution f * Q. Exact in expectation and where nobody leaves; the part that hangs on f is smoothed.
/// Jobs in the queue are not a sample of all jobs: f is tilted by the pace at which the queue falls.
/// </remarks>
internal sealed class FlowBalance
{
    /// <summary>The correction is a mean over this many hours to each side: day and night of a queue are no days and nights of demand.</summary>
    private const int Smooth = 36;

    /// <summary>Before the first hour the queue is taken to have stood where it stood then, for as long as this. Unit: hours.</summary>
    private const int Before = 500;

    /// <summary>Hours of one block of the resampling.</summary>
    private const int Block = 24;

    /// <summary>Runtimes drawn for a block: whoever waits together is a few sweeps of a few tenants, not hundreds of independent jobs.</summary>
    private const int RuntimesPerBlock = 4;

    private readonly CountedHours _hours;
    private readonly RuntimeSample _runtimes;
    private readonly QueuePace _pace;

    public FlowBalance(CountedHours hours, RuntimeSample runtimes, QueuePace pace) => (_hours, _runtimes, _pace) = (hours, runtimes, pace);

    /// <summary>Demand by hour, and the 10th and 90th percentile, which enclose it. Unit: devices.</summary>
    public (double[] Mean, double[] Low, double[] High) Of(int draws, SplitMix random)
    {
        var mean = Demand(Expected());
        var paths = new double[draws][];
        for (var draw = 0; draw < draws; draw++)
        {
            paths[draw] = Demand(Drawn(random));
        }

        var (low, high, column) = (new double[mean.Length], new double[mean.Length], new double[draws]);
        for (var hour = 0; hour < mean.Length; hour++)
        {
            for (var draw = 0; draw < draws; draw++)
            {
                column[draw] = paths[draw][hour];
            }

            Array.Sort(column);
            low[hour] = Math.Min(mean[hour], column[(int)(0.1 * (draws - 1))]);
            high[hour] = Math.Max(mean[hour], column[(int)Math.Ceiling(0.9 * (draws - 1))]);
        }

        return (mean, low, high);
    }

    private double[] Demand(double[] served)
    {
        var correction = new double[served.Length];
        for (var hour = 0; hour < served.Length; hour++)
        {
            correction[hour] = _hours.Queued[hour] - served[hour];
        }

        var demand = Smoothing.Around(correction, Smooth);
        for (var hour = 0; hour < demand.Length; hour++)
        {
            demand[hour] = Math.Max(0, _hours.Served[hour] + demand[hour]);
        }

        return demand;
    }

    /// <summary>f * Q: the queue, each part of it as much later as it runs.</summary>
    private double[] Expected()
    {
        var served = new double[_hours.Count + 1];
        for (var hour = -Before; hour < _hours.Count; hour++)
        {
            var queued = _hours.Queued[Math.Max(0, hour)];
            if (queued > 0)
            {
                var shares = _runtimes.Shares(_pace.Ratio(Math.Max(0, hour), queued));
                for (var part = 0; part < shares.Length; part++)
                {
                    if (!Later(served, hour, _runtimes.Hours[part], queued * shares[part]))
                    {
                        break;
                    }
                }
            }
        }

        return served[..^1];
    }

    /// <summary>As <see cref="Expected"/>, with a few runtimes for each block of the queue, and a queue before the first hour that may have been less or more.</summary>
    private double[] Drawn(SplitMix random)
    {
        var served = new double[_hours.Count + 1];
        var before = 2 * random.Share();
        Span<double> runtimes = stackalloc double[RuntimesPerBlock];
        for (var block = -Before / Block; block * Block < _hours.Count; block++)
        {
            var middle = Math.Clamp((block * Block) + (Block / 2), 0, _hours.Count - 1);
            var shares = _runtimes.Shares(_pace.Ratio(middle, _hours.Queued[middle]));
            foreach (ref var runtime in runtimes)
            {
                runtime = _runtimes.Hours[Pick(shares, random.Share())];
            }

            for (var hour = block * Block; hour < Math.Min(_hours.Count, (block + 1) * Block); hour++)
            {
                var queued = _hours.Queued[Math.Max(0, hour)] * (hour < 0 ? before : 1);
                foreach (var runtime in runtimes)
                {
                    Later(served, hour, runtime, queued / RuntimesPerBlock);
                }
            }
        }

        return served[..^1];
    }

    private static int Pick(ReadOnlySpan<double> shares, double at)
    {
        var part = 0;
        for (; part < shares.Length - 1 && at >= shares[part]; part++)
        {
            at -= shares[part];
        }

        return part;
    }

    /// <returns>False: beyond the last hour.</returns>
    private static bool Later(double[] served, int hour, double runtime, double devices)
    {
        var at = hour + runtime;
        if (at >= served.Length - 1)
        {
            return false;
        }

        var first = (int)Math.Floor(at);
        if (first >= 0)
        {
            served[first] += devices * (1 - (at - first));
        }

        if (first >= -1)
        {
            served[first + 1] += devices * (at - first);
        }

        return true;
    }
}
