namespace Headroom.Analytics.Demand;

/// <summary>The law of one episode's runtime.</summary>
/// <param name="hazard">Cumulative, at the edges of the bins of age.</param>
/// <param name="pace">Factor of the hazard; above 0.</param>
internal readonly struct RuntimeOf(double[] hazard, RuntimeStratum stratum, double pace = 1)
{
    private const double Vanished = 1e-9;

    /// <summary>P(runtime &gt; <paramref name="micros"/> | runtime &gt; <paramref name="given"/>). Unit: microseconds.</summary>
    public double Survival(long given, long micros) => micros <= given ? 1 : Math.Exp(pace * (At(stratum.Age(given)) - At(stratum.Age(micros))));

    /// <summary>A runtime beyond <paramref name="given"/>. Unit: microseconds.</summary>
    /// <param name="exponential">A draw from the exponential law with mean 1.</param>
    public double Draw(long given, double exponential)
    {
        var target = At(stratum.Age(given)) + (exponential / pace);
        var bin = Array.BinarySearch(hazard, target);
        bin = Math.Clamp(bin < 0 ? ~bin - 1 : bin, 0, RuntimeBins.Count - 1);
        var rate = (hazard[bin + 1] - hazard[bin]) / RuntimeBins.Width(bin);
        return stratum.Unit * (RuntimeBins.Low(bin) + (rate > 0 ? (target - hazard[bin]) / rate : RuntimeBins.Width(bin)));
    }

    /// <summary>Expected time from <paramref name="given"/> on, of those that live that long. Unit: microseconds.</summary>
    /// <param name="atMost">An age at which it ends at the latest. Unit: microseconds.</param>
    public double MeanBeyond(long given, double atMost)
    {
        var (age, last, alive, mean) = (stratum.Age(given), stratum.Age(atMost), 1.0, 0.0);
        for (var bin = RuntimeBins.Of(age); bin < RuntimeBins.Count && age < last && alive > Vanished; bin++)
        {
            var width = Math.Min(last, RuntimeBins.Low(bin) + RuntimeBins.Width(bin)) - age;
            var rate = pace * (hazard[bin + 1] - hazard[bin]) / RuntimeBins.Width(bin);
            mean += alive * (rate > 0 ? (1 - Math.Exp(-rate * width)) / rate : width);
            (age, alive) = (age + width, alive * Math.Exp(-rate * width));
        }

        return stratum.Unit * mean;
    }

    private double At(double age)
    {
        var bin = RuntimeBins.Of(age);
        return hazard[bin] + ((hazard[bin + 1] - hazard[bin]) * (age - RuntimeBins.Low(bin)) / RuntimeBins.Width(bin));
    }
}
