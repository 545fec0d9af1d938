using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Saturation;

/// <summary>Devices of one pool in the unit they are printed in, and what its demand and capacity were of late.</summary>
public sealed class PoolScale(SaturationReportInput input, PoolSaturation pool)
{
    /// <summary>What "now" means for a level: whole weeks, so that no weekday weighs more. Unit: days.</summary>
    public const int RecentDays = 35;

    private readonly CenterClock _clock = input.Center.Clock();

    public PoolId Pool => pool.Pool;

    public MetricUnit Unit => pool.Capacity.PetaflopsPerDevice is null ? MetricUnit.Devices : MetricUnit.Petaflops;

    public string Cell => $"pool.{pool.Pool}";

    /// <summary>The window that levels are means of.</summary>
    public Window Recent => RecentOf(input.Observed, _clock, input.Day);

    /// <param name="observed">Ends with <paramref name="day"/>.</param>
    public static Window RecentOf(Window observed, CenterClock clock, DateOnly day) => observed.Within(clock.Day(day.AddDays(1 - RecentDays)) with { Until = observed.Until });

    public FigureMaker Maker => new(input.Center.Id, Recent, input.AsOf);

    public FigureScope Scope => Maker.Scope(pool.Pool);

    public double Of(double devices) => devices * (pool.Capacity.PetaflopsPerDevice ?? 1);

    /// <summary>Mean demand of the recent days, with its band. Unit: devices. Null where the answer is refused or nothing was observed.</summary>
    public (double Mean, double Low, double High)? Demand()
    {
        var hours = pool.Demand.Hourly is { } series ? [.. series.Observed.Where(hour => Recent.Contains(hour.Start))] : ImmutableArray<DemandHour>.Empty;
        return hours.IsEmpty ? null : (hours.Average(hour => hour.Mean), hours.Average(hour => hour.Low80), hours.Average(hour => hour.High80));
    }

    /// <summary>Mean usable devices of the recent days.</summary>
    public double Usable() => _clock.Days(Recent).Select(UsableOn).DefaultIfEmpty(0).Average();

    public double UsableOn(DateOnly day) => pool.Capacity.Days.LastOrDefault(step => step.Day <= day).Devices;

    /// <summary>An amount of devices that is known exactly.</summary>
    public Figure Exactly(string name, MetricDefinition metric, double devices) => Maker.Given($"{Cell}.{name}", Scope, metric.Id, Unit, Of(devices));
}
