using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite.CardDays;

/// <summary>Roll-ups of one scope, grain and day as columns.</summary>
/// <remarks>Layout: docs/storage-format.md, "A pack of roll-ups". Equal roll-ups have equal bytes, given the same words.</remarks>
internal static class RollUpCodec
{
    public const byte Kind = (byte)'R';

    private const int Columns = 5;

    /// <param name="rollUps">Those of one key next to each other.</param>
    public static byte[] Encode(ImmutableArray<RollUp> rollUps, Func<string, long> word)
    {
        var (head, columns) = (new ByteWriter(), Enumerable.Range(0, Columns).Select(_ => new ByteWriter()).ToArray());
        head.Varint((ulong)rollUps.Length);
        var before = default(RollUpKey?);
        var start = 0L;
        foreach (var sum in rollUps)
        {
            WriteKey(sum.Key, before, columns[0], word);
            columns[1].ZigZag(sum.Start - start);
            (before, start) = (sum.Key, sum.Start);
            WriteCells(sum.Cells, columns[2]);
            columns[3].Varint(sum.CardHours);
            columns[3].ZigZag(sum.SilentZero);
            columns[3].LongVarint((UInt128)sum.EnergyNanojoules);
            columns[3].ZigZag(sum.EnergyKnown);
            columns[3].ZigZag(sum.Samples);
            HourParts.WriteUses(sum.Uses, columns[4]);
        }

        foreach (var column in columns)
        {
            head.Varint((ulong)column.Length);
        }

        foreach (var column in columns)
        {
            head.Bytes(column.Written);
        }

        return PackedBytes.Pack(Kind, head.Written);
    }

    /// <exception cref="DamagedException">The bytes are no roll-ups, or name an unknown word.</exception>
    public static ImmutableArray<RollUp> Decode(byte[] packed, Func<long, string?> text)
    {
        var plain = PackedBytes.Unpack(Kind, packed);
        var reader = new ByteReader(plain);
        var rollUps = ImmutableArray.CreateBuilder<RollUp>(reader.Count(plain.Length));
        Span<int> lengths = stackalloc int[Columns];
        for (var i = 0; i < Columns; i++)
        {
            lengths[i] = reader.Count(plain.Length);
        }

        var keys = new ByteReader(reader.Bytes(lengths[0]));
        var starts = new ByteReader(reader.Bytes(lengths[1]));
        var cells = new ByteReader(reader.Bytes(lengths[2]));
        var sums = new ByteReader(reader.Bytes(lengths[3]));
        var uses = new ByteReader(reader.Bytes(lengths[4]));
        Span<int> bins = stackalloc int[UseDistribution.Bins];
        var (key, start) = (default(RollUpKey), 0L);
        for (var i = 0; i < rollUps.Capacity; i++)
        {
            key = ReadKey(ref keys, key, text);
            start += starts.ZigZag();
            rollUps.Add(new(key, start, ReadCells(ref cells), (long)sums.Varint(), sums.ZigZag(), (Int128)sums.LongVarint(), sums.ZigZag(), sums.ZigZag(), HourParts.ReadUses(ref uses, bins)));
        }

        return rollUps.MoveToImmutable();
    }

    // 0: the key before.
    private static void WriteKey(RollUpKey key, RollUpKey? before, ByteWriter into, Func<string, long> word)
    {
        if (key == before)
        {
            into.Byte(0);
            return;
        }

        into.Byte(1);
        into.Varint(key.Name.Length == 0 ? 0 : word(key.Name));
        into.Varint(word(key.Pool.Value));
        into.Varint(key.Model is null ? 0 : word(key.Model));
    }

    private static RollUpKey ReadKey(ref ByteReader reader, RollUpKey before, Func<long, string?> text) => reader.Byte() == 0
        ? before
        : new(Word(ref reader, text) ?? "", new(Word(ref reader, text) ?? ""), Word(ref reader, text));

    private static string? Word(ref ByteReader reader, Func<long, string?> text)
    {
        var number = (long)reader.Varint();
        return number == 0 ? null : text(number) ?? throw new DamagedException($"word {number} is unknown");
    }

    private static void WriteCells(HourCells cells, ByteWriter into)
    {
        var mask = 0;
        for (var cell = 0; cell < HourCells.Count; cell++)
        {
            mask |= cells.Micros[cell] != 0 ? 1 << cell : 0;
        }

        into.Varint((ulong)mask);
        for (var cell = 0; cell < HourCells.Count; cell++)
        {
            if (cells.Micros[cell] != 0)
            {
                into.ZigZag(cells.Micros[cell]);
            }
        }
    }

    private static HourCells ReadCells(ref ByteReader reader)
    {
        Span<long> cells = stackalloc long[HourCells.Count];
        cells.Clear();
        var mask = reader.Count((1 << HourCells.Count) - 1);
        for (var cell = 0; cell < HourCells.Count; cell++)
        {
            if ((mask >> cell & 1) != 0)
            {
                cells[cell] = reader.ZigZag();
            }
        }

        return new(cells);
    }
}
