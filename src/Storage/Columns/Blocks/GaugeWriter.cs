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

    /// <summary>A slope is in 1 / 2^24 scaled steps per part per million.</summary>
    public const int SlopeBits = 24;

    private const int MostScaled = 1 << 28;

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
        var (least, most) = Bounds(values);
        entry.Least = least;
        if (least == most)
        {
            entry.Kind = Constant;
            return;
        }

        if ((long)most - least >= MostScaled)
        {
            entry.Kind = Plain;
            (entry.FirstPlain, entry.Number) = (_plain.Count, values.Length);
            _plain.AddRange(values);
            return;
        }

        entry.Kind = Packed;
        var scaled = _packer.Room(values.Length);
        if (_usual == 0 || !TryScale(values, least, _usual, scaled))
        {
            entry.Divisor = Divisor(values, least);
            _usual = _usual == 0 ? entry.Divisor : _usual;
            TryScale(values, least, entry.Divisor, scaled);
        }
        else
        {
            entry.Divisor = _usual;
        }

        if (!use.IsEmpty && Slope(scaled, use) is var slope and not 0)
        {
            entry.Slope = slope;
            for (var i = 0; i < scaled.Length; i++)
            {
                scaled[i] -= Term(slope, use[i]);
            }
        }

        entry.Number = _packer.Add(values.Length);
    }

    /// <summary>What a gauge owes to utilization, in scaled steps; nothing where utilization is missing.</summary>
    public static int Term(long slope, int usePpm) => usePpm < 0 ? 0 : (int)((slope * usePpm) >> SlopeBits);

    // The slope of a straight line through (utilization, gauge), 0 where following it does not make neighbors more alike.
    private static long Slope(ReadOnlySpan<int> scaled, ReadOnlySpan<int> use)
    {
        var (n, sumUse, sumGauge, squares, products) = (0L, 0.0, 0.0, 0.0, 0.0);
        var step = Math.Max(1, scaled.Length / 2_048);
        for (var i = 0; i < scaled.Length; i += step)
        {
            double x = use[i];
            if (x >= 0)
            {
                n++;
                sumUse += x;
                sumGauge += scaled[i];
                squares += x * x;
                products += x * scaled[i];
            }
        }

        var spread = (n * squares) - (sumUse * sumUse);
        if (n < 16 || spread <= 0)
        {
            return 0;
        }

        var slope = (long)Math.Round(((n * products) - (sumUse * sumGauge)) / spread * (1L << SlopeBits));
        if (slope == 0 || Math.Abs(slope) > 1L << 36)
        {
            return 0;
        }

        var (without, with) = (0L, 0L);
        for (var i = 1; i < scaled.Length; i += step)
        {
            var change = (long)scaled[i] - scaled[i - 1];
            without += Math.Abs(change);
            with += Math.Abs(change - (Term(slope, use[i]) - Term(slope, use[i - 1])));
        }

        return with * 32 < without * 31 && Math.Abs(slope >> 4) * 1_000_000 >> (SlopeBits - 4) < MostScaled ? slope : 0;
    }

    private static (int Least, int Most) Bounds(ReadOnlySpan<int> values)
    {
        var (least, most) = (int.MaxValue, int.MinValue);
        var i = 0;
        if (values.Length >= 2 * System.Numerics.Vector<int>.Count)
        {
            var lows = new System.Numerics.Vector<int>(values);
            var highs = lows;
            for (; i + System.Numerics.Vector<int>.Count <= values.Length; i += System.Numerics.Vector<int>.Count)
            {
                var next = new System.Numerics.Vector<int>(values[i..]);
                (lows, highs) = (System.Numerics.Vector.Min(lows, next), System.Numerics.Vector.Max(highs, next));
            }

            for (var lane = 0; lane < System.Numerics.Vector<int>.Count; lane++)
            {
                (least, most) = (Math.Min(least, lows[lane]), Math.Max(most, highs[lane]));
            }
        }

        for (; i < values.Length; i++)
        {
            (least, most) = (Math.Min(least, values[i]), Math.Max(most, values[i]));
        }

        return (least, most);
    }

    // A product with the reciprocal, made exact: the quotient of a multiple below 2^31 is right to far less than one half.
    private static bool TryScale(ReadOnlySpan<int> values, int least, int divisor, Span<int> scaled)
    {
        var rest = 0;
        if (divisor == 1)
        {
            for (var i = 0; i < values.Length; i++)
            {
                scaled[i] = values[i] - least;
            }

            return true;
        }

        var reciprocal = 1.0 / divisor;
        for (var i = 0; i < values.Length; i++)
        {
            var distance = values[i] - least;
            var quotient = (int)((distance * reciprocal) + 0.5);
            scaled[i] = quotient;
            rest |= (quotient * divisor) ^ distance;
        }

        return rest == 0;
    }

    private static int Divisor(ReadOnlySpan<int> values, int least)
    {
        var divisor = 0;
        foreach (var value in values)
        {
            var (left, right) = (value - least, divisor);
            while (right != 0)
            {
                (left, right) = (right, left % right);
            }

            divisor = left;
            if (divisor == 1)
            {
                break;
            }
        }

        return divisor;
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
