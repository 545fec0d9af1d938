using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.Summary;

/// <summary>The key figures, pool by pool. There is no line for the center: precisions are never added.</summary>
/// <param name="Partial">The period still runs: it is not to be compared with whole ones.</param>
public sealed record SummaryModel(PeriodKind Kind, ImmutableArray<PoolSummary> Pools, bool Partial) : ISectionModel
{

    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Figures);

    public static SummaryModel Of(DailyReportInput input)
    {
        var sums = input.Sums.Pools.ToLookup(sum => sum.Key.Pool);
        return new(input.Kind, [.. PoolDay.Of(input.DayHours, input.Center).Select(day => OfPool(input, day, sums[day.Pool]))], input.Until is not null);
    }

    /// <summary>Whole periods before the report's that are shown beside it.</summary>
    public static int RecentOf(PeriodKind kind) => kind switch { PeriodKind.Day => 7, PeriodKind.Week => 4, _ => 1 };

    private static PoolSummary OfPool(DailyReportInput input, PoolDay day, IEnumerable<RollUp> sums)
    {
        var maker = new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf);
        var (pool, scope, elapsed) = ($"pool.{day.Pool}", maker.Scope(day.Pool), input.Elapsed.Length.Value);
        var (definition, byContract) = (input.Center.Find(day.Pool), input.Operations.ByContract(day.Pool));
        return new(
            day.Pool,
            PoolDay.NameOf(input.Center, day.Pool),
            input.Center.PrecisionOf(day.Pool),
            definition?.HasGauge ?? true,
            byContract is { } held ? Scheduled(maker, $"{pool}.U1s", scope, held) : day.U1s(maker, $"{pool}.U1s"),
            day.U2(maker, $"{pool}.U2"),
            day.U3(maker, $"{pool}.U3"),
            day.U4(maker, $"{pool}.U4"),
            day.Amount(maker, $"{pool}.C_installed", MetricCatalog.CInstalled, day.Weighed.Installed),
            day.Amount(maker, $"{pool}.C_available", MetricCatalog.CAvailable, day.Weighed.Available),
            maker.Amount($"{pool}.N_installed", scope, MetricCatalog.NInstalled.Id, MetricUnit.Devices, day.Devices.Installed, elapsed),
            definition?.Nameplate is { } nameplate ? maker.Given($"{pool}.Nameplate", scope, MetricCatalog.Nameplate.Id, MetricUnit.Petaflops, nameplate) : null,
            day.Rated is { } rated
                ? maker.Amount($"{pool}.C_installed.P", scope, MetricCatalog.CInstalled.Id, MetricUnit.Petaflops, rated.Installed, (System.Numerics.BigInteger)1_000_000_000 * elapsed)
                : null,
            Energy.Of(sums).Figure(maker, $"{pool}.E_card", scope, day.Devices.Available),
            Unrated(input, day.Pool, sums),
            [.. Recent(input, day.Pool)])
        {
            U1c = byContract?.U1c is { } contract ? maker.Share($"{pool}.U1c", scope, contract) : null,
            ContractOnly = byContract is { ContractOnly: var only } && only > 0 ? day.Amount(maker, $"{pool}.ContractOnly", MetricCatalog.ContractOnly, only) : null,
        };
    }

    // What is held by contract counts as allocated in the card-hours; by the scheduler it is held only while a job runs.
    private static Figure Scheduled(FigureMaker maker, string cell, FigureScope scope, AllocationSums held) =>
        held.U1s is { } rate ? maker.Share(cell, scope, rate) : maker.WithoutAllocation(cell, scope, MetricCatalog.U1s);

    private static ImmutableArray<string> Unrated(DailyReportInput input, PoolId pool, IEnumerable<RollUp> sums)
    {
        var rating = PoolRatings.Of(input.Center, input.Catalog);
        return
        [
            .. sums
                .Where(sum => rating(pool, sum.Key.Model) is null)
                .Select(sum => sum.Key.Model ?? "")
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }

    // A period of which the history has any day; a first, shorter one is told from its first day on, as its window says.
    private static IEnumerable<RecentPeriod> Recent(DailyReportInput input, PoolId pool)
    {
        var clock = input.Center.Clock();
        var byDay = input.History.Where(hour => hour.Pool == pool).ToLookup(hour => clock.DayOf(hour.HourStart));
        var periods = new Stack<ReportPeriod>();
        for (var period = input.Period.Before; periods.Count < RecentOf(input.Kind); period = period.Before)
        {
            periods.Push(period);
        }

        foreach (var period in periods)
        {
            if (period.Days.SelectMany(day => byDay[day]).ToList() is not { Count: > 0 } hours)
            {
                continue;
            }

            var sums = PoolDay.Of(hours, input.Center)[0];
            var maker = new FigureMaker(input.Center.Id, period.Window(clock) with { From = clock.Day(clock.DayOf(hours.Min(hour => hour.HourStart))).From }, input.AsOf);
            var cell = $"pool.{pool}.{period.Kind.ToString().ToLowerInvariant()}.{FigureMaker.At(period.First)}";
            var u1s = input.Operations.ByContract(pool) is null ? sums.U1s(maker, $"{cell}.U1s") : maker.WithoutAllocation($"{cell}.U1s", maker.Scope(pool), MetricCatalog.U1s);
            yield return new(period, u1s, sums.U3(maker, $"{cell}.U3"));
        }
    }

    private readonly record struct Energy(Int128 Nanojoules, Int128 Known)
    {
        private const long NanojoulesPerKilowattHour = 3_600_000_000_000_000;

        public static Energy Of(IEnumerable<RollUp> sums) =>
            sums.Aggregate(new Energy(0, 0), (sum, part) => new(sum.Nanojoules + part.EnergyNanojoules, sum.Known + part.EnergyKnown));

        /// <summary>Null where no power was reported at all.</summary>
        public Figure? Figure(FigureMaker maker, string cell, FigureScope scope, Int128 available) => Known == 0
            ? null
            : maker.Amount(cell, scope, MetricCatalog.CardEnergy.Id, MetricUnit.KilowattHours, Nanojoules, NanojoulesPerKilowattHour) with
            {
                Coverage = available == 0 ? null : Math.Min(1, (double)Known / (double)available),
            };
    }
}

