using FsCheck;
using FsCheck.Fluent;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage.Columns;
using Headroom.Storage.Columns.Blocks;

namespace Headroom.Storage.Tests.Columns;

[TestClass]
public sealed class BlockTests
{
    private const int Day = 20_514;
    private static readonly long Start = Day * Micros.PerDay;

    // How the values of one gauge move: still, noise around a level, a walk, anything at all, now and then missing.
    private static readonly Gen<Func<Random, int, int>> Shapes = Gen.Elements<Func<Random, int, int>>(
        (_, _) => 30_000,
        (random, i) => (50 + (i / 200) + random.Next(5)) * 10_000,
        (random, i) => ((i * 7) + random.Next(3)) * 100,
        (random, _) => random.Next(int.MinValue + 1, int.MaxValue),
        (random, _) => random.Next(4) == 0 ? TelemetryMetrics.Missing : random.Next(2_000) * 1_024,
        (random, i) => i % 300 < 150 ? 0 : 1_000_000 - random.Next(3),
        (_, _) => TelemetryMetrics.Missing);

    private static readonly Gen<SampleColumns> Devices =
        from count in Gen.Frequency((2, Gen.Choose(1, 70)), (2, Gen.Choose(100, 2_500)), (1, Gen.Constant(1)))
        from seed in Gen.Choose(0, int.MaxValue)
        from step in Gen.Elements(1L, 15_000L, 15_000_000L, 3_000_000_000L)
        from shapes in Shapes.ArrayOf(SampleColumns.Metrics)
        from isRevised in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
        select Make(new Random(seed), count, step, shapes, isRevised);

    [TestMethod]
    public void Write_AnySegments_ReadBackTheSame() =>
        Prop.ForAll(Gen.Choose(1, 12).SelectMany(count => Devices.ArrayOf(count)).ToArbitrary(), devices =>
        {
            var segments = devices.Select((rows, device) => new Segment((device * 3) + 1, rows, 0, rows.Count)).ToList();
            var packed = new BlockWriter().Write(Day, segments);
            var block = new BlockReader(packed.Use, new());
            block.OpenOthers(packed.Others);
            return block.Day == Day && block.Segments.Length == segments.Count
                && segments.Select((segment, i) => IsSame(segment.Rows, Decoded(block, i)) && block.Segments[i].Device == segment.Device).All(same => same)
                && IsSameSideBySide(segments, block);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    private static bool IsSameSideBySide(List<Segment> segments, BlockReader block)
    {
        var (isSame, seen) = (true, new HashSet<int>());
        block.Release();
        block.ReadUtilization([.. Enumerable.Range(0, segments.Count)], (i, use) => isSame &= seen.Add(i) && use.SequenceEqual(segments[i].Rows.Values(TelemetryMetrics.Utilization.Column)));
        return isSame && seen.Count == segments.Count;
    }

    [TestMethod]
    public void Write_NoiseOfFiveEvenValues_IsNearItsEntropy()
    {
        var random = new Random(1);
        var rows = new SampleColumns();
        for (var i = 0; i < 20_000; i++)
        {
            rows.Set(0, rows.Add(Start + (i * 1_000_000L)), (60 + random.Next(5)) * 10_000, 0);
        }

        var packed = new BlockWriter().Write(Day, [new Segment(1, rows, 0, rows.Count)]);

        // log2 5 = 2.32 bits a value.
        Assert.IsLessThan(2.45 / 8 * rows.Count, packed.Use.Length);
    }

    [TestMethod]
    public void Write_PowerThatFollowsUtilization_CostsItsOwnNoiseAlone()
    {
        var random = new Random(1);
        var rows = new SampleColumns();
        for (var i = 0; i < 20_000; i++)
        {
            var row = rows.Add(Start + (i * 1_000_000L));
            var use = random.Next(101);
            rows.Set(0, row, use * 10_000, 0);
            rows.Set(2, row, (80_000 + (use * 2_200) + (random.Next(4) * 100)), 0);
        }

        var packed = new BlockWriter().Write(Day, [new Segment(1, rows, 0, rows.Count)]);

        // Two bits of noise; alone the power of a random load would cost near nine.
        Assert.IsLessThan(2.3 / 8 * rows.Count, packed.Others.Length);
    }

    [TestMethod]
    public void Read_AnyFlippedByte_IsFoundAndTheOtherSegmentsAreRead()
    {
        var random = new Random(2);
        var devices = Enumerable.Range(0, 4).Select(_ => Make(random, 300, 15_000_000, [.. Enumerable.Repeat<Func<Random, int, int>>((r, _) => r.Next(100) * 10_000, 4)], isRevised: false)).ToList();
        var packed = new BlockWriter().Write(Day, [.. devices.Select((rows, device) => new Segment(device + 1, rows, 0, rows.Count))]);
        for (var flip = 0; flip < 400; flip++)
        {
            var (use, others) = ((byte[])packed.Use.Clone(), (byte[])packed.Others.Clone());
            var target = flip % 2 == 0 ? use : others;
            target[random.Next(target.Length)] ^= (byte)(1 << random.Next(8));

            Assert.IsTrue(Damaged(use, others, devices) is var damaged && damaged >= 1, $"flip {flip}");
        }
    }

    // Segments that do not read; all where a head does not. Throws where one reads as something else.
    private static int Damaged(byte[] use, byte[] others, List<SampleColumns> devices)
    {
        try
        {
            var block = new BlockReader(use, new());
            block.OpenOthers(others);
            return devices.Select((rows, i) => Reads(block, i, rows) ? 0 : 1).Sum();
        }
        catch (DamagedException)
        {
            return devices.Count;
        }
    }

    private static bool Reads(BlockReader block, int segment, SampleColumns rows)
    {
        try
        {
            Assert.IsTrue(IsSame(rows, Decoded(block, segment)), "damage that went unseen");
            return true;
        }
        catch (DamagedException)
        {
            return false;
        }
    }

    private static SampleColumns Decoded(BlockReader block, int segment)
    {
        var rows = new SampleColumns();
        block.ReadUse(segment, rows);
        block.ReadOthers(segment, rows);
        return rows;
    }

    private static SampleColumns Make(Random random, int count, long step, Func<Random, int, int>[] shapes, bool isRevised)
    {
        var (rows, instant) = (new SampleColumns(), Start + random.Next(1_000));
        for (var i = 0; i < count; i++)
        {
            var row = rows.Add(instant);
            instant += step * (random.Next(50) == 0 ? random.Next(1, 400) : 1);
            for (var metric = 0; metric < SampleColumns.Metrics; metric++)
            {
                rows.Set(metric, row, shapes[metric](random, i), isRevised && random.Next(3) == 0 ? random.Next(1, 5) : 0);
            }
        }

        return rows;
    }

    private static bool IsSame(SampleColumns left, SampleColumns right)
    {
        var same = left.Instants.SequenceEqual(right.Instants);
        for (var metric = 0; metric < SampleColumns.Metrics; metric++)
        {
            same &= left.Values(metric).SequenceEqual(right.Values(metric));
            for (var row = 0; same && row < left.Count; row++)
            {
                same &= left.Revision(metric, row) == right.Revision(metric, row);
            }
        }

        return same;
    }
}
