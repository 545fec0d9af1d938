using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;

namespace Headroom.Storage.Accounting;

/// <summary>A center's devices through time, folded from its facts once and for all who ask.</summary>
public sealed class CenterDevices(CenterDefinition center, CenterFacts facts)
{
    private readonly Lazy<ImmutableArray<DeviceHistory>> _histories = new(() => [.. CardHourKeeper.HistoriesOf(center, facts)]);

    public CenterDefinition Center { get; } = center;

    public CenterFacts Facts { get; } = facts;

    /// <summary>One history per device, those assumed from telemetry included; ordered by device.</summary>
    public ImmutableArray<DeviceHistory> Histories => _histories.Value;
}
