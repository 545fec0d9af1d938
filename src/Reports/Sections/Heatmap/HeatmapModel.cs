using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.Heatmap;

/// <summary>Every card in every hour, cards of a host side by side; and each host's day as figures.</summary>
public sealed record HeatmapModel(ImmutableArray<PoolHeat> Pools) : ISectionModel
{
    /// <summary>A pool with more devices is drawn by host: a row thinner than that shows nothing.</summary>
    public const int MostDeviceRows = 512;

    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Hosts).Select(host => host.U3);

    public static HeatmapModel Of(DailyReportInput input)
    {
        var hours = input.CardDays.SelectMany(card => card.Hours.Select(hour => new Piece(card.Device, hour))).ToLookup(piece => piece.Hour.Pool);
        return new([.. PoolDay.Of(input.DayHours, input.Center).Select(day => OfPool(input, day, [.. hours[day.Pool]]))]);
    }

    private static PoolHeat OfPool(DailyReportInput input, PoolDay day, Piece[] pieces)
    {
        var clock = input.Center.Clock();
        var starts = clock.Hours(input.Day).Select(hour => hour.From).ToImmutableArray();
        var byHost = pieces.Select(piece => piece.Device).Distinct().Count() > MostDeviceRows;
        var weight = day.WeightBy(PoolRatings.Of(input.Center, input.Catalog));
        return new(
            day.Pool,
            PoolDay.NameOf(input.Center, day.Pool),
            byHost,
            [.. starts.Select(clock.Local)],
            [
                .. pieces
                    .GroupBy(piece => (Host: piece.Hour.Host ?? "", Device: byHost ? "" : piece.Device.Value))
                    .OrderBy(row => row.Key.Host, NaturalOrder.Instance)
                    .ThenBy(row => row.Key.Device, NaturalOrder.Instance)
                    .Select(row => new HeatRow(row.Key.Host, row.Key.Device, [.. Cells(row, starts, weight)])),
            ],
            [.. pieces.GroupBy(piece => piece.Hour.Host ?? "").OrderBy(host => host.Key, NaturalOrder.Instance).Select(host => OfHost(input, day, host, weight))]);
    }

    private static HostDay OfHost(DailyReportInput input, PoolDay day, IGrouping<string, Piece> host, Func<CardHour, long> weight)
    {
        var maker = new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf);
        var sums = Sum(host, weight);
        return new(
            host.Key,
            maker.Share($"pool.{day.Pool}.host.{host.Key}.U3", maker.Scope(day.Pool, part: host.Key), sums.U3));
    }

    private static IEnumerable<HeatCell> Cells(IEnumerable<Piece> row, ImmutableArray<long> starts, Func<CardHour, long> weight)
    {
        var byStart = row.ToLookup(piece => piece.Hour.HourStart);
        return starts.Select(start => byStart.Contains(start) ? CellOf(Sum(byStart[start], weight)) : new HeatCell(HeatState.NotInstalled, null));
    }

    // More than half of the installed time decides; below that the hour has a use like any other.
    private static HeatCell CellOf(UsageSums sums) => sums switch
    {
        { Installed: var installed } when installed == 0 => new(HeatState.NotInstalled, null),
        _ when 2 * sums[Cell.Down] > sums.Installed => new(HeatState.Down, null),
        _ when 2 * sums[Cell.Maintenance] > sums.Installed => new(HeatState.Maintenance, null),
        _ when sums.U3.Point is { } use => new(HeatState.Known, use),
        _ => new(HeatState.Unknown, null),
    };

    private static UsageSums Sum(IEnumerable<Piece> pieces, Func<CardHour, long> weight)
    {
        var sum = new UsageSums.Adder();
        foreach (var piece in pieces)
        {
            sum.Add(piece.Hour.Cells, weight(piece.Hour));
        }

        return sum.Sums;
    }

    private readonly record struct Piece(DeviceId Device, CardHour Hour);
}

/// <param name="ByHost">True: there are too many devices, a row is a host.</param>
/// <param name="Hours">The begins of the local day's hours.</param>
/// <param name="Rows">By host, then device, numbers in names in their order.</param>
public sealed record PoolHeat(
    PoolId Pool, LocalText Name, bool ByHost, ImmutableArray<DateTimeOffset> Hours, ImmutableArray<HeatRow> Rows, ImmutableArray<HostDay> Hosts);

/// <param name="Host">Empty: the device names none.</param>
/// <param name="Device">Empty where a row is a host.</param>
/// <param name="Cells">One per hour of the day.</param>
public sealed record HeatRow(string Host, string Device, ImmutableArray<HeatCell> Cells);

/// <param name="Use">0 to 1; null in every state but Known. Unknown is not 0.</param>
public readonly record struct HeatCell(HeatState State, double? Use);

public enum HeatState
{
    Known,
    Unknown,
    Maintenance,
    Down,
    NotInstalled,
}

public sealed record HostDay(string Host, Figure U3);
