using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.Heatmap;

/// <summary>Every card in every hour of a day, cards of a host side by side; hosts by day of a longer period. And each host's time as figures.</summary>
public sealed record HeatmapModel(ImmutableArray<PoolHeat> Pools) : ISectionModel
{
    /// <summary>A period longer than a day: rows are hosts, columns local days.</summary>
    public bool IsByHost => Pools.Any(pool => pool.Kind != PeriodKind.Day);

    /// <summary>A pool with more devices is drawn by host: a row thinner than that shows nothing.</summary>
    public const int MostDeviceRows = 512;

    /// <summary>More hosts than this share rows: a row is then a run of neighbors.</summary>
    public const int MostHostRows = 96;

    /// <summary>The cards behind the rows of larger pools are not carried along: their file would be too large to send.</summary>
    public const int MostDetailDevices = 20_000;

    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Hosts).Select(host => host.Value);

    public static HeatmapModel Of(DailyReportInput input)
    {
        var pieces = (input.Kind == PeriodKind.Day
            ? input.CardDays.SelectMany(card => card.Hours.Select(hour => new Piece(card.Device.Value, hour.Host ?? "", hour.HourStart, hour.Pool, hour.Model, hour.Cells)))
            : input.Sums.Hosts.Select(sum => new Piece("", sum.Key.Name, sum.Start, sum.Key.Pool, sum.Key.Model, sum.Cells))).ToLookup(piece => piece.Pool);
        return new([.. PoolDay.Of(input.DayHours, input.Center).Select(day => OfPool(input, day, [.. pieces[day.Pool]]))]);
    }

    private static PoolHeat OfPool(DailyReportInput input, PoolDay day, Piece[] pieces)
    {
        var clock = input.Center.Clock();
        var isDay = input.Kind == PeriodKind.Day;
        var starts = (isDay ? clock.Hours(input.Day).Select(hour => hour.From) : input.Period.Days.Select(one => clock.Day(one).From)).ToImmutableArray();
        var weight = day.WeightBy(PoolRatings.Of(input.Center, input.Catalog));
        var axis = AxisOf(day, input);
        var devices = pieces.Select(piece => piece.Device).Distinct().Count();
        var byHost = !isDay || devices > MostDeviceRows;
        var hosts = pieces.Select(piece => piece.Host).Distinct().Order(NaturalOrder.Instance).ToArray();
        var hostsPerRow = byHost ? (hosts.Length + MostHostRows - 1) / MostHostRows : 1;
        var rowOf = hosts.Select((host, place) => (host, Row: RowName(hosts, place / hostsPerRow * hostsPerRow, hostsPerRow))).ToDictionary(pair => pair.host, pair => pair.Row);
        return new(
            day.Pool,
            PoolDay.NameOf(input.Center, day.Pool),
            axis,
            byHost ? hostsPerRow : 0,
            input.Kind,
            [.. starts.Select(clock.Local)],
            [
                .. pieces
                    .GroupBy(piece => (Host: rowOf[piece.Host], Device: byHost ? "" : piece.Device))
                    .OrderBy(row => row.Key.Host, NaturalOrder.Instance)
                    .ThenBy(row => row.Key.Device, NaturalOrder.Instance)
                    .Select(row => new HeatRow(row.Key.Host, row.Key.Device, [.. Cells(row, starts, weight, axis)])),
            ],
            [.. pieces.GroupBy(piece => piece.Host).OrderBy(host => host.Key, NaturalOrder.Instance).Select(host => OfHost(input, day, host, weight, axis))])
        {
            Details = isDay && byHost && devices <= MostDetailDevices ? Details(pieces, rowOf, devices > hosts.Length, starts, weight, axis) : [],
        };
    }

    // The cards of each host; where a host is one card, those of each row.
    private static ImmutableArray<HeatDetail> Details(
        Piece[] pieces, Dictionary<string, string> rowOf, bool byHost, ImmutableArray<long> starts, Func<string?, long> weight, HeatAxis axis) =>
    [
        .. pieces
            .GroupBy(piece => (Row: rowOf[piece.Host], Name: byHost ? piece.Host : rowOf[piece.Host]))
            .OrderBy(group => group.Key.Name, NaturalOrder.Instance)
            .Select(group => new HeatDetail(
                group.Key.Row,
                group.Key.Name,
                [
                    .. group
                        .GroupBy(piece => (piece.Host, piece.Device))
                        .OrderBy(card => card.Key.Host, NaturalOrder.Instance)
                        .ThenBy(card => card.Key.Device, NaturalOrder.Instance)
                        .Select(card => new HeatRow(card.Key.Host, card.Key.Device, [.. Cells(card, starts, weight, axis)])),
                ])),
    ];

    // Devices without a gauge have no use to draw; where they are allocated is known all the same, unless contracts are told beside jobs.
    private static HeatAxis AxisOf(PoolDay day, DailyReportInput input) =>
        input.Center.Find(day.Pool) is { HasGauge: false } && day.Devices.HasAllocationSource && input.Operations.ByContract(day.Pool) is null ? HeatAxis.Allocation : HeatAxis.Use;

    // "node-001" alone, or "node-001–008" for a run of neighbors.
    private static string RowName(string[] hosts, int first, int count)
    {
        var (from, to) = (hosts[first], hosts[Math.Min(first + count, hosts.Length) - 1]);
        var shared = from.AsSpan().CommonPrefixLength(to);
        while (shared > 0 && char.IsAsciiDigit(from[shared - 1]))
        {
            shared--;
        }

        return from == to ? from : $"{from}–{to[shared..]}";
    }

    private static HostDay OfHost(DailyReportInput input, PoolDay day, IGrouping<string, Piece> host, Func<string?, long> weight, HeatAxis axis)
    {
        var maker = new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf);
        var value = ShareOf(Sum(host, weight), axis);
        return new(
            host.Key,
            maker.Share($"pool.{day.Pool}.host.{host.Key}.{value.Id.Name}", maker.Scope(day.Pool, part: host.Key), value));
    }

    private static MetricValue ShareOf(UsageSums sums, HeatAxis axis) => axis == HeatAxis.Use ? sums.U3 : sums.U1s;

    private static IEnumerable<HeatCell> Cells(IEnumerable<Piece> row, ImmutableArray<long> starts, Func<string?, long> weight, HeatAxis axis)
    {
        var byStart = row.ToLookup(piece => piece.Start);
        return starts.Select(start => byStart.Contains(start) ? CellOf(Sum(byStart[start], weight), axis) : new HeatCell(HeatState.NotInstalled, null));
    }

    // More than half of the installed time decides; below that the hour has a use like any other.
    private static HeatCell CellOf(UsageSums sums, HeatAxis axis) => sums switch
    {
        { Installed: var installed } when installed == 0 => new(HeatState.NotInstalled, null),
        _ when 2 * sums[Cell.Down] > sums.Installed => new(HeatState.Down, null),
        _ when 2 * sums[Cell.Maintenance] > sums.Installed => new(HeatState.Maintenance, null),
        _ when ShareOf(sums, axis).Point is { } share => new(HeatState.Known, share),
        _ => new(HeatState.Unknown, null),
    };

    private static UsageSums Sum(IEnumerable<Piece> pieces, Func<string?, long> weight)
    {
        var sum = new UsageSums.Adder();
        foreach (var piece in pieces)
        {
            sum.Add(piece.Cells, weight(piece.Model));
        }

        return sum.Sums;
    }

    // Part of a row: of one device, or where there is none of a host.
    private readonly record struct Piece(string Device, string Host, long Start, PoolId Pool, string? Model, HourCells Cells);
}

