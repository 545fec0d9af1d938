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
/// <param name="Partial">The day still runs: it is not to be compared with whole days.</param>
public sealed record SummaryModel(ImmutableArray<PoolSummary> Pools, bool Partial) : ISectionModel
{
    /// <summary>Whole local days before the report's day that are shown beside it.</summary>
    public const int RecentDays = 7;

    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Figures);

    public static SummaryModel Of(DailyReportInput input)
    {
        var energy = EnergyOf(input.CardDays);
        return new([.. PoolDay.Of(input.DayHours, input.Center).Select(day => OfPool(input, day, energy.GetValueOrDefault(day.Pool)))], input.Until is not null);
    }

    private static PoolSummary OfPool(DailyReportInput input, PoolDay day, Energy energy)
    {
        var maker = new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf);
        var (pool, scope, elapsed) = ($"pool.{day.Pool}", maker.Scope(day.Pool), input.Elapsed.Length.Value);
        var definition = input.Center.Find(day.Pool);
        return new(
            day.Pool,
            PoolDay.NameOf(input.Center, day.Pool),
            input.Center.PrecisionOf(day.Pool),
            definition?.HasGauge ?? true,
            day.U1s(maker, $"{pool}.U1s"),
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
            energy.Figure(maker, $"{pool}.E_card", scope, day.Devices.Available),
            Unrated(input, day.Pool),
            [.. Recent(input, day.Pool)]);
    }

    private static ImmutableArray<string> Unrated(DailyReportInput input, PoolId pool)
    {
        var rating = PoolRatings.Of(input.Center, input.Catalog);
        return
        [
            .. input.CardDays
                .SelectMany(card => card.Hours)
                .Where(hour => hour.Pool == pool && rating(pool, hour.Model) is null)
                .Select(hour => hour.Model ?? "")
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<RecentDay> Recent(DailyReportInput input, PoolId pool)
    {
        var clock = input.Center.Clock();
        var first = input.Day.AddDays(-RecentDays);
        foreach (var day in input.History.Where(hour => hour.Pool == pool).GroupBy(hour => clock.DayOf(hour.HourStart)).OrderBy(day => day.Key))
        {
            if (day.Key < first || day.Key >= input.Day)
            {
                continue;
            }

            var sums = PoolDay.Of(day, input.Center)[0];
            var maker = new FigureMaker(input.Center.Id, clock.Day(day.Key), input.AsOf);
            var cell = $"pool.{pool}.day.{FigureMaker.At(day.Key)}";
            yield return new(day.Key, sums.U1s(maker, $"{cell}.U1s"), sums.U3(maker, $"{cell}.U3"));
        }
    }

    private static ILookup<PoolId, CardHour> HoursByPool(IReadOnlyList<CardDay> days) =>
        days.SelectMany(day => day.Hours).ToLookup(hour => hour.Pool);

    private static Dictionary<PoolId, Energy> EnergyOf(IReadOnlyList<CardDay> days) => HoursByPool(days).ToDictionary(
        group => group.Key,
        group => group.Aggregate(new Energy(0, 0), (sum, hour) => new(sum.Nanojoules + hour.EnergyNanojoules, sum.Known + hour.EnergyKnown)));

    private readonly record struct Energy(Int128 Nanojoules, Int128 Known)
    {
        private const long NanojoulesPerKilowattHour = 3_600_000_000_000_000;

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
/// <param name="Recent">Whole days before, oldest first.</param>
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
    ImmutableArray<RecentDay> Recent)
{
    public IEnumerable<Figure> Figures =>
        new[] { U1s, U2, U3, U4, Installed, Available, Devices, Nameplate, CatalogSum, Energy }
            .OfType<Figure>()
            .Concat(Recent.SelectMany(day => (Figure[])[day.U1s, day.U3]));
}

public sealed record RecentDay(DateOnly Day, Figure U1s, Figure U3);
