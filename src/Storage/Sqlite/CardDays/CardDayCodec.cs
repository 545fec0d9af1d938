using System.Collections.Immutable;
using System.Numerics;
using Headroom.Domain.Accounting;
using Headroom.Domain.Time;
using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite.CardDays;

/// <summary>One card-day as bytes: the places of the day, then an hour after the other, as varints.</summary>
/// <remarks>Layout: docs/storage-format.md, "A card-day". Equal card-days have equal bytes, given the same words.</remarks>
internal sealed class CardDayCodec
{
    private const byte Kind = (byte)'D';
    private const byte Version = 1;

    private readonly ByteWriter _bytes = new();

    public byte[] Encode(CardDay day, Func<string, long> word)
    {
        _bytes.Clear();
        _bytes.Byte(Kind);
        _bytes.Byte(Version);
        var places = day.Hours.Select(PlaceOf).Distinct().ToList();
        _bytes.Varint((ulong)places.Count);
        foreach (var (pool, model, host) in places)
        {
            _bytes.Varint(word(pool));
            _bytes.Varint(model is null ? 0 : word(model));
            _bytes.Varint(host is null ? 0 : word(host));
        }

        _bytes.Varint((ulong)day.Hours.Length);
        var before = 0L;
        foreach (var hour in day.Hours)
        {
            _bytes.ZigZag(hour.HourStart - before);
            before = hour.HourStart + Micros.PerHour;
            _bytes.Varint((ulong)places.IndexOf(PlaceOf(hour)));
            WriteHour(hour, word);
        }

        _bytes.Seal();
        return _bytes.ToArray();
    }

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

    private static (string Pool, string? Model, string? Host) PlaceOf(CardHour hour) => (hour.Pool.Value, hour.Model, hour.Host);

    // A mask of the cells that are not 0; of a whole hour the last of them follows from the rest and is left out.
    private void WriteHour(CardHour hour, Func<string, long> word)
    {
        var mask = 0;
        for (var cell = 0; cell < HourCells.Count; cell++)
        {
            mask |= hour.Cells.Micros[cell] != 0 ? 1 << cell : 0;
        }

        var isWhole = mask != 0 && hour.Cells.Installed == Micros.PerHour;
        _bytes.Varint((ulong)((mask << 1) | (isWhole ? 1 : 0)));
        var last = BitOperations.Log2((uint)mask);
        for (var cell = 0; cell < HourCells.Count; cell++)
        {
            if ((mask >> cell & 1) != 0 && !(isWhole && cell == last))
            {
                _bytes.ZigZag(hour.Cells.Micros[cell]);
            }
        }

        _bytes.ZigZag(hour.SilentZero);
        _bytes.ZigZag(hour.EnergyNanojoules);
        _bytes.ZigZag(Micros.PerHour - hour.EnergyKnown);
        _bytes.ZigZag(hour.Samples);
        _bytes.Varint((ulong)hour.Tenants.Length);
        foreach (var tenant in hour.Tenants)
        {
            _bytes.Varint(word(tenant.Tenant.Value));
            var hasAll = hour.Tenants.Length == 1 && tenant == AllAllocated(tenant.Tenant.Value, hour.Cells);
            _bytes.Byte(hasAll ? (byte)1 : (byte)0);
            if (!hasAll)
            {
                _bytes.ZigZag(tenant.Busy);
                _bytes.ZigZag(tenant.Idle);
                _bytes.ZigZag(tenant.UseUnknown);
            }
        }
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
