using System.Collections.Immutable;

namespace Headroom.Domain.Metrics;

/// <summary>The one source of definitions for pages, reports, API and documents.</summary>
public static class MetricCatalog
{
    public static readonly MetricDefinition CInstalled = new(new("C_installed", 1), MetricUnit.PetaflopHours, "Σ rating × installed");
    public static readonly MetricDefinition CAvailable = new(new("C_available", 1), MetricUnit.PetaflopHours, "C_installed − Down − Maintenance");
    public static readonly MetricDefinition U1s = new(new("U1s", 1), MetricUnit.Share, "Allocated ÷ C_available");
    public static readonly MetricDefinition U2 = new(new("U2", 1), MetricUnit.Share, "Σ u × rating × t ÷ C_installed");
    public static readonly MetricDefinition U3 = new(new("U3", 1), MetricUnit.Share, "Σ u × rating × t ÷ C_available");
    public static readonly MetricDefinition U4 = new(new("U4", 1), MetricUnit.Share, "Σ u × rating × t (allocated) ÷ Allocated");
    public static readonly MetricDefinition State = new(new("State", 1), MetricUnit.PetaflopHours, "Σ rating × t (state)");
    public static readonly MetricDefinition DServed = new(new("D_served", 1), MetricUnit.Devices, "Allocated ÷ t");
    public static readonly MetricDefinition CardEnergy = new(new("E_card", 1), MetricUnit.KilowattHours, "∫ P_card dt");

    public static ImmutableArray<MetricDefinition> All { get; } = [CInstalled, CAvailable, U1s, U2, U3, U4, State, DServed, CardEnergy];
}
