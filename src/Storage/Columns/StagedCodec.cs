namespace Headroom.Storage.Columns;

/// <summary>Rows of one append, several devices in one blob, device after device: the durable home of samples until they are sealed.</summary>
/// <remarks>Layout: docs/storage-format.md, "A staged batch". Not safe for two threads.</remarks>
internal sealed class StagedCodec
{
    private const byte Kind = (byte)'S';
    private const byte Version = 1;

    private readonly SampleFrame _frame = new();
    private readonly SampleColumns _rows = new();
    private readonly ByteWriter _bytes = new(65_536);

    public byte[] Encode(IReadOnlyList<(long Device, int Rows)> runs, SampleColumns rows)
    {
        _bytes.Clear();
        _bytes.Byte(Kind);
        _bytes.Byte(Version);
        _bytes.Varint((ulong)rows.Count);
        _bytes.Varint((ulong)runs.Count);
        var before = 0L;
        foreach (var (device, count) in runs)
        {
            _bytes.ZigZag(device - before);
            _bytes.Varint((ulong)count);
            before = device;
        }

        _frame.Encode(rows, _bytes);
        _bytes.Seal();
        return _bytes.ToArray();
    }

    /// <summary>Calls <paramref name="run"/> for each device with the rows [start, end) of columns that hold until the next call.</summary>
    /// <exception cref="DamagedException">The checksum does not hold, or the runs do not add up.</exception>
    public void Decode(ReadOnlySpan<byte> bytes, Action<long, SampleColumns, int, int> run)
    {
        var reader = ByteReader.OverSealed(bytes);
        if (reader.Byte() != Kind || reader.Byte() != Version)
        {
            throw new DamagedException("not a staged batch of a known version");
        }

        var runs = Runs(ref reader, out var count);
        _frame.Decode(ref reader, count, _rows);
        var start = 0;
        foreach (var (device, length) in runs)
        {
            run(device, _rows, start, start + length);
            start += length;
        }
    }

    /// <summary>The devices that a damaged batch names, as far as its head can be made out. Empty: it cannot.</summary>
    public static IEnumerable<long> DevicesOf(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new ByteReader(bytes);
            return reader.Byte() == Kind && reader.Byte() == Version ? Runs(ref reader, out _).Select(run => run.Device).Distinct() : [];
        }
        catch (DamagedException)
        {
            return [];
        }
    }

    private static (long Device, int Rows)[] Runs(ref ByteReader reader, out int count)
    {
        count = reader.Count(1 << 28);
        var runs = new (long Device, int Rows)[reader.Count(Math.Min(count, reader.Left))];
        var (before, total) = (0L, 0L);
        for (var i = 0; i < runs.Length; i++)
        {
            before += reader.ZigZag();
            runs[i] = (before, reader.Count(count));
            total += runs[i].Rows;
        }

        return total == count ? runs : throw new DamagedException("runs do not add up");
    }
}
