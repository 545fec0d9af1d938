using FsCheck;
using FsCheck.Fluent;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;

namespace Headroom.Domain.Tests.Accounting;

/// <summary>A complete history with holes punched into it: the bounds must hold what was there. And no order or cut of the time changes a sum.</summary>
[TestClass]
public sealed class PunchedGapProperties
{
    private const int Fleets = 200;
    private const int PeriodSeconds = 60;
    private const int BlockSeconds = 900;
    private const int Cards = 4;

    private static readonly AccountingRules Rules = new(PeriodSeconds * Micros.PerSecond, _ => null);
    private static readonly Func<PoolId, string?, long?> Rating = (_, model) => model == "big" ? 1_000_000_000 : 256_000_000;

    [TestMethod]
    public void U3_RandomGapsInACompleteHistory_BoundsHoldTheTruthAndAreTightWithout() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var (whole, punched) = (Fleet(seed, gaps: 0), Fleet(seed, gaps: 1 + (seed % 12)));
            var (truth, seen) = (UseOf(whole), UseOf(punched));
            return truth.Coverage == 1 && truth.Low == truth.High && truth.Point == truth.Low
                && seen.Low <= truth.Point + LastBits && truth.Point <= seen.High + LastBits;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Fleets));

    [TestMethod]
    public void PoolHours_AnyOrderOfCardsAndCutOfHours_AreTheSameSums() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Choose(0, 24).ToArbitrary(), (seed, cut) =>
        {
            var days = Fleet(seed, gaps: 3);
            var hours = PoolHours.Of(days, Rating);
            var shuffled = PoolHours.Of(days.OrderBy(day => (seed * 31) ^ day.Device.Value.GetHashCode(StringComparison.Ordinal)), Rating);
            var whole = Sum(hours);
            return hours.SequenceEqual(shuffled)
                && hours.Length == 24
                && Sum(hours.Take(cut)) + Sum(hours.Skip(cut)) == whole
                && Sum(hours.Reverse()) == whole
                && days.Select(day => Sum(PoolHours.Of([day], Rating))).Aggregate(UsageSums.Zero, (sum, part) => sum + part) == whole;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Fleets));

    private const double LastBits = 1e-12;

    private static UsageSums Sum(IEnumerable<PoolHour> hours) => hours.Aggregate(UsageSums.Zero, (sum, hour) => sum + hour.Rated!);

    private static MetricValue UseOf(IReadOnlyList<CardDay> days) => Sum(PoolHours.Of(days, Rating)).U3;

    // A sample speaks for up to two and a half periods before it: use is steady for that long wherever a gap ends.
    private static List<CardDay> Fleet(int seed, int gaps)
    {
        var days = new List<CardDay>();
        for (var card = 0; card < Cards; card++)
        {
            var random = new Random(seed ^ (card * 104_729));
            var blocks = Enumerable.Range(0, 86_400 / BlockSeconds).Select(_ => random.Next(0, 1_000_001)).ToArray();
            var holes = Enumerable.Range(0, gaps).Select(_ =>
            {
                var end = (random.Next(1, 86_400 / BlockSeconds) * BlockSeconds) + random.Next(3 * PeriodSeconds, BlockSeconds);
                return (From: end - random.Next(PeriodSeconds, 4 * 3_600), Until: end);
            }).ToList();
            var (instants, ppm) = (new List<long>(), new List<int>());
            for (var second = PeriodSeconds; second <= 86_400; second += PeriodSeconds)
            {
                if (!holes.Exists(hole => second > hole.From && second <= hole.Until))
                {
                    instants.Add(Build.Midnight + (second * Micros.PerSecond));
                    ppm.Add(blocks[(second - 1) / BlockSeconds]);
                }
            }

            var device = Build.Device(model: card % 2 == 0 ? "big" : "small") with { Device = new($"card{card}") };
            days.Add(CardDayAccountant.Account(device, Build.Samples([.. instants], [.. ppm]), Rules, Build.Utc, Build.Day, Instants.Never));
        }

        return days;
    }
}
