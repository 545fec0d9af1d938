using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;

namespace Headroom.Reports.Tests.Daily;

/// <summary>A day as a real center has it: 400 cards and 24 CPU nodes, gaps, cards down, ten tenants, a week ahead. The same every time.</summary>
internal static class BigCenter
{
    private const long Hour = Micros.PerHour;

    private static readonly (string Id, string En, string Zh)[] Tenants =
    [
        ("autonomous-driving", "Autonomous Driving Joint Laboratory", "智能网联汽车联合实验室"), ("uni-cs", "University, School of Computer Science", "大学计算机学院"),
        ("weather", "Regional Weather Service", "区域气象中心"), ("biomed", "Institute of Biomedicine", "生物医药研究院"), ("speech", "Speech Technology Co.", "语音科技公司"),
        ("vision", "Machine Vision Ltd.", "机器视觉公司"), ("finance", "City Commercial Bank", "城市商业银行"), ("gov", "Government Cloud", "政务云"),
        ("media", "Digital Media Group", "数字传媒集团"), ("startup", "Incubator, shared accounts", "孵化器公共账户"),
    ];

    public static DailyReportInput Input(long? until = null)
    {
        var center = Samples.Center() with
        {
            Tenants = [.. Tenants.Select(t => new TenantDefinition(new(t.Id), new(t.En, t.Zh), "", []))],
            Pools =
            [
                new(Samples.Ai, new("AI pool", "智算池"), Precision.Fp16, 100, new(false, new("city bulletin", "市政公报"), new(2021, 5, 31)), "Ascend 910A", 400, 8, true, new(true, null, null)),
                new(Samples.Hpc, new("HPC pool", "超算池"), Precision.Fp64, 0.06, new(true, null, null), null, 24, 1, true, new(true, null, null)),
            ],
        };
        var random = new Random(20260301);
        var input = Samples.Of(center, Samples.Day, true, until, [.. Cards(random)]);
        var clock = center.Clock();
        return input with
        {
            History = [.. Enumerable.Range(1, 7).SelectMany(back => input.DayHours.Select(hour => hour with { HourStart = hour.HourStart - (back * Micros.PerDay) })).OrderBy(hour => hour.HourStart)],
            Forecasts = [Use(clock, random), Demand(clock, random), Refused()],
            Quality = new(
                [
                    new("http://10.1.2.3:8082/metrics", "npu-exporter", true, 2_304_000, 2_298_117, [(RejectReason.Sentinel, 5_760), (RejectReason.OutOfRange, 123)], 412, 0),
                    new("sacct-2026-03-01.txt", "sacct", true, 1_834, 1_830, [(RejectReason.Backwards, 3), (RejectReason.BadTime, 1)], 12, 2),
                ],
                [
                    new("http://10.1.2.3:8082/metrics:418", "npu-0412", null, "npu_chip_info_utilization", "150", RejectReason.OutOfRange),
                    new("http://10.1.2.3:8082/metrics:977", "npu-0031", null, "npu_chip_info_utilization", "4294967295", RejectReason.Sentinel),
                    new("sacct-2026-03-01.txt:77", null, null, "End", "2026-02-28T23:00:00 <b>x</b>", RejectReason.Backwards),
                ],
                []),
        };
    }

    private static IEnumerable<Func<ImmutableArray<Window>, CardDay>> Cards(Random random)
    {
        for (var i = 0; i < 400; i++)
        {
            var card = i;
            var (host, tenant, shift) = ($"npu-node-{(i / 8) + 1}", i / 32, random.Next(-12, 12));
            var (down, silent, quiet) = (i is >= 88 and < 92 or 250 or 333, i is >= 160 and < 176, i is >= 296 and < 304);
            yield return Samples.Card(
                $"npu-{i:0000}",
                host,
                h => CellsOf(card, h, tenant, shift, down, silent, quiet),
                h => HoldingOf(CellsOf(card, h, tenant, shift, down, silent, quiet), tenant));
        }

        for (var n = 0; n < 24; n++)
        {
            var node = n;
            yield return Samples.Card($"cpu-{n:00}", $"cpu-{n:00}", h => Samples.Cells((Cell.AllocUnknownBusy, (node + h) % 40), (Cell.AllocUnknownIdle, 60 - ((node + h) % 40))), _ => [], Samples.Hpc, null);
        }
    }

