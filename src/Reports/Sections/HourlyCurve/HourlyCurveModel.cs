using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.HourlyCurve;

/// <summary>How each pool's time went: a day hour by hour, a week or a month day by day, beside the time before.</summary>
public sealed record HourlyCurveModel(PeriodKind Kind, ImmutableArray<PoolCurve> Pools) : ISectionModel
{
    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Steps).SelectMany(step => step.Figures);

    public static HourlyCurveModel Of(DailyReportInput input)
    {
        var clock = input.Center.Clock();
        var (own, before) = (input.DayHours.ToLookup(hour => hour.Pool), input.History.ToLookup(hour => hour.Pool));
        return new(
            input.Kind,
            [
                .. PoolDay.Of(input.DayHours, input.Center).Select(pool => new PoolCurve(
                    pool.Pool,
                    PoolDay.NameOf(input.Center, pool.Pool),
                    pool.Devices.HasAllocationSource && input.Operations.ByContract(pool.Pool) is null,
                    input.Kind,
                    [.. input.Kind == PeriodKind.Day ? HourSteps(input, clock, own[pool.Pool], new(before[pool.Pool], clock)) : DaySteps(input, clock, own[pool.Pool], before[pool.Pool])])),
            ]);
    }

    private static IEnumerable<CurveStep> HourSteps(DailyReportInput input, CenterClock clock, IEnumerable<PoolHour> own, PastHours past)
    {
        var byStart = own.ToDictionary(hour => hour.HourStart);
        foreach (var hour in clock.Hours(input.Day))
        {
            var local = clock.Local(hour.From);
            if (!byStart.TryGetValue(hour.From, out var measured))
            {
                yield return new(hour.From, local, null, null);
                continue;
            }

            var maker = new FigureMaker(input.Center.Id, hour.Within(input.Elapsed), input.AsOf);
            var sums = new PoolDay(measured.Pool, measured.Devices, measured.Rated);
            var cell = $"pool.{measured.Pool}.hour.{FigureMaker.At(hour.From)}";
            var isOver = hour.Until <= input.Elapsed.Until;
            yield return new(hour.From, local, U1s(input, maker, sums, $"{cell}.U1s"), sums.U3(maker, $"{cell}.U3"))
            {
                Before = isOver ? past.U3(maker, $"{cell}.U3.day_before", input.Day.AddDays(-1), local.Hour) : null,
                WeekBefore = isOver ? past.U3(maker, $"{cell}.U3.week_before", input.Day.AddDays(-7), local.Hour) : null,
                Usual = isOver ? past.Usual(maker, $"{cell}.U3_usual", measured.Pool, input.Day, local.Hour) : null,
            };
        }
    }

    private static IEnumerable<CurveStep> DaySteps(DailyReportInput input, CenterClock clock, IEnumerable<PoolHour> own, IEnumerable<PoolHour> before)
    {
        var (byDay, earlier) = (own.ToLookup(hour => clock.DayOf(hour.HourStart)), before.ToLookup(hour => clock.DayOf(hour.HourStart)));
        foreach (var day in input.Period.Days)
        {
            var window = clock.Day(day);
            var local = clock.Local(window.From);
            if (PoolDay.Of(byDay[day], input.Center) is not [var sums])
            {
                yield return new(window.From, local, null, null);
                continue;
            }

            var maker = new FigureMaker(input.Center.Id, window.Within(input.Elapsed), input.AsOf);
            var cell = $"pool.{sums.Pool}.day.{FigureMaker.At(day)}";
            yield return new(window.From, local, U1s(input, maker, sums, $"{cell}.U1s"), sums.U3(maker, $"{cell}.U3"))
            {
                Before = window.Until <= input.Elapsed.Until && DayBefore(input.Period, day) is { } other && PoolDay.Of(earlier[other], input.Center) is [var past]
                    ? past.U3(maker.During(clock.Day(other)), $"{cell}.U3.{input.Kind.ToString().ToLowerInvariant()}_before")
                    : null,
            };
        }
    }

    // What is held by contract counts as allocated in the card-hours; by the scheduler it is not.
    private static Figure U1s(DailyReportInput input, FigureMaker maker, PoolDay sums, string cell) =>
        input.Operations.ByContract(sums.Pool) is null ? sums.U1s(maker, cell) : maker.WithoutAllocation(cell, maker.Scope(sums.Pool), MetricCatalog.U1s);

    // The same weekday of the week before; the same date of the month before, where it has one.
    private static DateOnly? DayBefore(ReportPeriod period, DateOnly day)
    {
        var other = period.Before.First.AddDays(day.DayNumber - period.First.DayNumber);
        return other < period.First ? other : null;
    }
}

/// <param name="HasAllocation">False: nothing tells what was allocated, so there is no curve of U1s.</param>
/// <param name="Steps">Every hour of a local day, 23 to 25 of them, or every day of a longer period; oldest first.</param>
public sealed record PoolCurve(PoolId Pool, LocalText Name, bool HasAllocation, PeriodKind Kind, ImmutableArray<CurveStep> Steps);

/// <param name="Local">The begin of the step as the center's clocks show it.</param>
/// <param name="U1s">Null: the step has not begun, or nothing was installed.</param>
public sealed record CurveStep(long Start, DateTimeOffset Local, Figure? U1s, Figure? U3)
{
    /// <summary>U3 of the same step of the day, week or month before; null: not known, or this step still runs.</summary>
    public Figure? Before { get; init; }

    /// <summary>U3 of the same hour a week ago.</summary>
    public Figure? WeekBefore { get; init; }

    /// <summary>U3 in the same hour of the 28 days before: median, and the tenth and ninetieth percentile as its bounds.</summary>
    public Figure? Usual { get; init; }

    public IEnumerable<Figure> Figures => new[] { U1s, U3, Before, WeekBefore, Usual }.OfType<Figure>();
}
