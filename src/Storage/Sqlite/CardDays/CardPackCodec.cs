using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Time;
using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite.CardDays;

/// <summary>The card-hours of one device and day by number.</summary>
internal readonly record struct PackedCardDay(long Device, ImmutableArray<CardHour> Hours);

/// <summary>Card-days of several devices and one day as columns.</summary>
/// <remarks>Layout: docs/storage-format.md, "A pack of card-days".</remarks>
internal static class CardPackCodec
{
    public const byte Kind = (byte)'P';

    public const byte DetailsKind = (byte)'Q';

    private const int Columns = 9;

    /// <summary>Starts, places, masks and cells: they come first and can be read alone.</summary>
    private const int CellColumns = 4;

    public static byte[] Encode(IReadOnlyList<PackedCardDay> days, Func<string, long> word)
    {
        var places = new Dictionary<(string Pool, string? Model, string? Host), int>();
        var columns = Enumerable.Range(0, Columns).Select(_ => new ByteWriter()).ToArray();
        var head = new ByteWriter();
        var cellUnit = Divisor(days, hour => hour.Cells.Micros);
        var energyUnit = Math.Max(1, days.SelectMany(day => day.Hours).Aggregate(0L, (unit, hour) => Gcd(unit, hour.EnergyNanojoules)));
        var expected = days.SelectMany(day => day.Hours).Select(hour => hour.HourStart).DefaultIfEmpty().First();
        var first = expected;
        head.Varint((ulong)days.Count);
        head.Varint(cellUnit);
        head.Varint(energyUnit);
        head.ZigZag(first);
        var device = 0L;
        foreach (var day in days)
        {
            head.ZigZag(day.Device - device);
            head.Varint((ulong)day.Hours.Length);
            device = day.Device;
            (expected, var samples) = (first, 0);
            foreach (var hour in day.Hours)
            {
                columns[0].ZigZag(hour.HourStart - expected);
                expected = hour.HourStart + Micros.PerHour;
                columns[1].Varint((ulong)Number(places, (hour.Pool.Value, hour.Model, hour.Host)));
                HourParts.WriteCells(hour.Cells, cellUnit, columns[2], columns[3]);
                columns[4].ZigZag(hour.SilentZero);
                columns[5].ZigZag(hour.EnergyNanojoules / energyUnit);
                columns[6].ZigZag(Micros.PerHour - hour.EnergyKnown);
                columns[6].ZigZag(hour.Samples - samples);
                samples = hour.Samples;
                HourParts.WriteTenants(hour, columns[7], word);
                HourParts.WriteUses(hour.Uses, columns[8]);
            }
        }

        head.Varint((ulong)places.Count);
        foreach (var (pool, model, host) in places.OrderBy(pair => pair.Value).Select(pair => pair.Key))
        {
            head.Varint(word(pool));
            head.Varint(model is null ? 0 : word(model));
            head.Varint(host is null ? 0 : word(host));
        }

        var details = new ByteWriter();
        Join(columns.AsSpan(0, CellColumns), head);
        Join(columns.AsSpan(CellColumns), details);
        var (cells, rest) = (PackedBytes.Pack(Kind, head.Written), PackedBytes.Pack(DetailsKind, details.Written));
        var bytes = new ByteWriter(cells.Length + rest.Length + 8);
        bytes.Varint((ulong)cells.Length);
        bytes.Bytes(cells);
        bytes.Bytes(rest);
        return bytes.ToArray();
    }

    private static void Join(ReadOnlySpan<ByteWriter> columns, ByteWriter into)
    {
        foreach (var column in columns)
        {
            into.Varint((ulong)column.Length);
        }

        foreach (var column in columns)
        {
            into.Bytes(column.Written);
        }
    }

    /// <summary>How long each device was busy and known in each hour: what a heat map is made of, at a fraction of the cost of everything.</summary>
    /// <exception cref="DamagedException">The bytes are no pack.</exception>
    /// <param name="begin">Called for each device before its hours, also where it has none.</param>
    public static void DecodeUse(byte[] packed, Action<long, long, HourUse> each, Action<long> begin)
    {
        var plain = PackedBytes.Unpack(Kind, Part(packed, details: false));
        var reader = new ByteReader(plain);
        var head = Head.Read(ref reader, plain.Length);
        Span<int> lengths = stackalloc int[CellColumns];
        ReadLengths(ref reader, lengths);
        var starts = new ByteReader(reader.Bytes(lengths[0]));
        reader.Bytes(lengths[1]);
        var masks = new ByteReader(reader.Bytes(lengths[2]));
        var cells = new ByteReader(reader.Bytes(lengths[3]));
        Span<long> micros = stackalloc long[HourCells.Count];
        foreach (var (device, count) in head.Devices)
        {
            begin(device);
            var start = head.First;
            for (var i = 0; i < count; i++)
            {
                start += starts.ZigZag();
                micros.Clear();
                HourParts.ReadCells(ref masks, ref cells, head.CellUnit, micros);
                var busy = micros[(int)Cell.AllocatedBusy] + micros[(int)Cell.AllocUnknownBusy] + micros[(int)Cell.FreeBusy];
                var idle = micros[(int)Cell.AllocatedIdle] + micros[(int)Cell.AllocUnknownIdle] + micros[(int)Cell.FreeIdle];
                each(device, start, new(busy, busy + idle));
                start += Micros.PerHour;
            }
        }
    }

