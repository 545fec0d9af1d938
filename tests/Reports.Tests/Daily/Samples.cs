using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Metrics;
using Headroom.Domain.Operations;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;

namespace Headroom.Reports.Tests.Daily;

/// <summary>A center small enough to check by hand: four cards of 256 TFLOPS and one CPU node without a rating.</summary>
internal static class Samples
{
    public static readonly DateOnly Day = new(2026, 3, 1);
    public static readonly PoolId Ai = new("ai");
    public static readonly PoolId Hpc = new("hpc");

    public static readonly CardCatalog Catalog = new(
    [
        new("Huawei", "Ascend 910A", [], DeviceKind.Card, 256_000_000, null, 32_768, 310_000, 1, "vendor sheet", new(2020, 1, 1), true),
    ]);

    private const long Hour = Micros.PerHour;

    public static CenterDefinition Center(string zone = "Asia/Shanghai") => new(
        new("east"),
        new("East Lake Computing Center", "东湖智算中心"),
        zone,
        new DateOnly(2021, 5, 31),
        15 * Micros.PerSecond,
        [
            new(Ai, new("AI pool", "智算池"), Precision.Fp16, 1, new(false, new("city bulletin", "市政公报"), new(2021, 5, 31)), "Ascend 910A", 4, 2, true, new(true, null, null)),
            new(Hpc, new("HPC pool", "超算池"), Precision.Fp64, 0.004, new(true, null, null), null, 1, 1, true, new(true, null, null)),
        ],
        [new("two", new("Phase two", "二期"), PhaseStatus.Committed, new(2026, 12, 1), [new(Ai, 2, null)], (0, 30, 120), new(true, null, null))],
        [new(new("uni"), new("A university", "某大学"), "education", []), new(new("maker"), new("A <maker> & co", "某<制造>企业"), "industry", [])],
        [],
        [],
        [new(new("Utilization stays above 90 %", "利用率保持在 90% 以上"), new(2023, 7, 1), new(2023, 1, 1), new(2023, 6, 30), new("city bulletin", "市政公报"), "U>=0.90")],
        Draft: false);

    /// <summary>
    /// a1: held by uni all day, busy 18 h. a2: held by maker for 12 h, busy 6 h of them, free after. a3: down all day.
    /// a4: nothing known of its use for 8 h, else free and idle; 2 h maintenance. The node: nothing known of its allocation, busy 12 h.
    /// </summary>
    public static DailyReportInput Input(bool simulated = true) => Of(Center(), Day, simulated, until: null,
    [
        Card("a1", "h-1", h => Cells((Cell.AllocatedBusy, 45), (Cell.AllocatedIdle, 15)), h => [new(new("uni"), 45 * Hour / 60, 15 * Hour / 60, 0)]),
        Card("a2", "h-1", h => h < 12 ? Cells((Cell.AllocatedBusy, 30), (Cell.AllocatedIdle, 30)) : Cells((Cell.FreeIdle, 60)), h => h < 12 ? [new(new("maker"), Hour / 2, Hour / 2, 0)] : []),
        Card("a3", "h-2", _ => Cells((Cell.Down, 60)), _ => []),
        Card("a4", "h-2", h => Cells((h < 8 ? Cell.FreeUseUnknown : h < 10 ? Cell.Maintenance : Cell.FreeIdle, 60)), _ => []),
        Card("n1", "h-3", h => Cells((h < 12 ? Cell.AllocUnknownBusy : Cell.AllocUnknownIdle, 60)), _ => [], Hpc, null),
    ]);

    /// <summary>The same center with everything that is told beside card-hours: an idle run, a slow and a hot card, a queue, meters, contracts, counts and a repair.</summary>
    public static DailyReportInput WithOperations()
    {
        var day = Input().Window;
        Window Hours(int from, int until) => new(day.From + (from * Hour), day.From + (until * Hour));
        return Input() with
        {
            Center = Center() with { GridFactors = [new(new(2021, 3, 29), 0.6101, new(false, new("ministry notice", "部委通知"), new(2021, 3, 29)))] },
            Operations = new(
                [new(Ai, new(76 * Hour, new HeldTime(36 * Hour, 76 * Hour), new HeldTime(48 * Hour, 76 * Hour), 12 * Hour), null)],
                [
                    new(
                        Ai,
                        new(Ai, 9, 10, 280, 288),
                        new(3, 24),
                        new(Ai, 30 * Hour, 6 * Hour, 12 * Hour, 2, 4 * Hour),
                        new(Ai, 26 * Hour, 9 * Hour, 1, 1)),
                ],
                [new(Ai, 2, 12, 5 * Hour, 9, Hour / 4, 3 * Hour)],
                [
                    new(
                        Day,
                        [
                            new(new("a1"), Ai, "Ascend 910A", new("uni"), "7", AllocationKind.Job, Hours(0, 2), IdlePart.StartUp, 1_000_000),
                            new(new("a2"), Ai, "Ascend 910A", new("maker"), "8", AllocationKind.Job, Hours(10, 12), IdlePart.Tail, 500_000),
                        ],
                        [new(new("a2"), Ai, "Ascend 910A", new("maker"), "8", 210_000, 900_000, 12 * Hour)],
                        [new(new("a1"), Ai, 2 * Hour, 91_500)]),
                ],
                new(
                    new(new Int128(0, 130) * MeterFact.PerKilowattHour, 24 * Hour, 24 * Hour, 1),
                    new(new Int128(0, 100) * MeterFact.PerKilowattHour, 24 * Hour, 24 * Hour, 1),
                    (130, 100)),
                [
                    new(Ai, new TenantId("uni"), 48 * Hour, 46 * Hour, 46 * Hour, 12 * Hour, 24, 20, 18, 4 * Hour, 30 * Hour),
                    new(Ai, null, 48 * Hour, 46 * Hour, 46 * Hour, 12 * Hour, 24, 20, 18, 4 * Hour, 30 * Hour),
                ],
                [
                    new(DeviceEvent.Failed, day.From + (3 * Hour), new("a3"), Ai, "h-2", "Ascend 910A", "fan <1>"),
                    new(DeviceEvent.Repaired, day.From + (9 * Hour), new("a4"), Ai, "h-2", "Ascend 910A", null),
                ]),
        };
    }

