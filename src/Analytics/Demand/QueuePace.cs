namespace Headroom.Analytics.Demand;

/// <summary>How fast the queue was worked off, by hour, and so how long those ran that were in it.</summary>
/// <remarks>
/// Over a long time as many devices start as are served divided by their mean runtime. When they start is seen where the queue falls: a fall is
/// starts less arrivals. A queue that falls fast beside a full center holds short jobs, one that does not move holds long ones.
/// </remarks>
internal sealed class QueuePace
{
    /// <summary>Falls are summed over this many hours to each side.</summary>
    private const int Around = 12;

    /// <summary>Runtimes differ from the sample's mean by no more than this factor.</summary>
    private const double MostRatio = 8;

    private const double Least = 1e-9;

    private readonly double[] _started;
    private readonly double[] _ratios;

    public QueuePace(CountedHours hours, RuntimeSample runtimes)
    {
        var (count, queued) = (hours.Count, hours.Queued);
        var falls = new double[count];
        for (var hour = 1; hour < count; hour++)
        {
            falls[hour] = Math.Max(0, queued[hour - 1] - queued[hour]);
        }

        Starts = hours.Served.Average() / Math.Max(Least, runtimes.Mean);
        Falls = falls.Average();
        var unseen = Math.Max(0, Starts - Falls);
        var paces = Smoothing.Around(falls, Around);
        var scale = Starts / Math.Max(Least, paces.Average() + unseen);
        _started = new double[count + 1];
        _ratios = new double[count];
        for (var hour = 0; hour < count; hour++)
        {
            var pace = (paces[hour] + unseen) * scale;
            _started[hour + 1] = _started[hour] + pace;
            _ratios[hour] = Math.Clamp(hours.Served[hour] / Math.Max(Least, pace * runtimes.Mean), 1 / MostRatio, MostRatio);
        }
    }

    /// <summary>Devices that start in an hour, on average, by what is served and the sample of runtimes.</summary>
    public double Starts { get; }

    /// <summary>Devices by which the queue falls in an hour, on average. At most <see cref="Starts"/> where nobody leaves.</summary>
    public double Falls { get; }

    /// <summary>How many times as long as the sample's mean those run that wait in an hour: by the pace at which half the queue before them starts.</summary>
    public double Ratio(int hour, double queued)
    {
        var target = _started[hour] + (queued / 2);
        var at = Array.BinarySearch(_started, hour, _started.Length - hour, target);
        return _ratios[Math.Min(_ratios.Length - 1, at < 0 ? ~at : at)];
    }
}
