using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Domain.Ledger;
using Headroom.Domain.Time;
using Headroom.Reports.Saturation;
using Headroom.Reports.Tests.Daily;

namespace Headroom.Reports.Tests.Saturation;

/// <summary>One pool of 400 cards of 256 TFLOPS with one answer of each kind, and one CPU pool that is not rated.</summary>
internal static class SaturationSamples
{
    public static readonly DateOnly Day = new(2026, 3, 14);
    private const int Days = 14;
    private const double Cards = 400;

    private static readonly CenterClock Clock = Samples.Center().Clock();

    private static readonly SaturationBasis Basis = new(0.9, CapacityKind.Usable, DemandAnswerKind.Estimate, null, new(2027, 3, 14));

    public static IEnumerable<string> Kinds => ["since", "distribution", "not-within", "bound", "refused"];

    public static SaturationReportInput Of(string kind, bool simulated = true) => kind switch
    {
        "since" => Of(Estimate(800, 790, 810), new SaturationAnswer.SaturatedSince(First, []) { Basis = Basis, Ahead = Ahead(800) }, simulated),
        "distribution" => Of(
            Estimate(300, 300, 300),
            new SaturationAnswer.Distribution(new(2026, 6, 1), new(2026, 8, 15), null, [new(new(2026, 9, 10), 0.6), new(new(2027, 3, 14), 0.8)], 0.2, []) { Basis = Basis, Ahead = Ahead(300) },
            simulated),
        "not-within" => Of(Estimate(100, 100, 100), new SaturationAnswer.NotWithinHorizon([new(new(2027, 3, 14), 0.02)], 0.98) { Basis = Basis, Ahead = Ahead(100) }, simulated),
        "bound" => Of(
            new DemandAnswer.LowerBound(Series(396, 396, 396, ahead: 0), DemandReason.FullWithoutQueue, [WouldHelp.Jobs, WouldHelp.Requests]),
            new SaturationAnswer.SaturatedSince(First.AddDays(3), []) { Basis = Basis with { Demand = DemandAnswerKind.LowerBound, AtLeast = 396 } },
            simulated),
        "refused" => Of(
            new DemandAnswer.Refused(DemandReason.NothingObserved, [WouldHelp.Telemetry]),
            new SaturationAnswer.NotIdentifiable(DemandReason.NothingObserved, [WouldHelp.Telemetry]) { Basis = Basis with { Demand = DemandAnswerKind.Refused } },
            simulated),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A kind of Kinds."),
    };

    private static DateOnly First => Day.AddDays(1 - Days);

    private static SaturationReportInput Of(DemandAnswer demand, SaturationAnswer saturation, bool simulated) => new(
        Samples.Center(),
        Day,
        new(Clock.Day(First).From, Clock.Day(Day).Until),
        Instants.Never,
        simulated,
        [
            new(
                Samples.Ai,
                demand,
                saturation,
                new(Cards, 0.256, [.. Enumerable.Range(0, Days).Select(day => new CapacityDay(First.AddDays(day), Cards)), new(Day.AddDays(3), 500)]),
                demand is DemandAnswer.Estimate ? new LedgerAmounts(390, 120, 40, 16) * Micros.PerDay : null,
                demand is DemandAnswer.Estimate ? Clock.Day(Day.AddDays(-2)).From : null)
            {
                Backlog = demand is DemandAnswer.Estimate ? new Backlog(600, 500, 800) : null,
                Lost = [new("R-0003", new("Ocean Institute", "海洋研究院"), 64, Day.AddDays(-1), null, IsGiven: true, "no capacity")],
                Open =
                [
                    new("R-0007", new("Port Technology", "港口科技公司"), 48, Day.AddDays(20), 0.6, IsGiven: true, null),
                    new("R-0009", new("Ship Design", "船舶设计所"), 16, Day.AddDays(9), 0.5, IsGiven: false, null),
                ],
            },
            new(
                Samples.Hpc,
                Estimate(7, 7, 7),
                new SaturationAnswer.NotWithinHorizon([new(new(2027, 3, 14), 0)], 1) { Basis = Basis },
                new(10, null, [new(First, 10)]),
                new LedgerAmounts(7, 0, 0, 0) * Micros.PerDay,
                null),
        ]);

    private static ImmutableArray<DemandDay> Ahead(double median) =>
        [.. Enumerable.Range(1, 5).Select(day => new DemandDay(Day.AddDays(day), median, median * 0.9, median * 1.1))];

    private static DemandAnswer.Estimate Estimate(double mean, double low, double high) => new(Series(mean, low, high, ahead: 5), DemandMethod.IntervalSweep);

    private static DemandSeries Series(double mean, double low, double high, int ahead) => new(
        [.. Hours(First, Days).Select(hour => new DemandHour(hour, mean, low, high))],
        [.. Hours(Day.AddDays(1), ahead).Select(hour => new DemandHour(hour, mean, mean * 0.9, mean * 1.1))]);

    private static IEnumerable<long> Hours(DateOnly from, int days) => Enumerable.Range(0, days).SelectMany(day => Clock.Hours(from.AddDays(day))).Select(hour => hour.From);
}
