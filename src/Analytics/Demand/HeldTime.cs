using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>How long who starts holds its devices until any age, in expectation: the integral of survival. Of a law in seconds.</summary>
/// <remarks>Exact at the edges of the bins, on a straight line between them.</remarks>
internal sealed class HeldTime
{
    private const double Vanished = 1e-5;

    private readonly double[] _held = new double[RuntimeBins.Count + 1];

    /// <param name="hazard">Cumulative, at the edges of the bins.</param>
    public HeldTime(double[] hazard)
    {
        for (var bin = 0; bin < RuntimeBins.Count; bin++)
        {
            var (alive, met) = (Math.Exp(-hazard[bin]), hazard[bin + 1] - hazard[bin]);
            _held[bin + 1] = _held[bin] + (alive * RuntimeBins.Width(bin) * (met > 0 ? (1 - Math.Exp(-met)) / met : 1));
            if (alive >= Vanished)
            {
                Until = (long)(RuntimeBins.Low(bin) + RuntimeBins.Width(bin)) * Micros.PerSecond;
            }
        }
    }

    /// <summary>Beyond this nothing is held any more. Unit: microseconds.</summary>
    public long Until { get; }

    /// <summary>Unit: microseconds, of an age as of the answer.</summary>
    /// <param name="bin">Where the search begins, and ended: not beyond the age. 0 at first.</param>
    public double Of(long age, ref int bin)
    {
        var seconds = (double)age / Micros.PerSecond;
        while (bin < RuntimeBins.Count - 1 && seconds >= RuntimeBins.Low(bin + 1))
        {
            bin++;
        }

        return Micros.PerSecond * (_held[bin] + ((_held[bin + 1] - _held[bin]) * (seconds - RuntimeBins.Low(bin)) / RuntimeBins.Width(bin)));
    }
}