/// <param name="Axis">What is drawn: use, or for devices without a gauge allocation.</param>
/// <param name="HostsPerRow">0: a row is a device; else there are too many devices, and a row is so many hosts.</param>
/// <param name="Kind">A day has a column for each hour, what is longer one for each local day.</param>
/// <param name="Hours">The begins of the columns.</param>
/// <param name="Rows">By host, then device, numbers in names in their order.</param>
public sealed record PoolHeat(
    PoolId Pool, LocalText Name, HeatAxis Axis, int HostsPerRow, PeriodKind Kind, ImmutableArray<DateTimeOffset> Hours, ImmutableArray<HeatRow> Rows, ImmutableArray<HostDay> Hosts)
{
    /// <summary>What is behind the rows of a day that is drawn by host; empty: nothing is.</summary>
    public ImmutableArray<HeatDetail> Details { get; init; } = [];
}

/// <summary>The cards of a host, or of a row of hosts with one card each.</summary>
/// <param name="Row">The row they are drawn in.</param>
public sealed record HeatDetail(string Row, string Name, ImmutableArray<HeatRow> Cards);

/// <summary>What a heat map shows.</summary>
public enum HeatAxis
{
    Use,
    Allocation,
}

/// <param name="Host">A host or a run of them; empty: the device names none.</param>
/// <param name="Device">Empty where a row is hosts.</param>
/// <param name="Cells">One per column.</param>
public sealed record HeatRow(string Host, string Device, ImmutableArray<HeatCell> Cells);

/// <param name="Use">Share used (or allocated), 0 to 1; null in every state but Known. Unknown is not 0.</param>
public readonly record struct HeatCell(HeatState State, double? Use);

public enum HeatState
{
    Known,
    Unknown,
    Maintenance,
    Down,
    NotInstalled,
}

/// <param name="Value">U3, or U1s where allocation is drawn.</param>
public sealed record HostDay(string Host, Figure Value);
