using System.Collections.Immutable;
using System.Numerics;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Metrics;
using Headroom.Domain.Operations;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.Energy;

/// <summary>Energy: of the cards by pool, and of the site where it has meters. What the cards draw is not what the site draws.</summary>
/// <param name="Facility">Null: no facility meter; likewise <paramref name="It"/>.</param>
/// <param name="Pue">Null: meters of both kinds do not speak of any common time.</param>
/// <param name="Carbon">Of the facility; null: no meter or no factor.</param>
/// <param name="Factor">In force on the first day; null: none is declared.</param>
public sealed record EnergyModel(Figure? Facility, Figure? It, Figure? Pue, Figure? Carbon, GridFactor? Factor, ImmutableArray<PoolEnergy> Pools) : ISectionModel
{
    private const long NanojoulesPerKilowattHour = 3_600_000_000_000_000;

    public IEnumerable<Figure> Figures => new[] { Facility, It, Pue, Carbon }.OfType<Figure>().Concat(Pools.SelectMany(pool => pool.Figures));

    public static EnergyModel Of(DailyReportInput input)
    {
        var (maker, meters, factor) = (new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf), input.Operations.Meters, input.Center.GridFactorOn(input.Day));
        var sums = input.Sums.Pools.ToLookup(sum => sum.Key.Pool);
        var scope = maker.Scope();
        return new(
            Metered(maker, "energy.E_facility", MetricCatalog.FacilityEnergy, meters.Facility),
            Metered(maker, "energy.E_it", MetricCatalog.ItEnergy, meters.It),
            meters.Both is { } both && both.It > 0 ? maker.Amount("energy.PUE", scope, MetricCatalog.Pue.Id, MetricUnit.Times, both.Facility, both.It) : null,
            meters.Facility is { } site && factor is not null
                ? maker.Given("energy.CO2", scope, MetricCatalog.Carbon.Id, MetricUnit.Kilograms, (double)site.Millijoules / MeterFact.PerKilowattHour * factor.KilogramsPerKilowattHour)
                : null,
            factor,
            [.. PoolDay.Of(input.DayHours, input.Center).Select(day => OfPool(input, maker, day, sums[day.Pool], factor)).OfType<PoolEnergy>()]);
    }

    private static Figure? Metered(FigureMaker maker, string cell, MetricDefinition metric, MeterSum? sum) => sum is null
        ? null
        : maker.Amount(cell, maker.Scope(), metric.Id, MetricUnit.KilowattHours, sum.Millijoules, MeterFact.PerKilowattHour) with { Coverage = sum.Coverage };

    // Null: its cards reported no power. Energy per work is of the time in which both are known, so it is told only where that is nearly all.
    private static PoolEnergy? OfPool(DailyReportInput input, FigureMaker maker, PoolDay day, IEnumerable<RollUp> sums, GridFactor? factor)
    {
        var (energy, known) = sums.Aggregate(((Int128)0, (Int128)0), (sum, part) => (sum.Item1 + part.EnergyNanojoules, sum.Item2 + part.EnergyKnown));
        if (known == 0)
        {
            return null;
        }

        var (cell, scope) = ($"energy.{day.Pool}", maker.Scope(day.Pool));
        var coverage = day.Devices.Available == 0 ? (double?)null : Math.Min(1, (double)known / (double)day.Devices.Available);
        var delivered = day.Rated is { Busy: var busy } && busy > 0 && coverage >= MetricValue.BoundsOnlyBelow && day.Weighed.U3.Coverage >= MetricValue.BoundsOnlyBelow ? busy : 0;
        var perWork = delivered == 0
            ? null
            : maker.Amount($"{cell}.E_per_Ph", scope, MetricCatalog.EnergyPerWork.Id, MetricUnit.KilowattHoursPerPetaflopHour, (BigInteger)energy * day.PerUnit, (BigInteger)delivered * NanojoulesPerKilowattHour) with
            {
                Coverage = Math.Min(coverage!.Value, day.Weighed.U3.Coverage),
            };
        return new(
            day.Pool,
            PoolDay.NameOf(input.Center, day.Pool),
            maker.Amount($"{cell}.E_card", scope, MetricCatalog.CardEnergy.Id, MetricUnit.KilowattHours, energy, NanojoulesPerKilowattHour) with { Coverage = coverage },
            perWork,
            perWork?.Value is { } kilowattHours && factor is not null
                ? maker.Given($"{cell}.CO2_per_Ph", scope, MetricCatalog.CarbonPerWork.Id, MetricUnit.KilogramsPerPetaflopHour, kilowattHours * factor.KilogramsPerKilowattHour) with { Coverage = perWork.Coverage }
                : null);
    }
}

/// <param name="PerWork">Card energy for a P·h delivered; null: no rating, or too little is known.</param>
/// <param name="CarbonPerWork">Null: likewise, or no grid factor.</param>
public sealed record PoolEnergy(PoolId Pool, LocalText Name, Figure Cards, Figure? PerWork, Figure? CarbonPerWork)
{
    public IEnumerable<Figure> Figures => new[] { Cards, PerWork, CarbonPerWork }.OfType<Figure>();
}
