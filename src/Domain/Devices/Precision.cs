namespace Headroom.Domain.Devices;

/// <summary>The number format at which a pool's throughput counts. A pool has exactly one; two are never added.</summary>
public enum Precision
{
    /// <summary>Dense FP16 or BF16: AI pools.</summary>
    Fp16,

    /// <summary>Vector FP64: HPC pools.</summary>
    Fp64,
}

/// <summary>The precision of a <see cref="Petaflops{TPrecision}"/>, as a type.</summary>
public interface IPrecision
{
    static abstract Precision Value { get; }
}

public readonly record struct Fp16 : IPrecision
{
    public static Precision Value => Precision.Fp16;
}

public readonly record struct Fp64 : IPrecision
{
    public static Precision Value => Precision.Fp64;
}

/// <summary>Peak dense throughput at one precision. Unit: 1e15 floating-point operations per second.</summary>
/// <remarks>The precision is part of the type: adding FP16 to FP64 does not compile.</remarks>
public readonly record struct Petaflops<TPrecision>(double Value)
    where TPrecision : struct, IPrecision
{
    public static Petaflops<TPrecision> operator +(Petaflops<TPrecision> left, Petaflops<TPrecision> right) => new(left.Value + right.Value);

    public Petaflops<TPrecision> Plus(Petaflops<TPrecision> other) => this + other;

    /// <param name="ratingMflops">Unit: MFLOPS, an integer, so that sums over devices are exact.</param>
    public static Petaflops<TPrecision> FromMflops(Int128 ratingMflops) => new((double)ratingMflops / 1e9);
}
