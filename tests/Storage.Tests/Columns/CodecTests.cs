using FsCheck;
using FsCheck.Fluent;
using Headroom.Domain.Telemetry;
using Headroom.Storage.Columns;

namespace Headroom.Storage.Tests.Columns;

[TestClass]
public sealed class CodecTests
{
    private static readonly Gen<long> AnyNumber = Gen.Frequency(
        (3, Gen.Choose(-100, 100).Select(value => (long)value)),
        (2, Gen.Choose(int.MinValue, int.MaxValue).Select(value => (long)value)),
        (1, Gen.Choose(-1_000_000, 1_000_000).Select(value => value * 250_000_000_000L)));

    private static readonly Gen<long[]> Columns =
        from step in Gen.Elements(1L, 10_000L, 15_000_000L)
        from start in AnyNumber
        from shape in Gen.Choose(0, 3)
        from values in AnyNumber.ArrayOf()
        select values.Select((value, i) => shape switch
        {
            0 => value,
            1 => start,
            2 => start + (i * step),
            _ => (value % 50) * step,
        }).ToArray();

    [TestMethod]
    public void Of_TheCheckString_IsTheCastagnoliValue() =>
        // Source: RFC 3720 appendix B.4 (32 bytes of zeros) and the check value of CRC-32C.
        Assert.AreEqual((0xE3069283u, 0x8A9136AAu), (Checksum.Of("123456789"u8), Checksum.Of(new byte[32])));

    [TestMethod]
    public void Encode_AnyColumn_DecodesToTheSame() =>
        Prop.ForAll(Columns.ToArbitrary(), values =>
        {
            var bytes = new ByteWriter(1);
            ColumnCodec.Encode(values, new ulong[values.Length], bytes);
            var decoded = new long[values.Length];
            ColumnCodec.Decode(bytes.Written, decoded);
            return values.AsSpan().SequenceEqual(decoded);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(400));

    [TestMethod]
    public void Encode_ValuesThatNeedTheEscape_DecodeToTheSame()
    {
        ulong[] values = [.. Enumerable.Range(0, 300).Select(i => i % 70 == 69 ? ulong.MaxValue >> (i % 3) : (ulong)(i % 2))];
        var bytes = new ByteWriter(1);

        RiceCoder.Encode(values, bytes);
        var decoded = new ulong[values.Length];
        RiceCoder.Decode(bytes.Written, decoded);

        CollectionAssert.AreEqual(values, decoded);
        Assert.IsLessThan(150, bytes.Length);
    }

    [TestMethod]
    public void Encode_ARegularIdleDay_IsAFewBytes()
    {
        var rows = new SampleColumns();
        for (var i = 0; i < 5_760; i++)
        {
            rows.Set(0, rows.Add(i * 15_000_000L), 0, revision: 0);
        }

        var bytes = new ByteWriter();
        var length = new ChunkCodec().Encode(7, 0, rows, bytes);

        Assert.IsLessThan(100, length);
    }

    [TestMethod]
    public void Decode_AnyRows_AreTheSameWithMissingValuesAndRevisions() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var rows = AnyRows(random);
            var bytes = new ByteWriter();
            new ChunkCodec().Encode(3, -5, rows, bytes);
            var decoded = new SampleColumns();
            new ChunkCodec().Decode(bytes.Written, 3, -5, decoded);
            return Same(rows, decoded);
        }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Decode_AnyFlippedBit_IsFound() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var bytes = new ByteWriter();
            new ChunkCodec().Encode(3, -5, AnyRows(random), bytes);
            var flipped = bytes.ToArray();
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
            Assert.ThrowsExactly<DamagedException>(() => new ChunkCodec().Decode(flipped, 3, -5, new SampleColumns()));
        }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Decode_TheChunkOfAnotherCard_IsFound()
    {
        var bytes = new ByteWriter();
        new ChunkCodec().Encode(3, 20_000, AnyRows(new Random(1)), bytes);
        var chunk = bytes.ToArray();

        Assert.ThrowsExactly<DamagedException>(() => new ChunkCodec().Decode(chunk, 4, 20_000, new SampleColumns()));
        Assert.ThrowsExactly<DamagedException>(() => new ChunkCodec().Decode(chunk, 3, 20_001, new SampleColumns()));
    }

    private static SampleColumns AnyRows(Random random)
    {
        var rows = new SampleColumns(1);
        var instant = 0L;
        var (missing, revisions) = (random.Next(4), random.Next(3) == 0);
        for (var i = random.Next(1, 300); i > 0; i--)
        {
            instant += random.Next(4) == 0 ? random.Next(1, 100_000) : 15_000;
            var row = rows.Add(instant);
            for (var metric = 0; metric < SampleColumns.Metrics; metric++)
            {
                if (random.Next(3) >= missing)
                {
                    rows.Set(metric, row, random.Next(3) == 0 ? random.Next(int.MinValue + 1, int.MaxValue) : random.Next(5) * 1_000, revisions ? random.Next(3) : 0);
                }
            }
        }

        return rows;
    }

    private static bool Same(SampleColumns left, SampleColumns right) =>
        left.Instants.SequenceEqual(right.Instants)
        && Enumerable.Range(0, TelemetryMetrics.All.Length).All(metric =>
            left.Values(metric).SequenceEqual(right.Values(metric))
            && Enumerable.Range(0, left.Count).All(row => left.Revision(metric, row) == right.Revision(metric, row)));
}
