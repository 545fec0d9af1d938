using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Runtimes of finished jobs as queued devices meet them: each job counts by its devices. Unit: hours.</summary>
/// <remarks>Cut into equal parts by weight, each with its mean, so that one long job in a million rows stays where it is.</remarks>
internal sealed class RuntimeSample
{
    /// <summary>Parts of the sample; a part is half a percent of the devices.</summary>
    public const int Parts = 200;

    private const int TiltSteps = 60;
    private const double RatiosPerE = 5;

    private readonly double[] _hours = new double[Parts];
    private readonly Dictionary<int, double[]> _shares = [];

    private RuntimeSample() { }

    /// <summary>Device-weighted mean. Unit: hours.</summary>
    public double Mean { get; private init; }

    /// <summary>Standard error of <see cref="Mean"/> as a share of it.</summary>
    public double Error { get; private init; }

    /// <summary>Mean of a part. Unit: hours.</summary>
    public ReadOnlySpan<double> Hours => _hours;

    /// <param name="finished">Not empty.</param>
    public static RuntimeSample Of(IReadOnlyCollection<FinishedRuntime> finished)
    {
        var ordered = finished.Select(job => (Devices: (double)job.Devices, Hours: (double)job.Runtime / Micros.PerHour)).OrderBy(job => job.Hours).ToArray();
        var devices = ordered.Sum(job => job.Devices);
        var mean = ordered.Sum(job => job.Devices * job.Hours) / devices;
        var spread = ordered.Sum(job => job.Devices * job.Devices * (job.Hours - mean) * (job.Hours - mean));
        var sample = new RuntimeSample { Mean = mean, Error = mean > 0 ? Math.Sqrt(spread) / devices / mean : 0 };
        sample.Cut(ordered, devices / Parts);
        return sample;
    }

    /// <summary>Shares of the parts, as they are where jobs run <paramref name="ratio"/> times as long as those of the sample on average.</summary>
    /// <remarks>Exponential tilting: of all laws with that mean the one nearest to the sample (Kullback and Leibler, Annals of Mathematical Statistics 22, 1951).</remarks>
    public ReadOnlySpan<double> Shares(double ratio)
    {
        var step = (int)Math.Round(Math.Log(ratio) * RatiosPerE);
        if (!_shares.TryGetValue(step, out var shares))
        {
            _shares[step] = shares = Tilted(Mean * Math.Exp(step / RatiosPerE));
        }

        return shares;
    }

    private void Cut((double Devices, double Hours)[] ordered, double part)
    {
        var (job, left) = (0, ordered[0].Devices);
        for (var i = 0; i < Parts; i++)
        {
            var (open, sum) = (part, 0.0);
            while (open > 0)
            {
                var taken = job == ordered.Length - 1 ? open : Math.Min(open, left);
                sum += taken * ordered[job].Hours;
                (open, left) = (open - taken, left - taken);
                if (left <= 0 && job < ordered.Length - 1)
                {
                    left = ordered[++job].Devices;
                }
            }

            _hours[i] = sum / part;
        }
    }

    private double[] Tilted(double mean)
    {
        var shares = new double[Parts];
        var longest = _hours[^1];
        if (longest <= 0)
        {
            Array.Fill(shares, 1.0 / Parts);
            return shares;
        }

        // The mean falls as the tilt rises.
        var (low, high) = (-20 / longest, 50.0);
        for (var step = 0; step < TiltSteps; step++)
        {
            var tilt = (low + high) / 2;
            (low, high) = MeanAt(tilt, longest, shares) > mean ? (tilt, high) : (low, tilt);
        }

        return shares;
    }

    private double MeanAt(double tilt, double longest, double[] shares)
    {
        var (sum, mean) = (0.0, 0.0);
        var largest = tilt < 0 ? -tilt * longest : 0;
        for (var i = 0; i < Parts; i++)
        {
            shares[i] = Math.Exp((-tilt * _hours[i]) - largest);
            sum += shares[i];
            mean += shares[i] * _hours[i];
        }

        for (var i = 0; i < Parts; i++)
        {
            shares[i] /= sum;
        }

        return mean / sum;
    }
}
