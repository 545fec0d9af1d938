namespace Headroom.Simulation.Draws;

/// <summary>What a random number is for. Numbers of one purpose never depend on how many of another were drawn.</summary>
internal enum Purpose : ulong
{
    Identity = 1,
    Tenant,
    Arrivals,
    Job,
    Outage,
    ExporterGap,
    LateHour,
    Broken,
    Gauge,
    Wobble,
    Silent,
    Application,
    Maintenance,
}

/// <summary>Counter-based random numbers: a pure function of (seed, purpose, entity, index), the same on every machine.</summary>
/// <remarks>Source of the mixing steps: SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014).</remarks>
internal static class Draw
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    public static ulong Key(ulong seed, Purpose purpose, ulong entity) => Mix(Mix(seed + ((ulong)purpose * Golden)) + (entity * Golden));

    public static ulong At(ulong key, ulong index) => Mix(key + (index * Golden));

    public static ulong At(ulong seed, Purpose purpose, ulong entity, ulong index) => At(Key(seed, purpose, entity), index);

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public static double Unit(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));

    /// <summary>A stable number of a name (FNV-1a, 64 bits), so that entities are told apart by id and not by position.</summary>
    public static ulong Name(string name)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var letter in name)
        {
            hash = (hash ^ letter) * 1_099_511_628_211UL;
        }

        return hash;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

/// <summary>Numbers of one (seed, purpose, entity), one after the other.</summary>
internal struct DrawStream(ulong seed, Purpose purpose, ulong entity)
{
    private readonly ulong _key = Draw.Key(seed, purpose, entity);
    private ulong _next;

    public ulong Bits() => Draw.At(_key, _next++);

    public double Unit() => Draw.Unit(Bits());

    /// <summary>Uniform in [least, most], both included.</summary>
    public int Between(int least, int most) => least + (int)(Bits() % (ulong)((long)most - least + 1));

    public double Between(double least, double most) => least + ((most - least) * Unit());

    public double Exponential(double mean) => -mean * StableMath.Log(1 - Unit());

    public double Normal() => StableMath.NormalQuantile(Math.Max(Unit(), 1e-16));

    public double LogNormal(double median, double sigma) => median * StableMath.Exp(sigma * Normal());

    public bool Chance(double share) => Unit() < share;

    /// <summary>A position drawn by weight.</summary>
    public int Pick(ReadOnlySpan<double> weights)
    {
        var total = 0.0;
        foreach (var weight in weights)
        {
            total += weight;
        }

        var left = Unit() * total;
        for (var i = 0; i < weights.Length; i++)
        {
            left -= weights[i];
            if (left < 0)
            {
                return i;
            }
        }

        return weights.Length - 1;
    }

    /// <summary>A Poisson count. Large means are split, so that exp(-mean) stays far from zero.</summary>
    public int Poisson(double mean)
    {
        var count = 0;
        for (; mean > 30; mean -= 30)
        {
            count += SmallPoisson(30);
        }

        return count + SmallPoisson(mean);
    }

    private int SmallPoisson(double mean)
    {
        var (limit, product, count) = (StableMath.Exp(-mean), Unit(), 0);
        while (product > limit)
        {
            product *= Unit();
            count++;
        }

        return count;
    }
}
