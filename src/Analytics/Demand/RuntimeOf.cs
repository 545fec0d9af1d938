namespace Headroom.Analytics.Demand;

/// <summary>The law of one episode's runtime.</summary>
/// <param name="hazard">Cumulative, at the edges of the bins of age.</param>
/// <param name="source">The law it is drawn anew with: of all that started, of its stratum.</param>
internal readonly struct RuntimeOf(double[] hazard, RuntimeStratum stratum, RuntimeSource source)
{
    private const double Vanished = 1e-9;

    public RuntimeSource Source => source;

    /// <summary>The hazard, where ages are seconds; null: they are shares of what one episode asks for.</summary>
    public double[]? InSeconds => stratum.IsByShare ? null : hazard;

    /// <summary>P(runtime &gt; <paramref name="micros"/> | runtime &gt; <paramref name="given"/>). Unit: microseconds.</summary>
    public double Survival(long given, long micros) =>
        micros <= given ? 1 : Math.Exp(Hazards.At(hazard, stratum.Age(given)) - Hazards.At(hazard, stratum.Age(micros)));

    /// <summary>A runtime beyond <paramref name="given"/>. Unit: microseconds.</summary>
    /// <param name="exponential">A draw from the exponential law with mean 1.</param>
    public double Draw(long given, double exponential) => stratum.Unit * Hazards.AgeAt(hazard, Met(given) + exponential).Age;

    /// <summary>The same where the law of the source was <paramref name="fitted"/> and has turned out as <paramref name="drawn"/>.</summary>
    /// <param name="met">See <see cref="Met"/>.</param>
    public double Draw(long given, double met, double exponential, double[] fitted, double[] drawn)
    {
        var (age, bin) = Hazards.AgeAt(hazard, met + exponential);
        var beyond = Hazards.At(fitted, age, bin);
        if (given > 0)
        {
            var from = stratum.Age(given);
            beyond += Hazards.At(drawn, from) - Hazards.At(fitted, from);
        }

        return stratum.Unit * Hazards.AgeAt(drawn, beyond).Age;
    }

    /// <summary>Cumulative hazard that who has come this far has met. Unit: microseconds.</summary>
    public double Met(long given) => Hazards.At(hazard, stratum.Age(given));

    /// <summary>Expected time from <paramref name="given"/> on, of those that live that long. Unit: microseconds.</summary>
    /// <param name="atMost">An age at which it ends at the latest. Unit: microseconds.</param>
    public double MeanBeyond(long given, double atMost)
    {
        var (age, last, alive, mean) = (stratum.Age(given), stratum.Age(atMost), 1.0, 0.0);
        for (var bin = RuntimeBins.Of(age); bin < RuntimeBins.Count && age < last && alive > Vanished; bin++)
        {
            var width = Math.Min(last, RuntimeBins.Low(bin) + RuntimeBins.Width(bin)) - age;
            var rate = (hazard[bin + 1] - hazard[bin]) / RuntimeBins.Width(bin);
            mean += alive * (rate > 0 ? (1 - Math.Exp(-rate * width)) / rate : width);
            (age, alive) = (age + width, alive * Math.Exp(-rate * width));
        }

        return stratum.Unit * mean;
    }
}

/// <summary>Which law of all that started a runtime comes from.</summary>
/// <param name="Era">Its cohort; 0 is the latest.</param>
/// <param name="Stratum">See <see cref="RuntimeStratum.Index"/>; the last of a unit's strata where none of its own is known.</param>
internal readonly record struct RuntimeSource(int Era, int Stratum);