    /// <exception cref="DamagedException">The bytes are no pack, or name an unknown word.</exception>
    public static List<PackedCardDay> Decode(byte[] packed, Func<long, string?> text)
    {
        var plain = PackedBytes.Unpack(Kind, Part(packed, details: false));
        var reader = new ByteReader(plain);
        var head = Head.Read(ref reader, plain.Length);
        var places = head.Places.Select(place => (Pool: HourParts.Word(place.Pool, text) ?? "", Model: HourParts.Word(place.Model, text), Host: HourParts.Word(place.Host, text))).ToArray();
        var (devices, cellUnit, energyUnit, first) = (head.Devices, head.CellUnit, head.EnergyUnit, head.First);
        Span<int> lengths = stackalloc int[Columns];
        ReadLengths(ref reader, lengths[..CellColumns]);
        var starts = new ByteReader(reader.Bytes(lengths[0]));
        var placeNumbers = new ByteReader(reader.Bytes(lengths[1]));
        var masks = new ByteReader(reader.Bytes(lengths[2]));
        var cells = new ByteReader(reader.Bytes(lengths[3]));
        var rest = new ByteReader(PackedBytes.Unpack(DetailsKind, Part(packed, details: true)));
        ReadLengths(ref rest, lengths[CellColumns..]);
        var silent = new ByteReader(rest.Bytes(lengths[4]));
        var energy = new ByteReader(rest.Bytes(lengths[5]));
        var counts = new ByteReader(rest.Bytes(lengths[6]));
        var tenants = new ByteReader(rest.Bytes(lengths[7]));
        var uses = new ByteReader(rest.Bytes(lengths[8]));
        var days = new List<PackedCardDay>(devices.Length);
        Span<int> bins = stackalloc int[UseDistribution.Bins];
        Span<long> micros = stackalloc long[HourCells.Count];
        foreach (var (number, count) in devices)
        {
            var hours = ImmutableArray.CreateBuilder<CardHour>(count);
            var (start, samples) = (first, 0);
            for (var i = 0; i < count; i++)
            {
                start += starts.ZigZag();
                var (pool, model, host) = places[placeNumbers.Count(places.Length - 1)];
                micros.Clear();
                HourParts.ReadCells(ref masks, ref cells, cellUnit, micros);
                var hourCells = new HourCells(micros);
                var (silentZero, nanojoules, known) = (silent.ZigZag(), energy.ZigZag() * energyUnit, Micros.PerHour - counts.ZigZag());
                samples += (int)counts.ZigZag();
                hours.Add(new(start, new(pool), model, host, hourCells, silentZero, nanojoules, known, samples, HourParts.ReadTenants(ref tenants, hourCells, text))
                {
                    Uses = HourParts.ReadUses(ref uses, bins),
                });
                start += Micros.PerHour;
            }

            days.Add(new(number, hours.MoveToImmutable()));
        }

        return days;
    }

    private static int Number(Dictionary<(string Pool, string? Model, string? Host), int> places, (string Pool, string? Model, string? Host) place)
    {
        if (!places.TryGetValue(place, out var number))
        {
            places[place] = number = places.Count;
        }

        return number;
    }

    private static long Divisor(IReadOnlyList<PackedCardDay> days, Func<CardHour, ReadOnlySpan<long>> values)
    {
        var unit = 0L;
        foreach (var day in days)
        {
            foreach (var hour in day.Hours)
            {
                foreach (var value in values(hour))
                {
                    unit = Gcd(unit, value);
                }
            }
        }

        return Math.Max(1, unit);
    }

    private static long Gcd(long left, long right)
    {
        while (right != 0)
        {
            (left, right) = (right, left % right);
        }

        return left;
    }

    private static void ReadLengths(ref ByteReader reader, scoped Span<int> lengths)
    {
        foreach (ref var length in lengths)
        {
            length = reader.Count();
        }
    }

    private static byte[] Part(byte[] packed, bool details)
    {
        var reader = new ByteReader(packed);
        var length = reader.Count(packed.Length);
        var end = reader.Position + length;
        return end > packed.Length ? throw new DamagedException("ends too early") : details ? packed[end..] : packed[reader.Position..end];
    }

    /// <summary>What stands before the columns of a pack.</summary>
    private sealed record Head((long Device, int Hours)[] Devices, long CellUnit, long EnergyUnit, long First, (long Pool, long Model, long Host)[] Places)
    {
        public static Head Read(ref ByteReader reader, int length)
        {
            var devices = new (long Device, int Hours)[reader.Count(length)];
            var (cellUnit, energyUnit, first, device) = ((long)reader.Varint(), (long)reader.Varint(), reader.ZigZag(), 0L);
            for (var i = 0; i < devices.Length; i++)
            {
                device += reader.ZigZag();
                devices[i] = (device, reader.Count(length));
            }

            var places = new (long Pool, long Model, long Host)[reader.Count(length)];
            for (var i = 0; i < places.Length; i++)
            {
                places[i] = ((long)reader.Varint(), (long)reader.Varint(), (long)reader.Varint());
            }

            return new(devices, cellUnit, energyUnit, first, places);
        }
    }
}
