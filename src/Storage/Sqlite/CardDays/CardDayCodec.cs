using System.Collections.Immutable;
using System.Numerics;
using Headroom.Domain.Accounting;
using Headroom.Domain.Time;
using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite.CardDays;

/// <summary>Reads the card-days of schema versions 1 and 2, for the migration.</summary>
/// <remarks>Layout: docs/storage-format.md, "Until version 2".</remarks>
internal static class CardDayCodec
{
    private const byte Kind = (byte)'D';
    private const byte Version = 1;

    /// <exception cref="DamagedException">The checksum does not hold, or the bytes name an unknown word.</exception>
    public static ImmutableArray<CardHour> Decode(ReadOnlySpan<byte> bytes, Func<long, string?> text)
    {
        var reader = ByteReader.OverSealed(bytes);
        if (reader.Byte() != Kind || reader.Byte() != Version)
        {
            throw new DamagedException("not a card-day of a known version");
        }

        var places = new (string Pool, string? Model, string? Host)[reader.Count(bytes.Length)];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = (Word(ref reader, text) ?? "", Word(ref reader, text), Word(ref reader, text));
        }

        var hours = ImmutableArray.CreateBuilder<CardHour>(reader.Count(bytes.Length));
        var start = 0L;
        for (var i = 0; i < hours.Capacity; i++)
        {
            start += reader.ZigZag();
            var place = reader.Count(places.Length - 1);
            hours.Add(ReadHour(ref reader, start, places[place], text));
            start += Micros.PerHour;
        }

        return hours.DrainToImmutable();
    }

    private static CardHour ReadHour(ref ByteReader reader, long start, (string Pool, string? Model, string? Host) place, Func<long, string?> text)
    {
        Span<long> cells = stackalloc long[HourCells.Count];
        cells.Clear();
        var head = reader.Count((1 << (HourCells.Count + 1)) - 1);
        var (mask, isWhole) = (head >> 1, (head & 1) != 0);
        var last = BitOperations.Log2((uint)mask);
        var sum = 0L;
        for (var cell = 0; cell < HourCells.Count; cell++)
        {
            if ((mask >> cell & 1) != 0)
            {
                cells[cell] = isWhole && cell == last ? Micros.PerHour - sum : reader.ZigZag();
                sum += cells[cell];
            }
        }

        var (silentZero, energy, energyKnown, samples) = (reader.ZigZag(), reader.ZigZag(), Micros.PerHour - reader.ZigZag(), (int)reader.ZigZag());
        var hourCells = new HourCells(cells);
        var tenants = reader.Count(1 << 20) is var count and > 0 ? ImmutableArray.CreateBuilder<TenantHour>(count) : null;
        for (var i = 0; i < tenants?.Capacity; i++)
        {
            var tenant = Word(ref reader, text) ?? "";
            tenants.Add(reader.Byte() == 1
                ? AllAllocated(tenant, hourCells)
                : new(new(tenant), reader.ZigZag(), reader.ZigZag(), reader.ZigZag()));
        }

        return new(start, new(place.Pool), place.Model, place.Host, hourCells, silentZero, energy, energyKnown, samples, tenants?.DrainToImmutable() ?? []);
    }

    private static TenantHour AllAllocated(string tenant, HourCells cells) =>
        new(new(tenant), cells[Cell.AllocatedBusy], cells[Cell.AllocatedIdle], cells[Cell.AllocatedUseUnknown]);

    private static string? Word(ref ByteReader reader, Func<long, string?> text)
    {
        var number = (long)reader.Varint();
        return number == 0 ? null : text(number) ?? throw new DamagedException($"word {number} is unknown");
    }
}
