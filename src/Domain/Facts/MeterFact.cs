using Headroom.Domain.Time;

namespace Headroom.Domain.Facts;

/// <summary>What a meter stands before.</summary>
public enum MeterScope
{
    /// <summary>Everything the site draws, cooling and losses included.</summary>
    Facility,

    /// <summary>What reaches the computing equipment.</summary>
    It,
}

/// <summary>Energy that passed a meter in a time.</summary>
/// <param name="Millijoules">Unit: mJ; 1 kWh is 3.6e9 of them. An integer, so that readings add up exactly.</param>
public sealed record MeterFact(string Meter, MeterScope Scope, Window Valid, long Millijoules)
{
    /// <summary>Unit: mJ.</summary>
    public const long PerKilowattHour = 3_600_000_000;

    public int Revision { get; init; }
}
