using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Operations;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Sections.Idle;
using Headroom.Reports.Sections.StateWaterfall;
using Headroom.Reports.Sections.Tenants;

namespace Headroom.Reports.Sections.ActOn;

/// <summary>What there is to act on.</summary>
public enum ActKind
{
    /// <summary>A tenant's devices lie idle while held.</summary>
    Reclaim,

    /// <summary>Jobs that run leave their devices idle, in pieces too short to take back.</summary>
    Tune,

    /// <summary>Devices are out of order.</summary>
    Mend,

    /// <summary>Nothing tells what devices did.</summary>
    Measure,

    /// <summary>Devices work and nobody is known to hold them.</summary>
    Attribute,

    /// <summary>Reserved or contracted, and no job ran.</summary>
    TalkToOwner,

    /// <summary>Free devices that no waiting gang could use.</summary>
    Defragment,

    /// <summary>Time of jobs that did not complete.</summary>
    Stabilize,

    /// <summary>Devices hold their jobs back.</summary>
    Compare,
}

/// <summary>The state that most of each pool was in, and the five largest losses of the period, each with its size and evidence.</summary>
/// <param name="Largest">By pool; pools without devices are left out.</param>
public sealed record ActOnModel(ImmutableArray<LargestState> Largest, ImmutableArray<Act> Acts) : ISectionModel
{
    private const int Most = 5;

    public IEnumerable<Figure> Figures => Largest.SelectMany(pool => (Figure[])[pool.Amount, pool.Installed]).Concat(Acts.SelectMany(act => act.Figures));

    // Sizes of pools of different precision stand beside each other and are never added; what has no rating comes after what has.
    public static ActOnModel Of(DailyReportInput input) => new(
    [
        .. PoolDay.Of(input.DayHours, input.Center).Where(day => day.Weighed.Installed > 0).Select(day => LargestOf(input, day)),
    ],
    [
        .. PoolDay.Of(input.DayHours, input.Center)
            .SelectMany(day => OfPool(input, day))
            .Where(act => act.Size.Value > 0)
            .OrderBy(act => act.Size.Unit == MetricUnit.PetaflopHours ? 0 : 1)
            .ThenByDescending(act => act.Size.Value)
            .ThenBy(act => act.Size.Cell, StringComparer.Ordinal)
            .Take(Most),
    ]);

