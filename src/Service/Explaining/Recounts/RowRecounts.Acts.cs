using System.Numerics;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Reports.Figures;

namespace Headroom.Service.Explaining.Recounts;

/// <content>What to act on.</content>
internal sealed partial class RowRecounts
{
    // act.POOL.KIND[.TENANT][.JOB].WORD
    private static string KindOf(Figure figure) => figure.Cell[$"act.{figure.Scope.Pool}.".Length..].Split('.')[0];

    // Size, share of the installed capacity, and what is counted as evidence.
    private Recounted OfAct(Figure figure)
    {
        var (pool, kind) = (figure.Scope.Pool!.Value, KindOf(figure));
        return OfAct(figure, pool, kind) with { RowCount = RowsOf(pool, kind) };
    }

    private Recounted OfAct(Figure figure, PoolId pool, string kind)
    {
        if (figure.Metric == MetricCatalog.ActShare.Id)
        {
            var whole = Weight(pool, Enum.GetValues<Cell>());
            var size = Int128.Min(SizeOf(figure, pool, kind), whole);
            return Share(FromOf(kind), "size", size, whole, "C_installed", whole, Scale(pool).Unit, Scale(pool).PerUnit, []) with { Formula = "size ÷ C_installed" };
        }

        if (figure.Cell.EndsWith(".evidence", StringComparison.Ordinal))
        {
            return Amount(FromOf(kind), "n", "n", EvidenceOf(figure, pool, kind), 1, MetricUnit.Count, []);
        }

        if (kind == "Tune")
        {
            var (unit, per) = Scale(pool);
            Term Of(string name, Int128 sum) => new(name, (double)sum / (double)per, unit);
            return Weighed(FromOf(kind), pool, "AllocIdle − IdleReclaimable", SizeOf(figure, pool, kind), []) with
            {
                Formula = "AllocIdle − IdleReclaimable",
                Terms = [Of("AllocIdle", Weight(pool, Cell.AllocatedIdle)), Of("IdleReclaimable", (Int128)Idle(pool, null, null).Numerator!.Value)],
            };
        }

        return Weighed(FromOf(kind), pool, kind, SizeOf(figure, pool, kind), kind == "Reclaim" ? raw!.Idle.Where(run => run.Stay.Pool == pool && run.Hold.Tenant == figure.Scope.Tenant).Select(Row) : []);
    }

    private long RowsOf(PoolId pool, string kind) => FromOf(kind) switch
    {
        RowKind.Samples => raw!.Samples,
        RowKind.Allocations => Held(pool).Devices,
        RowKind.Inventory => Room(pool).Servers,
        RowKind.Jobs => JobsOf(pool).Named.Count,
        _ => rows.Pools[pool].Rows,
    };

    private static RowKind FromOf(string kind) => kind switch
    {
        "Reclaim" or "Compare" or "Tune" => RowKind.Samples,
        "TalkToOwner" => RowKind.Allocations,
        "Defragment" => RowKind.Inventory,
        "Stabilize" => RowKind.Jobs,
        _ => RowKind.CardHours,
    };

    private Int128 SizeOf(Figure figure, PoolId pool, string kind) => kind switch
    {
        "Reclaim" => (Int128)(Idle(pool, figure.Scope.Tenant, null).Numerator!.Value),
        "Compare" => LagOf(figure, pool),
        "Tune" => Int128.Max(0, Weight(pool, Cell.AllocatedIdle) - (Int128)Idle(pool, null, null).Numerator!.Value),
        "Mend" => Weight(pool, Cell.Down),
        "Measure" => Weight(pool, UseUnknown),
        "Attribute" => Weight(pool, Cell.FreeBusy),
        "TalkToOwner" => Held(pool).ContractOnly,
        "Defragment" => Average(pool, Room(pool).Stranded),
        _ => Average(pool, JobsOf(pool).Badly),
    };

    private long EvidenceOf(Figure figure, PoolId pool, string kind) => kind switch
    {
        "Reclaim" => raw!.Idle.Where(run => run.Stay.Pool == pool && run.Hold.Tenant == figure.Scope.Tenant).Select(run => run.Device).Distinct().Count(),
        "Compare" => MembersOf(figure, pool).Count(),
        "Tune" => rows.CardsIn(pool, Cell.AllocatedIdle),
        "Mend" => rows.CardsIn(pool, Cell.Down),
        "Measure" => rows.CardsIn(pool, UseUnknown),
        "Attribute" => rows.CardsIn(pool, Cell.FreeBusy),
        "Defragment" => Room(pool).LargestGang,
        _ => JobsOf(pool).Cut,
    };

    private IEnumerable<RawMember> MembersOf(Figure figure, PoolId pool) =>
        raw!.Stragglers.Where(one => one.Stay.Pool == pool && one.Hold.Tenant == figure.Scope.Tenant && one.Hold.JobId == figure.Scope.Part);

    private Int128 LagOf(Figure figure, PoolId pool)
    {
        Int128 lost = 0;
        foreach (var one in MembersOf(figure, pool))
        {
            lost += (Int128)one.Held * (one.MedianPpm - one.UsePpm) / 1_000_000 * rows.WeightOf(pool, one.Stay.Model);
        }

        return lost;
    }

    private Int128 Weight(PoolId pool, params ReadOnlySpan<Cell> cells) => rows.Pools[pool].Sum(rows.IsRated(pool), cells);

    // What names no model weighs as the pool's devices do on average.
    private Int128 Average(PoolId pool, Int128 deviceMicros)
    {
        var sums = rows.Pools[pool];
        var all = sums.Sum(rated: false, Enum.GetValues<Cell>());
        return sums.IsUnrated || all == 0 ? deviceMicros : (Int128)((BigInteger)deviceMicros * sums.Sum(rated: true, Enum.GetValues<Cell>()) / all);
    }
}
