namespace Headroom.Storage.Columns.Blocks;

/// <summary>One column of the segments of a block: settles per segment how its values are written, and packs those that vary.</summary>
/// <remarks>Layout: docs/storage-format.md, "A column of a segment". Not safe for two threads.</remarks>
internal sealed class GaugeWriter
{
    public const int Constant = 0;
    public const int Plain = 1;
    public const int Packed = 2;
    public const int HasRuns = 4;
    public const int HasSlope = 8;

    private readonly List<Entry> _entries = [];
    private readonly List<int> _runs = [];
    private readonly ColumnPacker _packer = new();
    private readonly List<int> _plain = [];
    private int[] _present = new int[4_096];
    private int[] _presentUse = new int[4_096];
    private int _usual;

    public void Begin()
    {
        _entries.Clear();
        _runs.Clear();
        _plain.Clear();
        _packer.Begin();
        _usual = 0;
    }

    /// <summary>Adds the column of the next segment.</summary>
    /// <param name="use">Utilization of the same rows, for a gauge that may follow it; else empty.</param>
    public void Add(ReadOnlySpan<int> values, int missing, ReadOnlySpan<int> use)
    {
        var entry = new Entry { FirstRun = _runs.Count };
        if (values.IsEmpty)
        {
            entry.Kind = -1;
            _entries.Add(entry);
            return;
        }

        if (values.Contains(missing))
        {
            if (!values.ContainsAnyExcept(missing))
            {
                entry.Kind = -1;
                _entries.Add(entry);
                return;
            }

            AddRuns(values, missing);
            entry.Runs = _runs.Count - entry.FirstRun;
            var count = Gather(values, missing, use);
            values = _present.AsSpan(0, count);
            use = use.IsEmpty ? default : _presentUse.AsSpan(0, count);
        }

        Settle(values, use, ref entry);
        _entries.Add(entry);
    }

    public void WriteTables(ByteWriter into)
    {
        into.Varint((ulong)_usual);
        _packer.WriteTables(into);
    }

    /// <summary>Writes the column of a segment; nothing where every value is missing.</summary>
    public void Write(int segment, ByteWriter into)
    {
        var entry = _entries[segment];
        if (entry.Kind < 0)
        {
            return;
        }

        into.Byte((byte)(entry.Kind | (entry.Runs > 0 ? HasRuns : 0) | (entry.Slope != 0 ? HasSlope : 0)));
        if (entry.Runs > 0)
        {
            into.Varint((ulong)entry.Runs);
            for (var run = 0; run < entry.Runs; run++)
            {
                into.Varint((ulong)_runs[entry.FirstRun + run]);
            }
        }

        into.ZigZag(entry.Least);
        if (entry.Kind == Plain)
        {
            var before = entry.Least;
            for (var i = 0; i < entry.Number; i++)
            {
                into.ZigZag((long)_plain[entry.FirstPlain + i] - before);
                before = _plain[entry.FirstPlain + i];
            }
        }
        else if (entry.Kind == Packed)
        {
            into.Varint(entry.Divisor == _usual ? 0UL : (ulong)entry.Divisor);
            if (entry.Slope != 0)
            {
                into.ZigZag(entry.Slope);
            }

            _packer.Write(entry.Number, into);
        }
    }

    private void Settle(ReadOnlySpan<int> values, ReadOnlySpan<int> use, ref Entry entry)
    {
        var (least, most) = GaugeScale.Bounds(values);
        entry.Least = least;
        if (least == most)
        {
            entry.Kind = Constant;
            return;
        }

        if ((long)most - least >= GaugeScale.MostScaled)
        {
            entry.Kind = Plain;
            (entry.FirstPlain, entry.Number) = (_plain.Count, values.Length);
            _plain.AddRange(values);
            return;
        }

        entry.Kind = Packed;
        var scaled = _packer.Room(values.Length);
        if (_usual == 0 || !GaugeScale.TryScale(values, least, _usual, scaled))
        {
            entry.Divisor = GaugeScale.Divisor(values, least);
            _usual = _usual == 0 ? entry.Divisor : _usual;
            GaugeScale.TryScale(values, least, entry.Divisor, scaled);
        }
        else
        {
            entry.Divisor = _usual;
        }

        if (!use.IsEmpty && GaugeScale.Slope(scaled, use) is var slope and not 0)
        {
            entry.Slope = slope;
            for (var i = 0; i < scaled.Length; i++)
            {
                scaled[i] -= GaugeScale.Term(slope, use[i]);
            }
        }

        entry.Number = _packer.Add(values.Length);
    }

    private void AddRuns(ReadOnlySpan<int> values, int missing)
    {
        var isPresent = true;
        while (!values.IsEmpty)
        {
            var length = isPresent ? values.IndexOf(missing) : values.IndexOfAnyExcept(missing);
            length = length < 0 ? values.Length : length;
            _runs.Add(length);
            values = values[length..];
            isPresent = !isPresent;
        }
    }

    private int Gather(ReadOnlySpan<int> values, int missing, ReadOnlySpan<int> use)
    {
        if (_present.Length < values.Length)
        {
            (_present, _presentUse) = (new int[values.Length], new int[values.Length]);
        }

        var count = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] != missing)
            {
                _present[count] = values[i];
                _presentUse[count] = use.IsEmpty ? 0 : use[i];
                count++;
            }
        }

        return count;
    }

    private struct Entry
    {
        public int Kind;
        public int FirstRun;
        public int Runs;
        public int Least;
        public int Divisor;
        public long Slope;
        public int Number;
        public int FirstPlain;
    }
}
