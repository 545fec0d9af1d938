using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Ledger;
using Headroom.Domain.Operations;
using Headroom.Domain.Tests.Accounting;
using Headroom.Domain.Time;

namespace Headroom.Domain.Tests.Operations;

[TestClass]
public sealed class GangRoomTests
{
    private static readonly Window Day = Build.Utc.Day(Build.Day);

    [TestMethod]
    [DataRow(new[] { 8, 8, 3 }, new[] { 8, 8, 8 }, 16, DisplayName = "two whole servers")]
    [DataRow(new[] { 7, 5, 3 }, new[] { 8, 8, 8 }, 7, DisplayName = "one bad device in each server")]
    [DataRow(new[] { 0, 0 }, new[] { 8, 8 }, 0, DisplayName = "full")]
    [DataRow(new[] { 4, 16 }, new[] { 4, 16 }, 20, DisplayName = "servers of two sizes")]
    public void Largest_OfServers_TakesWholeOnesOrFitsOnOne(int[] free, int[] size, int expected) =>
        Assert.AreEqual(expected, GangRoom.Largest(free.Zip(size)));

    [TestMethod]
    [DataRow(new[] { 7, 5, 0 }, new[] { 8 }, 12, DisplayName = "gangs of eight beside bad devices")]
    [DataRow(new[] { 7, 5, 0 }, new[] { 8, 6 }, 5, DisplayName = "six fit on seven")]
    [DataRow(new[] { 8, 8, 5 }, new[] { 16 }, 5, DisplayName = "sixteen take two whole servers")]
    [DataRow(new[] { 8, 5, 5 }, new[] { 16 }, 18, DisplayName = "one whole server is not two")]
    [DataRow(new[] { 7, 5, 0 }, new int[0], 0, DisplayName = "nobody waits")]
    public void Stranded_OfServersOfEight_IsWhatNoGangCouldUse(int[] free, int[] gangs, int expected) =>
        Assert.AreEqual(expected, GangRoom.Stranded([.. free.Select(count => (count, 8))], gangs));

    [TestMethod]
    public void Of_RandomServers_AgreesWithLookingAtEveryMinute()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            Window Span()
            {
                var (a, b) = (random.Next(1_440), random.Next(1_440));
                return new(Day.From + (Math.Min(a, b) * Micros.PerMinute), Day.From + ((Math.Max(a, b) + 1) * Micros.PerMinute));
            }

            var devices = Enumerable.Range(0, 12).Select(i => new DeviceHistory(
                new($"card-{i}"),
                [new Placement(random.Next(5) == 0 ? Span() : Day, $"host-{i / 4}", null, null, new("ai"))],
                random.Next(4) == 0 ? [Span()] : [],
                [],
                random.Next(6) == 0 ? [Span()] : [Day],
                [.. Enumerable.Range(0, random.Next(3)).Select(job => new Holding(Span(), new("t"), $"{job}")).OrderBy(holding => holding.Valid.From)])).ToList();
            var waiting = Enumerable.Range(0, random.Next(4))
                .Select(i => new DemandSpan(new("ai"), new("t"), false, $"{i}", DemandKind.JobWaits, Span(), random.Next(1, 10), 0, null)).ToList();

            var room = GangRoom.Of(devices, waiting, Day).Single();

            Int128 free = 0, stranded = 0, gangs = 0;
            var eight = 0L;
            for (var minute = Day.From; minute < Day.Until; minute += Micros.PerMinute)
            {
                var servers = devices.GroupBy(device => device.Placements[0].Host).Select(server => (
                    server.Count(device => IsFree(device, minute)), server.Count(device => device.Placements[0].Valid.Contains(minute)))).ToList();
                free += Micros.PerMinute * servers.Sum(server => server.Item1);
                gangs += Micros.PerMinute * GangRoom.Largest(servers);
                eight += servers.Where(server => server.Item1 == server.Item2).Sum(server => server.Item1) >= 8 ? Micros.PerMinute : 0;
                stranded += Micros.PerMinute * (Int128)GangRoom.Stranded(servers, [.. waiting.Where(span => span.Valid.Contains(minute)).Select(span => span.Devices)]);
            }

            Assert.AreEqual((free, stranded, gangs), (room.FreeMicros, room.StrandedMicros, room.GangMicros), $"seed {seed}");
            CollectionAssert.AreEqual(new[] { 1, 2, 4, 8 }, room.Starts.Select(start => start.Devices).ToArray());
            Assert.AreEqual(eight, room.Starts[3].Micros, $"seed {seed}: servers hold four, so eight take two whole ones");
            var cut = Day.From + (random.Next(1_440) * Micros.PerMinute);
            var parts = GangRoom.Of(devices, waiting, Day with { Until = cut }).Concat(GangRoom.Of(devices, waiting, Day with { From = cut })).ToList();
            Assert.AreEqual(room.StrandedMicros, parts.Aggregate((Int128)0, (sum, part) => sum + part.StrandedMicros), $"seed {seed}, cut");
            Assert.AreEqual(room.GangMicros, parts.Aggregate((Int128)0, (sum, part) => sum + part.GangMicros), $"seed {seed}, cut");
        }
    }

    private static bool IsFree(DeviceHistory device, long at) =>
        device.Placements[0].Valid.Contains(at) && !device.Down.Any(down => down.Contains(at))
        && device.AllocationKnown.Any(known => known.Contains(at)) && !device.Holdings.Any(holding => holding.Valid.Contains(at));
}
