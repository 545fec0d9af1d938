using System.Collections.Immutable;
using Headroom.Domain.Time;

namespace Headroom.Domain.Facts;

/// <summary>The spans over which a feed's silence means "nothing happened": outside of them allocation is unknown, not free.</summary>
/// <param name="Feed"><c>jobs</c> for the scheduler's log, <c>allocations</c> for devices held by jobs or pods that are known by what they hold alone, <c>contracts</c> for the register of reservations and contracts.</param>
public sealed record FeedCoverage(string Feed, Window Valid)
{
    public const string Jobs = "jobs";

    public const string Allocations = "allocations";

    public const string Contracts = "contracts";
}

/// <summary>Records of one file, together: they become durable together.</summary>
public sealed record FactBatch(ImmutableArray<InventoryFact> Inventory, ImmutableArray<JobFact> Jobs, ImmutableArray<FeedCoverage> Coverage)
{
    public static FactBatch Empty { get; } = new([], [], []);

    public ImmutableArray<RequestFact> Requests { get; init; } = [];

    public ImmutableArray<AllocationFact> Allocations { get; init; } = [];

    public ImmutableArray<CountFact> Counts { get; init; } = [];

    public ImmutableArray<MeterFact> Meters { get; init; } = [];

    public ImmutableArray<SettlementFact> Settlements { get; init; } = [];

    public int Count => Inventory.Length + Jobs.Length + Coverage.Length + Requests.Length + Allocations.Length + Counts.Length + Meters.Length + Settlements.Length;
}