/// <param name="HasGauge">False: the pool's devices report no utilization by their nature.</param>
/// <param name="Nameplate">What the center publishes; null: nothing.</param>
/// <param name="CatalogSum">Devices times rating in P; null where a model has no rating.</param>
/// <param name="Energy">Of the cards alone; null: no power was reported.</param>
/// <param name="Unrated">Models without a rating at the pool's precision; an empty name is a device without a model.</param>
/// <param name="Recent">Periods before, oldest first.</param>
public sealed record PoolSummary(
    PoolId Pool,
    LocalText Name,
    Precision Precision,
    bool HasGauge,
    Figure U1s,
    Figure U2,
    Figure U3,
    Figure U4,
    Figure Installed,
    Figure Available,
    Figure Devices,
    Figure? Nameplate,
    Figure? CatalogSum,
    Figure? Energy,
    ImmutableArray<string> Unrated,
    ImmutableArray<RecentPeriod> Recent)
{
    /// <summary>Allocation by reservation or contract; null: no register of them is kept.</summary>
    public Figure? U1c { get; init; }

    /// <summary>Reserved or contracted while no job ran; null: none, or no register.</summary>
    public Figure? ContractOnly { get; init; }

    public IEnumerable<Figure> Figures =>
        new[] { U1s, U1c, ContractOnly, U2, U3, U4, Installed, Available, Devices, Nameplate, CatalogSum, Energy }
            .OfType<Figure>()
            .Concat(Recent.SelectMany(day => (Figure[])[day.U1s, day.U3]));
}

public sealed record RecentPeriod(ReportPeriod Period, Figure U1s, Figure U3);
