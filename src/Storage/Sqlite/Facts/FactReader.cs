using System.Collections.Immutable;
using Headroom.Domain.Facts;

namespace Headroom.Storage.Sqlite.Facts;

/// <summary>The winning view of facts.</summary>
internal static class FactReader
{
    /// <summary>Calls <paramref name="winner"/> with the winner of each key as recorded by <paramref name="asOf"/>, ordered by kind and key.</summary>
    public static void Winners(Session session, long center, long asOf, Action<FactText> winner)
    {
        using var reader = session.Read(
            "SELECT kind, key, revision, rank, content FROM fact INDEXED BY fact_key WHERE center = @1 AND recorded_micros <= @2 ORDER BY kind, key", center, asOf);
        FactText? best = null;
        while (reader.Read())
        {
            var fact = new FactText((FactKind)reader.GetInt32(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetString(4));
            if (best is not null && (best.Kind, best.Key) == (fact.Kind, fact.Key))
            {
                best = fact.Beats(best) ? fact : best;
                continue;
            }

            if (best is not null)
            {
                winner(best);
            }

            best = fact;
        }

        if (best is not null)
        {
            winner(best);
        }
    }

    public static FactBatch Read(Session session, long center, long asOf)
    {
        var inventory = ImmutableArray.CreateBuilder<InventoryFact>();
        var jobs = ImmutableArray.CreateBuilder<JobFact>();
        var coverage = ImmutableArray.CreateBuilder<FeedCoverage>();
        var names = new Names();
        var requests = ImmutableArray.CreateBuilder<RequestFact>();
        var allocations = ImmutableArray.CreateBuilder<AllocationFact>();
        var counts = ImmutableArray.CreateBuilder<CountFact>();
        var meters = ImmutableArray.CreateBuilder<MeterFact>();
        Winners(session, center, asOf, fact =>
        {
            switch (fact.Kind)
            {
                case FactKind.Inventory:
                    inventory.Add(FactText.ToInventory(fact.Content));
                    break;
                case FactKind.Job:
                    jobs.Add(FactText.ToJob(fact.Content, names));
                    break;
                case FactKind.Coverage:
                    coverage.Add(FactText.ToCoverage(fact.Content));
                    break;
                case FactKind.Request:
                    requests.Add(FactText.ToRequest(fact.Content));
                    break;
                case FactKind.Allocation:
                    allocations.Add(FactText.ToAllocation(fact.Content, names));
                    break;
                case FactKind.Count:
                    counts.Add(FactText.ToCount(fact.Content, names));
                    break;
                case FactKind.Meter:
                    meters.Add(FactText.ToMeter(fact.Content, names));
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        });
        return new(inventory.ToImmutable(), jobs.ToImmutable(), coverage.ToImmutable())
        {
            Requests = requests.ToImmutable(),
            Allocations = allocations.ToImmutable(),
            Counts = counts.ToImmutable(),
            Meters = meters.ToImmutable(),
        };
    }
}
