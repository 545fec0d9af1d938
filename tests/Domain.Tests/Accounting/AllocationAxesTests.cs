using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;

namespace Headroom.Domain.Tests.Accounting;

[TestClass]
public sealed class AllocationAxesTests
{
    private static readonly Window Day = Build.Utc.Day(Build.Day);

    [TestMethod]
    public void Of_ContractOfHundredWithFortyRunning_IsTwoNumbers()
    {
        // F16 of METRICS.md.
        var contract = new Holding(Day, new("city"), "K-1") { Kind = AllocationKind.Contract };
        var devices = Enumerable.Range(0, 100).Select(i => Device(i < 40 ? [contract, new(Day, new("city"), $"{i}")] : [contract]));

        var sums = AllocationAxes.Of(devices, Day, (_, _) => 256).Single().Weighed;

        Assert.AreEqual(1.0, sums.U1c!.Point);
        Assert.AreEqual(0.4, sums.U1s!.Point);
        Assert.AreEqual(MetricCatalog.U1s.Id, sums.U1!.Id);
        Assert.AreEqual((Int128)60 * 256 * Micros.PerDay, sums.ContractOnly);
    }

    [TestMethod]
    public void Of_NoSchedulersFeed_U1IsByContract()
    {
        var contract = new Holding(Build.Hours(0, 6), new("city"), "K-1") { Kind = AllocationKind.Reservation };
        var sums = AllocationAxes.Of([Device([contract]) with { HasScheduler = false }], Day, (_, _) => null).Single().Weighed;

        Assert.IsNull(sums.U1s);
        Assert.AreEqual((MetricCatalog.U1c.Id, 0.25), (sums.U1!.Id, sums.U1.Point!.Value));
    }

    [TestMethod]
    public void Of_RandomDevices_AgreesWithTheOracleAndAddsUpOverAnyCut()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var device = RandomDevice(random);
            var cut = Day.From + (random.Next(86_400) * Micros.PerSecond);
            var whole = AllocationAxes.Of([device], Day, (_, _) => 1).Single().Devices;
            var parts = AllocationAxes.Of([device], Day with { Until = cut }, (_, _) => 1).Concat(AllocationAxes.Of([device], Day with { From = cut }, (_, _) => 1))
                .Select(pool => pool.Devices).Aggregate((a, b) => a + b);
            Assert.AreEqual(whole, parts, $"seed {seed}");
            var (available, jobs, contracts, only) = SecondBySecond(device);
            Assert.AreEqual(available, whole.Available, $"seed {seed}");
            Assert.IsLessThan(1_000L, Math.Abs((long)(whole.Scheduler!.Value.Held - jobs)), $"seed {seed}");
            Assert.IsLessThan(1_000L, Math.Abs((long)(whole.Contract!.Value.Held - contracts)), $"seed {seed}");
            Assert.IsLessThan(1_000L, Math.Abs((long)(whole.ContractOnly - only)), $"seed {seed}");
        }
    }

    [TestMethod]
    public void Of_JobsAlone_AgreesWithTheCells()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var device = RandomDevice(new Random(seed)) is var any ? any with { Holdings = [.. any.Holdings.Where(holding => holding.IsByScheduler)] } : null!;
            var cells = CardDayAccountant.Account(device, DeviceSamples.None, Build.Rules, Build.Utc, Build.Day, Instants.Never).Hours.Select(hour => hour.Cells).ToList();

            var sums = AllocationAxes.Of([device], Day, (_, _) => 1).Single().Devices;

            Assert.AreEqual((Int128)cells.Sum(c => c.Allocated), sums.Scheduler!.Value.Held, $"seed {seed}");
            Assert.AreEqual((Int128)cells.Sum(c => c.Available - c.AllocUnknown), sums.Scheduler.Value.Known, $"seed {seed}");
        }
    }

    private static DeviceHistory Device(ImmutableArray<Holding> holdings) => Build.Device(known: [Day], holdings: holdings) with { ContractKnown = [Day] };

    private static (Int128 Available, Int128 Jobs, Int128 Contracts, Int128 Only) SecondBySecond(DeviceHistory device)
    {
        Int128 available = 0, jobs = 0, contracts = 0, only = 0;
        for (var second = Day.From; second < Day.Until; second += Micros.PerSecond)
        {
            if (device.Down.Concat(device.Maintenance).Any(window => window.Contains(second)))
            {
                continue;
            }

            var byJobs = Math.Min(1_000_000, device.Holdings.Where(h => h.IsByScheduler && h.Valid.Contains(second)).Sum(h => (long)h.SharePpm));
            var byContract = Math.Min(1_000_000, device.Holdings.Where(h => !h.IsByScheduler && h.Valid.Contains(second)).Sum(h => (long)h.SharePpm));
            available += Micros.PerSecond;
            jobs += byJobs;
            contracts += byContract;
            only += Math.Min(byContract, 1_000_000 - byJobs);
        }

        return (available, jobs, contracts, only);
    }

    private static DeviceHistory RandomDevice(Random random)
    {
        Window Span()
        {
            var (a, b) = (random.Next(86_400), random.Next(86_400));
            return new(Day.From + (Math.Min(a, b) * Micros.PerSecond), Day.From + ((Math.Max(a, b) + 1) * Micros.PerSecond));
        }

        ImmutableArray<Window> Set(int most) => WindowSet.Union(Enumerable.Range(0, random.Next(most + 1)).Select(_ => Span()));
        var holdings = Enumerable.Range(0, random.Next(7)).Select(i => new Holding(Span(), new("t"), $"{i}")
        {
            Kind = (AllocationKind)random.Next(3),
            SharePpm = random.Next(2) == 0 ? AllocationFact.Whole : random.Next(1, AllocationFact.Whole),
        });
        return Build.Device(down: Set(2), maintenance: Set(2), known: Set(2), holdings: [.. holdings.OrderBy(h => h.Valid.From).ThenBy(h => h.JobId, StringComparer.Ordinal)]) with
        {
            ContractKnown = [Day],
        };
    }
}