    private static HourCells CellsOf(int card, int hour, int tenant, int shift, bool down, bool silent, bool quiet)
    {
        if (down && hour >= 6)
        {
            return Samples.Cells((Cell.Down, 60));
        }

        if (quiet && hour is >= 2 and < 6)
        {
            return Samples.Cells((Cell.Maintenance, 60));
        }

        if (tenant >= 10)
        {
            return card == 399 ? Samples.Cells((Cell.FreeBusy, 6), (Cell.FreeIdle, 54)) : Samples.Cells((Cell.FreeIdle, 60));
        }

        if ((silent && hour is >= 9 and < 14) || (hour is 17 && card % 5 < 3))
        {
            return Samples.Cells((Cell.AllocatedUseUnknown, 60));
        }

        var busy = Math.Clamp((int)(28 + (22 * Math.Sin((hour - 8) / 24.0 * 2 * Math.PI)) + shift + (tenant == 3 ? -20 : 0)), 0, 60);
        return Samples.Cells((Cell.AllocatedBusy, busy), (Cell.AllocatedIdle, 60 - busy));
    }

    private static ImmutableArray<TenantHour> HoldingOf(HourCells cells, int tenant) => cells.Allocated == 0
        ? []
        : [new(new(Tenants[tenant].Id), cells[Cell.AllocatedBusy], cells[Cell.AllocatedIdle], cells[Cell.AllocatedUseUnknown])];

    private static ForecastView Use(CenterClock clock, Random random) => Fan(clock, MetricCatalog.U3.Id, MetricUnit.Share, 0.9, h => 0.55 + (0.22 * Math.Sin((h - 8) / 24.0 * 2 * Math.PI)) + (0.04 * (random.NextDouble() - 0.5)), 0.02);

    private static ForecastView Demand(CenterClock clock, Random random) => Fan(clock, MetricCatalog.DServed.Id, MetricUnit.Devices, 392, h => 310 + (h * 0.08) + (12 * random.NextDouble()), 6);

    private static ForecastView Refused() =>
        new(Samples.Hpc, MetricCatalog.U3.Id, MetricUnit.Share, [], [], "", new("fewer than 48 known hours.", "已知时段不足 48 小时。"), null, []);

    private static ForecastView Fan(CenterClock clock, MetricId metric, MetricUnit unit, double capacity, Func<int, double> value, double spread)
    {
        var start = clock.Day(Samples.Day).Until;
        return new(
            Samples.Ai,
            metric,
            unit,
            [.. Enumerable.Range(-336, 336).Select(h => new SeriesPoint(start + (h * Hour), h is > -100 and < -92 ? null : value(h)))],
            [.. Enumerable.Range(0, 168).Select(h => Step(start + (h * Hour), value(h), spread * Math.Sqrt(1 + (h / 24.0))))],
            "ridge-autoregression",
            new("Least mean absolute error of 4 forecasters over 20 past origins.", "20 次回测中平均绝对误差为 4 种方法中最小。"),
            capacity,
            [new(50, 1_702, 3_360), new(80, 2_655, 3_360), new(95, 3_171, 3_360)]);
    }

    private static ForecastStep Step(long at, double mean, double sigma) =>
        new(at, mean, [new(50, mean - (0.674 * sigma), mean + (0.674 * sigma)), new(80, mean - (1.282 * sigma), mean + (1.282 * sigma)), new(95, mean - (1.96 * sigma), mean + (1.96 * sigma))]);
}
