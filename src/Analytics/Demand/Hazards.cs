using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Cumulative hazards at the edges of the bins of age: their differences are what is met in a bin.</summary>
internal static class Hazards
{
    /// <summary>The largest chance to end in a bin: a hazard stays finite.</summary>
    public const double Certain = 1 - 1e-9;

    /// <summary>From P(ends in the bin | reaches it); one value more than there are bins.</summary>
    public static double[] Accumulate(double[] chances)
    {
        var sums = new double[chances.Length + 1];
        for (var bin = 0; bin < chances.Length; bin++)
        {
            sums[bin + 1] = sums[bin] - Math.Log(1 - chances[bin]);
        }

        return sums;
    }

    /// <summary>P(ends in the bin | reaches it).</summary>
    public static double[] Chances(double[] hazard)
    {
        var chances = new double[hazard.Length - 1];
        for (var bin = 0; bin < chances.Length; bin++)
        {
            chances[bin] = 1 - Math.Exp(hazard[bin] - hazard[bin + 1]);
        }

        return chances;
    }

    /// <summary>As far from <paramref name="from"/>, bin by bin, as <paramref name="own"/> is from <paramref name="all"/>.</summary>
    public static double[] Moved(double[] from, double[] own, double[] all)
    {
        var moved = new double[from.Length];
        for (var bin = 0; bin + 1 < from.Length; bin++)
        {
            var step = all[bin + 1] - all[bin];
            moved[bin + 1] = moved[bin] + ((from[bin + 1] - from[bin]) * (step > 0 ? (own[bin + 1] - own[bin]) / step : 1));
        }

        return moved;
    }

    /// <summary>The law whose density is so many times that of another, by <see cref="RuntimeGrades"/>; ages in seconds.</summary>
    public static double[] Tilted(double[] hazard, double[] tilt)
    {
        var (densities, beyond) = (new double[RuntimeBins.Count], Math.Exp(-hazard[^1]) * tilt[^1]);
        for (var bin = 0; bin < densities.Length; bin++)
        {
            densities[bin] = (Math.Exp(-hazard[bin]) - Math.Exp(-hazard[bin + 1])) * tilt[RuntimeGrades.Of((long)((RuntimeBins.Low(bin) + (RuntimeBins.Width(bin) / 2)) * Micros.PerSecond))];
        }

        var chances = new double[RuntimeBins.Count];
        for (var bin = densities.Length - 1; bin >= 0; bin--)
        {
            beyond += densities[bin];
            chances[bin] = beyond > 0 ? Math.Min(Certain, densities[bin] / beyond) : Certain;
        }

        return Accumulate(chances);
    }

    public static double At(double[] hazard, double age) => At(hazard, age, RuntimeBins.Of(age));

    /// <param name="bin">That holds the age.</param>
    public static double At(double[] hazard, double age, int bin) => hazard[bin] + ((hazard[bin + 1] - hazard[bin]) * (age - RuntimeBins.Low(bin)) / RuntimeBins.Width(bin));

    /// <summary>The age at which as much is met, and the bin that holds it.</summary>
    public static (double Age, int Bin) AgeAt(double[] hazard, double met)
    {
        var bin = Math.Min(RuntimeBins.Count - 1, LastUpTo(hazard, met));
        var rate = (hazard[bin + 1] - hazard[bin]) / RuntimeBins.Width(bin);
        return (RuntimeBins.Low(bin) + (rate > 0 ? (met - hazard[bin]) / rate : RuntimeBins.Width(bin)), bin);
    }

    /// <summary>The last edge at which no more than that is met: a binary search without a branch, since no branch could be foreseen.</summary>
    private static int LastUpTo(double[] hazard, double met)
    {
        var (at, count) = (0, hazard.Length);
        while (count > 1)
        {
            var half = count >> 1;
            at += half & -Convert.ToInt32(hazard[at + half] <= met);
            count -= half;
        }

        return at;
    }
}
