using System.Collections.Immutable;

namespace Headroom.Domain.Devices;

public enum DeviceKind
{
    Card,
    Die,
    CpuNode,
}

/// <summary>One line of the card catalog.</summary>
/// <param name="Name">The canonical name, such as <c>Ascend 910A</c>.</param>
/// <param name="Aliases">What exporters and people also call it.</param>
/// <param name="Fp16Mflops">Dense FP16 peak. Unit: MFLOPS. Null: not rated; devices are counted, never P.</param>
/// <param name="Fp64Mflops">Vector FP64 peak. Unit: MFLOPS. Null: not rated.</param>
/// <param name="MemoryMib">Device memory. Unit: MiB. Null: not known.</param>
/// <param name="RatedPowerMilliwatts">Thermal design power. Unit: mW. Null: not known, so no silent-zero check.</param>
/// <param name="DiesPerCard">At least 1.</param>
/// <param name="Source">Where the ratings come from.</param>
/// <param name="Certain">False where no vendor sheet was at hand.</param>
public sealed record CardModel(
    string Vendor,
    string Name,
    ImmutableArray<string> Aliases,
    DeviceKind Kind,
    long? Fp16Mflops,
    long? Fp64Mflops,
    long? MemoryMib,
    long? RatedPowerMilliwatts,
    int DiesPerCard,
    string Source,
    DateOnly SourceDate,
    bool Certain)
{
    /// <summary>Rating at <paramref name="precision"/>. Unit: MFLOPS. Null: not rated at it.</summary>
    public long? RatingMflops(Precision precision) => precision switch
    {
        Precision.Fp16 => Fp16Mflops,
        Precision.Fp64 => Fp64Mflops,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