    // The same numbers as those of the waterfall; of equal states the first of its order.
    private static LargestState LargestOf(DailyReportInput input, PoolDay day)
    {
        var maker = new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf);
        var state = StateWaterfallModel.Order.MaxBy(day.Weighed.Of);
        return new(
            PoolDay.NameOf(input.Center, day.Pool),
            state,
            day.Amount(maker, $"pool.{day.Pool}.state.{state}", MetricCatalog.State, day.Weighed.Of(state), part: state.ToString()),
            day.Amount(maker, $"pool.{day.Pool}.C_installed", MetricCatalog.CInstalled, day.Weighed.Installed));
    }

    private static IEnumerable<Act> OfPool(DailyReportInput input, PoolDay day)
    {
        var maker = new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf);
        var weight = day.WeightBy(PoolRatings.Of(input.Center, input.Catalog));
        var cards = input.CardDays.Where(card => card.Hours.Any(hour => hour.Pool == day.Pool)).ToList();
        var idle = input.Operations.Findings.SelectMany(found => found.Idle).Where(run => run.Pool == day.Pool).ToList();
        foreach (var tenant in idle.GroupBy(run => run.Tenant))
        {
            yield return Of(ActKind.Reclaim, MetricCatalog.IdleReclaimable, IdleModel.Sum(tenant, weight), tenant.Select(run => run.Device).Distinct().Count(), tenant.Key);
        }

        yield return Of(ActKind.Tune, MetricCatalog.IdleWorking, day.Weighed.Of(ReportedState.AllocIdle) - IdleModel.Sum(idle, weight), Cards(cell => cell == Cell.AllocatedIdle));
        yield return Of(ActKind.Mend, MetricCatalog.State, day.Weighed.Of(ReportedState.Down), Cards(cell => cell == Cell.Down));
        yield return Of(ActKind.Measure, MetricCatalog.Unmeasured, day.Weighed.UseUnknown, Cards(cell => cell is Cell.AllocatedUseUnknown or Cell.AllocUnknownUseUnknown or Cell.FreeUseUnknown));
        yield return Of(ActKind.Attribute, MetricCatalog.State, day.Weighed.Of(ReportedState.Unattributed), Cards(cell => cell == Cell.FreeBusy));
        if (input.Operations.ByContract(day.Pool) is { } contract)
        {
            yield return Of(ActKind.TalkToOwner, MetricCatalog.ContractOnly, contract.ContractOnly, null);
        }

        if (input.Operations.Of(day.Pool) is { } ran)
        {
            if (ran.Room is { } room)
            {
                yield return Of(ActKind.Defragment, MetricCatalog.Stranded, Rated(room.StrandedMicros), room.LargestGang);
            }

            if (ran.Outcomes is { } outcomes)
            {
                yield return Of(ActKind.Stabilize, MetricCatalog.BadlyEnded, Rated(outcomes.EndedBadly), outcomes.Interruptions);
            }
        }

        foreach (var job in input.Operations.Findings.SelectMany(found => found.Stragglers).Where(one => one.Pool == day.Pool).GroupBy(one => (one.Tenant, one.JobId)))
        {
            var lost = job.Aggregate((Int128)0, (sum, one) => sum + ((Int128)one.HeldMicros * (one.MedianPpm - one.UsePpm) / 1_000_000 * weight(one.Model)));
            yield return Of(ActKind.Compare, MetricCatalog.CardTime, lost, job.Count(), job.Key.Tenant, job.Key.JobId);
        }

        // What is counted in devices has no model: it weighs as the pool's devices do on average.
        Int128 Rated(Int128 micros) => day.Rated is { } rated && day.Devices.Installed > 0
            ? (Int128)((System.Numerics.BigInteger)micros * rated.Installed / day.Devices.Installed)
            : micros;

        int? Cards(Func<Cell, bool> isOne) => input.Kind != PeriodKind.Day
            ? null
            : cards.Count(card => card.Hours.Any(hour => hour.Pool == day.Pool && Enum.GetValues<Cell>().Any(cell => isOne(cell) && hour.Cells[cell] > 0)));

        Act Of(ActKind kind, MetricDefinition metric, Int128 size, int? evidence, TenantId? tenant = null, string? job = null)
        {
            var cell = $"act.{day.Pool}.{kind}" + (tenant is { } owner ? $".{owner}" : "") + (job is null ? "" : $".{job}");
            size = Int128.Max(0, size);
            var part = metric == MetricCatalog.State ? StateOf(kind) : job;
            return new(
                kind,
                PoolDay.NameOf(input.Center, day.Pool),
                tenant is { } named ? TenantsModel.NameOf(input.Center, named) : null,
                job,
                day.Amount(maker, $"{cell}.size", metric, size, tenant, part),
                maker.Share($"{cell}.share", maker.Scope(day.Pool, tenant, part), MetricValue.Ratio(MetricCatalog.ActShare.Id, Int128.Min(size, day.Weighed.Installed), day.Weighed.Installed, day.Weighed.Installed)),
                evidence is { } count ? maker.Amount($"{cell}.evidence", maker.Scope(day.Pool, tenant, part), Evidence(kind).Id, MetricUnit.Count, count, 1) : null);
        }
    }

    private static string? StateOf(ActKind kind) => kind switch
    {
        ActKind.Mend => nameof(ReportedState.Down),
        ActKind.Attribute => nameof(ReportedState.Unattributed),
        _ => null,
    };

    private static MetricDefinition Evidence(ActKind kind) => kind switch
    {
        ActKind.Defragment => MetricCatalog.LargestGang,
        ActKind.Stabilize => MetricCatalog.Interrupted,
        _ => MetricCatalog.Cards,
    };
}

/// <param name="Pool">Its name.</param>
public sealed record LargestState(LocalText Pool, ReportedState State, Figure Amount, Figure Installed);

/// <param name="Tenant">Null: not of one tenant.</param>
/// <param name="Job">Null: not of one job.</param>
/// <param name="Size">What it cost, in the pool's own weight.</param>
/// <param name="Share">Of the pool's installed capacity.</param>
/// <param name="Evidence">How many cards, or what <see cref="Kind"/> counts; null: not told of longer periods.</param>
public sealed record Act(ActKind Kind, LocalText Pool, LocalText? Tenant, string? Job, Figure Size, Figure Share, Figure? Evidence)
{
    public IEnumerable<Figure> Figures => new[] { Size, Share, Evidence }.OfType<Figure>();
}
