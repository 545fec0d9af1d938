using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Sections.Claims;
using Headroom.Reports.Sections.Heatmap;
using Headroom.Service.Composition;

namespace Headroom.Service.Pages;

/// <summary>One day of a month, pool by pool; no pools: nothing is known of it.</summary>
public sealed record DayLine(DateOnly Day, bool Running, ImmutableArray<(PoolId Pool, Figure U1s, Figure U3)> Pools);

/// <summary>A center: its pools, its cards, the days of one month, its claims.</summary>
/// <param name="Month">First day of the month shown; null: there are no days.</param>
/// <param name="Months">First days of the months that have days, newest first.</param>
public sealed record CenterModel(
    CenterView View, ImmutableArray<PoolId> Pools, DateOnly? Month, ImmutableArray<DateOnly> Months, ImmutableArray<DayLine> Days, DayCards Cards, ClaimsModel Claims)
{
    /// <param name="month">A day of the month to show; null: the newest.</param>
    internal static async Task<CenterModel> ReadAsync(CenterView view, DateOnly? month, CenterDesk desk, AuditPages audits, CancellationToken cancellationToken)
    {
        var center = view.Center;
        var days = view.Days.ToList();
        var months = days.Select(FirstOf).Distinct().ToImmutableArray();
        var shown = month is { } asked && months.Contains(FirstOf(asked)) ? FirstOf(asked) : months.Select(first => (DateOnly?)first).FirstOrDefault();
        var lines = ImmutableArray<DayLine>.Empty;
        if (shown is { } begin)
        {
            var inMonth = days.Where(day => FirstOf(day) == begin).ToList();
            var over = inMonth.Where(day => day < view.Today).ToList();
            var hours = over.Count == 0 ? [] : await desk.HoursAsync(view, over[^1], over[0].AddDays(1), cancellationToken);
            var byDay = hours.Concat(view.Running).ToLookup(hour => view.Clock.DayOf(hour.HourStart));
            lines = [.. inMonth.Select(day => Line(view, day, PoolDay.Of(byDay[day], center)))];
        }

        var pools = center.Pools.Select(pool => pool.Id).Concat(lines.SelectMany(line => line.Pools).Select(pool => pool.Pool)).Distinct().ToImmutableArray();
        return new(view, pools, shown, months, lines, CardsOf(view), new([.. center.Claims.OrderByDescending(claim => claim.Date)]) { Audits = await audits.PublishedAsync(view, cancellationToken) });
    }

    private static DayLine Line(CenterView view, DateOnly day, ImmutableArray<PoolDay> pools)
    {
        var maker = new FigureMaker(view.Center.Id, view.Clock.Day(day), Instants.Never);
        return new(
            day,
            day == view.Today,
            [.. pools.Select(pool => (pool.Pool, pool.U1s(maker, $"pool.{pool.Pool}.day.{FigureMaker.At(day)}.U1s"), pool.U3(maker, $"pool.{pool.Pool}.day.{FigureMaker.At(day)}.U3")))]);
    }

    private static DayCards CardsOf(CenterView view)
    {
        var day = view.LastWholeDay ?? view.Today;
        var window = view.Clock.Day(day);
        return new(
            view.Center.Id.Value,
            day,
            [
                .. view.Devices.Histories
                    .Select(history => (history.Device, Place: history.Placements.LastOrDefault(place => place.Valid.Overlaps(window))))
                    .Where(entry => entry.Place is not null)
                    .GroupBy(entry => entry.Place!.Host ?? "")
                    .OrderBy(host => host.Key, NaturalOrder.Instance)
                    .Select(host => (host.Key, host.Select(entry => entry.Device.Value).Order(NaturalOrder.Instance).ToImmutableArray())),
            ]);
    }

    private static DateOnly FirstOf(DateOnly day) => new(day.Year, day.Month, 1);
}
