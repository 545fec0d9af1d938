using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Ledger;
using Headroom.Domain.Time;

namespace Headroom.Storage.Accounting;

/// <summary>A center's devices through time, folded from its facts once and for all who ask.</summary>
public sealed class CenterDevices(CenterDefinition center, CenterFacts facts)
{
    /// <summary>Samples, and so facts, this far outside of a day can still change it. Unit: microseconds.</summary>
    private const long Context = Micros.PerDay;

    private readonly Lazy<ImmutableArray<DeviceHistory>> _histories = new(() => [.. CardHourKeeper.HistoriesOf(center, facts)]);
    private readonly Lazy<ImmutableArray<DemandSpan>> _demand = new(() => DemandSpans.Of(facts.Jobs, facts.Requests, center.FallbackPool));

    public CenterDefinition Center { get; } = center;

    public CenterFacts Facts { get; } = facts;

    /// <summary>One history per device, those assumed from telemetry included; ordered by device.</summary>
    public ImmutableArray<DeviceHistory> Histories => _histories.Value;

    /// <summary>What jobs and requests wanted of each pool, and when.</summary>
    public ImmutableArray<DemandSpan> Demand => _demand.Value;

    /// <summary>The devices as they are needed to account for local days [<paramref name="from"/>, <paramref name="until"/>): jobs of other days are left out.</summary>
    public static async Task<CenterDevices> ReadAsync(IStore store, CenterDefinition center, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken)
    {
        var clock = center.Clock();
        var window = new Window(clock.Day(from).From - Context, clock.Day(until).From + Context);
        return new(center, await store.ReadFactsAsync(center.Id, window, asOf, cancellationToken).ConfigureAwait(false));
    }
}
