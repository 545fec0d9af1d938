using System.Collections.Immutable;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using Microsoft.Data.Sqlite;

namespace Headroom.Storage.Sqlite.Facts;

/// <summary>The winning view of facts.</summary>
internal static class FactReader
{
    private const string OfTime = """
        SELECT f.kind, f.key, f.revision, f.rank, f.content, f.id FROM fact_time t JOIN fact f ON f.id = t.fact
        WHERE t.center = @1 AND t.kind = @2 AND t.until_micros > @3 AND t.from_micros < @4
        ORDER BY f.key
        """;

    private const string OfTimeOrRequest = """
        SELECT f.kind, f.key, f.revision, f.rank, f.content, f.id FROM fact_time t JOIN fact f ON f.id = t.fact
        WHERE t.center = @1 AND t.kind = @2
          AND ((t.until_micros > @3 AND t.from_micros < @4) OR f.key ->> '$[1]' IN (SELECT r.key ->> '$[0]' FROM fact r WHERE r.center = @1 AND r.kind = 3))
        ORDER BY f.key
        """;

    /// <summary>Calls <paramref name="winner"/> with the winner of each key as recorded by <paramref name="asOf"/>, ordered by kind and key.</summary>
    public static void Winners(Session session, long center, long asOf, Action<FactText, long> winner)
    {
        using var reader = session.Read(
            "SELECT kind, key, revision, rank, content, id FROM fact INDEXED BY fact_key WHERE center = @1 AND recorded_micros <= @2 ORDER BY kind, key", center, asOf);
        Winners(reader, winner);
    }

    /// <summary>Every winning fact as recorded by <paramref name="asOf"/>.</summary>
    public static FactBatch Read(Session session, long center, long asOf) => Gather(winner => Winners(session, center, asOf, winner));

    /// <summary>Winning facts of now: of jobs, counts and readings those of a window's time, and jobs that carry the id of a request.</summary>
    public static FactBatch Read(Session session, long center, Window window) => Gather(winner =>
    {
        var hasRequests = false;
        using (var reader = session.Read(
            "SELECT kind, key, revision, rank, content, id FROM fact INDEXED BY fact_key WHERE center = @1 AND kind IN (0, 2, 3, 4) ORDER BY kind, key", center))
        {
            Winners(reader, (fact, id) =>
            {
                hasRequests |= fact.Kind == FactKind.Request;
                winner(fact, id);
            });
        }

        foreach (var kind in Enum.GetValues<FactKind>().Where(FactTimes.IsTimed))
        {
            using var reader = session.Read(kind == FactKind.Job && hasRequests ? OfTimeOrRequest : OfTime, center, (int)kind, window.From, window.Until);
            Winners(reader, winner);
        }
    });

    private static void Winners(SqliteDataReader reader, Action<FactText, long> winner)
    {
        (FactText Fact, long Id)? best = null;
        while (reader.Read())
        {
            var fact = new FactText((FactKind)reader.GetInt32(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetString(4));
            var id = reader.GetInt64(5);
            if (best is { } known && (known.Fact.Kind, known.Fact.Key) == (fact.Kind, fact.Key))
            {
                best = fact.Beats(known.Fact) ? (fact, id) : known;
                continue;
            }

            if (best is { } over)
            {
                winner(over.Fact, over.Id);
            }

            best = (fact, id);
        }

        if (best is { } last)
        {
            winner(last.Fact, last.Id);
        }
    }

    private static FactBatch Gather(Action<Action<FactText, long>> read)
    {
        var inventory = ImmutableArray.CreateBuilder<InventoryFact>();
        var jobs = ImmutableArray.CreateBuilder<JobFact>();
        var coverage = ImmutableArray.CreateBuilder<FeedCoverage>();
        var names = new Names();
        var requests = ImmutableArray.CreateBuilder<RequestFact>();
        var allocations = ImmutableArray.CreateBuilder<AllocationFact>();
        var counts = ImmutableArray.CreateBuilder<CountFact>();
        var meters = ImmutableArray.CreateBuilder<MeterFact>();
        read((fact, _) =>
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
