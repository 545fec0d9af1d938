using System.Collections.Immutable;
using System.Numerics;
using Headroom.Domain.Accounting;
using Headroom.Domain.Time;
using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite.CardDays;

/// <summary>The parts of a card-hour that are more than a number: cells, tenants, distribution of use.</summary>
/// <remarks>Layout: docs/storage-format.md, "A pack of card-days", columns 2, 3, 7 and 8.</remarks>
internal static class HourParts
{
    /// <summary>A mask of the cells that are not 0; of a whole hour the last of them follows from the rest and is left out.</summary>
    public static void WriteCells(HourCells cells, long unit, ByteWriter masks, ByteWriter values)
    {
        var mask = 0;
        for (var cell = 0; cell < HourCells.Count; cell++)
        {
            mask |= cells.Micros[cell] != 0 ? 1 << cell : 0;
        }

        var isWhole = mask != 0 && cells.Installed == Micros.PerHour;
        masks.Varint((ulong)((mask << 1) | (isWhole ? 1 : 0)));
        var last = BitOperations.Log2((uint)mask);
        for (var cell = 0; cell < HourCells.Count; cell++)
        {
            if ((mask >> cell & 1) != 0 && !(isWhole && cell == last))
            {
                values.ZigZag(cells.Micros[cell] / unit);
            }
        }
    }

    public static void ReadCells(ref ByteReader masks, ref ByteReader values, long unit, scoped Span<long> cells)
    {
        var head = masks.Count((1 << (HourCells.Count + 1)) - 1);
        var (mask, isWhole) = (head >> 1, (head & 1) != 0);
        var last = BitOperations.Log2((uint)mask);
        var sum = 0L;
        for (var left = mask; left != 0; left &= left - 1)
        {
            var cell = BitOperations.TrailingZeroCount(left);
            cells[cell] = isWhole && cell == last ? Micros.PerHour - sum : values.ZigZag() * unit;
            sum += cells[cell];
        }
    }

    public static void WriteTenants(CardHour hour, ByteWriter into, Func<string, long> word)
    {
        into.Varint((ulong)hour.Tenants.Length);
        foreach (var tenant in hour.Tenants)
        {
            into.Varint(word(tenant.Tenant.Value));
            var hasAll = hour.Tenants.Length == 1 && tenant == AllAllocated(tenant.Tenant.Value, hour.Cells);
            into.Byte(hasAll ? (byte)1 : (byte)0);
            if (!hasAll)
            {
                into.ZigZag(tenant.Busy);
                into.ZigZag(tenant.Idle);
                into.ZigZag(tenant.UseUnknown);
            }
        }
    }

    public static ImmutableArray<TenantHour> ReadTenants(ref ByteReader reader, HourCells cells, Func<long, string?> text)
    {
        var count = reader.Count(1 << 20);
        if (count == 0)
        {
            return [];
        }

        var tenants = ImmutableArray.CreateBuilder<TenantHour>(count);
        for (var i = 0; i < count; i++)
        {
            var tenant = Word(ref reader, text) ?? "";
            tenants.Add(reader.Byte() == 1 ? AllAllocated(tenant, cells) : new(new(tenant), reader.ZigZag(), reader.ZigZag(), reader.ZigZag()));
        }

        return tenants.MoveToImmutable();
    }

    public static void WriteUses(UseDistribution uses, ByteWriter into)
    {
        into.Varint((ulong)uses.Counts.Length);
        var before = 0;
        foreach (var (percent, samples) in uses.Counts)
        {
            into.Varint((ulong)(percent - before));
            into.Varint((ulong)samples);
            before = percent;
        }
    }

    /// <param name="bins">Room for all bins; cleared here.</param>
    public static UseDistribution ReadUses(ref ByteReader reader, scoped Span<int> bins)
    {
        var count = reader.Count(UseDistribution.Bins);
        if (count == 0)
        {
            return UseDistribution.None;
        }

        bins.Clear();
        var percent = 0;
        for (var i = 0; i < count; i++)
        {
            percent += reader.Count(UseDistribution.Bins - 1 - percent);
            bins[percent] = reader.Count();
        }

        return UseDistribution.Of(bins);
    }

    private static TenantHour AllAllocated(string tenant, HourCells cells) =>
        new(new(tenant), cells[Cell.AllocatedBusy], cells[Cell.AllocatedIdle], cells[Cell.AllocatedUseUnknown]);

    private static string? Word(ref ByteReader reader, Func<long, string?> text) => Word((long)reader.Varint(), text);

    /// <summary>The text of a word; null for 0.</summary>
    /// <exception cref="DamagedException">There is no such word.</exception>
    public static string? Word(long number, Func<long, string?> text) =>
        number == 0 ? null : text(number) ?? throw new DamagedException($"word {number} is unknown");
}