    /// <summary>The same center with jobs that name no device: 36.5 device-hours of the AI pool, 96 of the HPC pool, whose devices nothing else tells of.</summary>
    public static DailyReportInput WithJobTime() => Input() with
    {
        JobTime =
        [
            new(new("uni"), Ai, (Int128)36 * Hour, Jobs: 4, Started: 3, Ended: 2, Pending: 1),
            new(new("maker"), Ai, Hour / 2, Jobs: 1, Started: 1, Ended: 1, Pending: 0),
            new(new("uni"), Hpc, (Int128)96 * Hour, Jobs: 1, Started: 0, Ended: 0, Pending: 0),
        ],
    };

    /// <summary>Those jobs, and no device at all.</summary>
    public static DailyReportInput JobTimeAlone() => WithJobTime() with { CardDays = [], DayHours = [], History = [], Forecasts = [] };

    public static DailyReportInput Of(CenterDefinition center, DateOnly day, bool simulated, long? until, params ReadOnlySpan<Func<ImmutableArray<Window>, CardDay>> cards)
    {
        var clock = center.Clock();
        var hours = clock.Hours(day);
        var elapsed = until is { } end ? [.. hours.Where(hour => hour.From < end)] : hours;
        var days = new List<CardDay>();
        foreach (var card in cards)
        {
            days.Add(card(elapsed));
        }

        return new(
            center,
            Catalog,
            day,
            clock.Day(day),
            Instants.Never,
            simulated,
            until,
            days,
            PoolHours.Of(days, PoolRatings.Of(center, Catalog)),
            PoolHours.Of(days.Select(card => Earlier(card, clock.Hours(day.AddDays(-1)))), PoolRatings.Of(center, Catalog)),
            new(
                [new("usage-2026-03.csv", "csv", simulated, 100, 97, [(RejectReason.OutOfRange, 2), (RejectReason.Sentinel, 1)], 3, 1)],
                [new("usage-2026-03.csv:418", "a1", null, "utilization", "150", RejectReason.OutOfRange)],
                []),
            [Forecast(clock, day)]);
    }

    public static Func<ImmutableArray<Window>, CardDay> Card(
        string id, string host, Func<int, HourCells> cells, Func<int, ImmutableArray<TenantHour>> tenants, PoolId? pool = null, string? model = "Ascend 910A") =>
        hours => new(
            new(id),
            Day,
            [.. hours.Select((hour, h) => new CardHour(hour.From, pool ?? Ai, model, host, cells(h), 0, 200_000 * Hour, Hour, 240, tenants(h)))]);

    /// <param name="minutes">Minutes of the hour in each cell; they must add up to 60.</param>
    public static HourCells Cells(params ReadOnlySpan<(Cell Cell, int Minutes)> minutes)
    {
        var cells = new long[HourCells.Count];
        foreach (var (cell, length) in minutes)
        {
            cells[(int)cell] = length * Micros.PerMinute;
        }

        Assert.AreEqual(Hour, cells.Sum());
        return new(cells);
    }

    private static CardDay Earlier(CardDay card, ImmutableArray<Window> hours) =>
        card with { Day = card.Day.AddDays(-1), Hours = [.. card.Hours.Zip(hours, (hour, window) => hour with { HourStart = window.From })] };

    private static ForecastView Forecast(CenterClock clock, DateOnly day)
    {
        var last = clock.Day(day).Until;
        return new(
            Ai,
            MetricCatalog.U3.Id,
            MetricUnit.Share,
            [.. Enumerable.Range(0, 6).Select(h => new SeriesPoint(last - ((6 - h) * Hour), h == 2 ? null : 0.4 + (0.02 * h)))],
            [.. Enumerable.Range(0, 4).Select(h => new ForecastStep(last + (h * Hour), 0.5 + (0.01 * h), [new(50, 0.48, 0.54), new(80, 0.45, 0.58), new(95, 0.4, 0.65)]))],
            "seasonal-naive",
            new("Least error over 12 past origins.", "12 次回测中误差最小。"),
            0.9,
            [new(80, 41, 50)]);
    }
}
