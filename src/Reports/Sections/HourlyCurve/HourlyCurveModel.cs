using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.HourlyCurve;

/// <summary>How each pool's day went, hour by hour.</summary>
public sealed record HourlyCurveModel(ImmutableArray<PoolCurve> Pools) : ISectionModel
{
    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Hours).SelectMany(hour => (Figure?[])[hour.U1s, hour.U3]).OfType<Figure>();

    public static HourlyCurveModel Of(DailyReportInput input)
    {
        var clock = input.Center.Clock();
        var byPool = input.DayHours.ToLookup(hour => hour.Pool);
        return new(
        [
            .. PoolDay.Of(input.DayHours, input.Center).Select(day => new PoolCurve(
                day.Pool,
                PoolDay.NameOf(input.Center, day.Pool),
                day.Devices.HasAllocationSource,
                [.. clock.Hours(input.Day).Select(hour => OfHour(input, hour, clock, byPool[day.Pool].FirstOrDefault(h => h.HourStart == hour.From)))])),
        ]);
    }

    private static CurveHour OfHour(DailyReportInput input, Window hour, CenterClock clock, PoolHour? measured)
    {
        var local = clock.Local(hour.From);
        if (measured is null)
        {
            return new(hour.From, local, null, null);
        }

        var maker = new FigureMaker(input.Center.Id, hour.Within(input.Elapsed), input.AsOf);
        var sums = new PoolDay(measured.Pool, measured.Devices, measured.Rated);
        var cell = $"pool.{measured.Pool}.hour.{FigureMaker.At(hour.From)}";
        return new(hour.From, local, sums.U1s(maker, $"{cell}.U1s"), sums.U3(maker, $"{cell}.U3"));
    }
}

/// <param name="HasAllocation">False: nothing tells what was allocated, so there is no curve of U1s.</param>
/// <param name="Hours">Every hour of the local day, 23 to 25 of them, oldest first.</param>
public sealed record PoolCurve(PoolId Pool, LocalText Name, bool HasAllocation, ImmutableArray<CurveHour> Hours);

/// <param name="Local">The begin of the hour as the center's clocks show it.</param>
/// <param name="U1s">Null: the hour has not begun, or nothing was installed.</param>
public sealed record CurveHour(long Start, DateTimeOffset Local, Figure? U1s, Figure? U3);
