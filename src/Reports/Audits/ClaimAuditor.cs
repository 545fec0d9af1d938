using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Audits;

/// <summary>What an audit is made of.</summary>
/// <param name="From">First local day.</param>
/// <param name="To">Last local day, included.</param>
/// <param name="Hours">Pool-hours of these days.</param>
/// <param name="Steps">Roll-ups of five minutes; empty: none are kept.</param>
/// <param name="Contracts">Allocation by contract of each local day, as <see cref="AllocationAxes"/> has it; empty: no register of contracts.</param>
public sealed record AuditInput(
    CenterDefinition Center,
    CardCatalog Catalog,
    ClaimTerm Term,
    DateOnly From,
    DateOnly To,
    long AsOf,
    IReadOnlyList<PoolHour> Hours,
    IReadOnlyList<RollUp> Steps,
    IReadOnlyDictionary<DateOnly, ImmutableArray<PoolAllocation>> Contracts)
{
    public PublishedClaim? Claim { get; init; }
}

/// <summary>Says under which definitions of utilization a sentence holds. Pure.</summary>
public static class ClaimAuditor
{
    private const double PeakShare = 0.95;

    private static readonly (MetricDefinition Metric, Func<UsageSums, MetricValue> Of, bool NeedsAllocation)[] Definitions =
    [
        (MetricCatalog.U1s, sums => sums.U1s, true),
        (MetricCatalog.U2, sums => sums.U2, false),
        (MetricCatalog.U3, sums => sums.U3, false),
        (MetricCatalog.U4, sums => sums.U4, true),
    ];

    public static ClaimAudit Audit(AuditInput input)
    {
        var clock = input.Center.Clock();
        var maker = new FigureMaker(input.Center.Id, new(clock.Day(input.From).From, clock.Day(input.To).Until), input.AsOf);
        var (steps, rating) = (input.Steps.ToLookup(step => step.Key.Pool), PoolRatings.Of(input.Center, input.Catalog));
        return new(
            input.Term,
            input.From,
            input.To,
            [
                .. PoolDay.Of(input.Hours, input.Center).Select(pool => new PoolAudit(
                    pool.Pool,
                    PoolDay.NameOf(input.Center, pool.Pool),
                    input.Center.PrecisionOf(pool.Pool),
                    [.. OfPool(input, maker, clock, pool, PoolHours.Of(steps[pool.Pool], rating)), .. OfContracts(input, maker, pool)])),
            ],
            input.Claim);
    }

    private static IEnumerable<ClaimTest> OfPool(AuditInput input, FigureMaker maker, CenterClock clock, PoolDay pool, ImmutableArray<PoolHour> steps)
    {
        var days = input.Hours.Where(hour => hour.Pool == pool.Pool).GroupBy(hour => clock.DayOf(hour.HourStart)).OrderBy(day => day.Key).Select(day => day.ToList()).ToList();
        foreach (var (metric, of, needsAllocation) in Definitions.Where(definition => IsAsked(input.Term, definition.Metric)))
        {
            if (needsAllocation && !pool.Devices.HasAllocationSource)
            {
                yield return new(ClaimReading.Period, maker.WithoutAllocation(CellOf(pool, metric, ClaimReading.Period), maker.Scope(pool.Pool), metric), ClaimVerdict.CannotBeTold);
                continue;
            }

            Spread OfHours(IEnumerable<PoolHour> hours) => Spread.Of(of(PoolDay.Of(hours, input.Center)[0].Weighed));
            var byDay = days.Select(OfHours).ToList();
            yield return Test(input, maker, pool, metric, ClaimReading.Period, Spread.Of(of(pool.Weighed)));
            yield return Test(input, maker, pool, metric, ClaimReading.MeanOfDays, Spread.Mean(byDay));
            yield return Test(input, maker, pool, metric, ClaimReading.MeanOfHours, Spread.Mean([.. days.Select(day => Spread.Mean([.. day.Select(hour => Spread.Of(of(hour.Weighed)))]))]));
            yield return Test(input, maker, pool, metric, ClaimReading.EveryDay, Spread.Extreme(byDay, least: input.Term.AtLeast));
            yield return Test(input, maker, pool, metric, ClaimReading.Peak, Spread.Rank([.. steps.Select(step => Spread.Of(of(step.Weighed)))], PeakShare));
        }
    }

    private static IEnumerable<ClaimTest> OfContracts(AuditInput input, FigureMaker maker, PoolDay pool)
    {
        if (!IsAsked(input.Term, MetricCatalog.U1c))
        {
            yield break;
        }

        var days = input.Contracts.OrderBy(day => day.Key).Select(day => day.Value.FirstOrDefault(entry => entry.Pool == pool.Pool)).OfType<PoolAllocation>().ToList();
        if (days.Count == 0 || days.TrueForAll(day => day.Devices.Contract is null))
        {
            yield return new(ClaimReading.Period, maker.WithoutAllocation(CellOf(pool, MetricCatalog.U1c, ClaimReading.Period), maker.Scope(pool.Pool), MetricCatalog.U1c), ClaimVerdict.CannotBeTold);
            yield break;
        }

        var rated = days.TrueForAll(day => day.Rated is not null);
        var byDay = days.Select(day => (rated ? day.Rated! : day.Devices).U1c is { } value ? Spread.Of(value) : Spread.Nothing).ToList();
        var whole = days.Select(day => rated ? day.Rated! : day.Devices).Aggregate((sum, day) => sum + day);
        yield return Test(input, maker, pool, MetricCatalog.U1c, ClaimReading.Period, whole.U1c is { } period ? Spread.Of(period) : Spread.Nothing);
        yield return Test(input, maker, pool, MetricCatalog.U1c, ClaimReading.MeanOfDays, Spread.Mean(byDay));
        yield return Test(input, maker, pool, MetricCatalog.U1c, ClaimReading.EveryDay, Spread.Extreme(byDay, least: input.Term.AtLeast));
    }

    private static bool IsAsked(ClaimTerm term, MetricDefinition metric) => term.Metric is null || term.Metric == metric.Id.Name;

    private static string CellOf(PoolDay pool, MetricDefinition metric, ClaimReading reading) => $"claim.pool.{pool.Pool}.{metric.Id.Name}.{reading}";

    private static ClaimTest Test(AuditInput input, FigureMaker maker, PoolDay pool, MetricDefinition metric, ClaimReading reading, Spread spread)
    {
        var known = spread.Coverage >= MetricValue.BoundsOnlyBelow;
        var figure = spread.IsEmpty
            ? maker.Unknown(CellOf(pool, metric, reading), maker.Scope(pool.Pool), metric.Id, MetricUnit.Share, FigureGap.Nothing)
            : maker.Given(CellOf(pool, metric, reading), maker.Scope(pool.Pool), metric.Id, MetricUnit.Share, spread.Value, spread.Low, spread.High) with
            {
                Value = known ? spread.Value : null,
                Coverage = spread.Coverage,
                Gap = known ? FigureGap.None : FigureGap.BoundsOnly,
            };
        var (worst, best) = input.Term.AtLeast ? (spread.Low, spread.High) : (spread.High, spread.Low);
        return new(
            reading,
            figure,
            spread.IsEmpty ? ClaimVerdict.CannotBeTold : input.Term.Admits(worst) ? ClaimVerdict.Holds : input.Term.Admits(best) ? ClaimVerdict.CannotBeTold : ClaimVerdict.DoesNotHold);
    }
}
