namespace Headroom.Analytics.Randomness;

/// <summary>Random numbers that are the same on every machine for a seed.</summary>
/// <remarks>Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014 (SplitMix64).</remarks>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 .. <paramref name="below"/> - 1.</summary>
    public int Below(int below) => (int)(Share() * below);

    /// <summary>Exponential with mean 1.</summary>
    public double Exponential() => -Math.Log(1 - Share());

    /// <summary>Standard normal, by Box and Muller.</summary>
    public double Normal() => Math.Sqrt(2 * Exponential()) * Math.Cos(2 * Math.PI * Share());

    /// <summary>Standard normals, by Box and Muller: both of each pair.</summary>
    public void Normals(Span<double> into)
    {
        for (var i = 0; i < into.Length; i += 2)
        {
            var (length, angle) = (Math.Sqrt(2 * Exponential()), 2 * Math.PI * Share());
            var (sine, cosine) = Math.SinCos(angle);
            into[i] = length * cosine;
            if (i + 1 < into.Length)
            {
                into[i + 1] = length * sine;
            }
        }
    }

    /// <summary>Triangular on [least, most] with its peak at <paramref name="likely"/>.</summary>
    public double Triangular(double least, double likely, double most)
    {
        var share = Share();
        if (most <= least)
        {
            return least;
        }

        var peak = (likely - least) / (most - least);
        return share < peak
            ? least + Math.Sqrt(share * (most - least) * (likely - least))
            : most - Math.Sqrt((1 - share) * (most - least) * (most - likely));
    }
}
