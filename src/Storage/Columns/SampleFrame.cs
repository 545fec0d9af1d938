using System.Runtime.CompilerServices;
using Headroom.Domain.Telemetry;

namespace Headroom.Storage.Columns;

/// <summary>The columns of samples as bytes: instants, one column per gauge that says anything, revisions where any is not 0.</summary>
/// <remarks>Layout: docs/storage-format.md, "A frame". A reader skips columns it does not know. Not safe for two threads.</remarks>
internal sealed class SampleFrame
{
    private const int InstantColumn = 0;
    private const int FirstMetricColumn = 1;
    private const int FirstRevisionColumn = 64;

    private readonly ByteWriter _column = new();
    private long[] _values = new long[4_096];
    private ulong[] _scratch = new ulong[4_096];
    private int[] _numbers = new int[4_096];

    public void Encode(SampleColumns rows, ByteWriter into)
    {
        Reserve(rows.Count);
        BeginColumn(InstantColumn, into);
        ColumnCodec.Encode(rows.Instants, _scratch, _column);
        EndColumn(into);
        for (var metric = 0; metric < SampleColumns.Metrics; metric++)
        {
            EncodeValues(rows.Values(metric), FirstMetricColumn + metric, into);
        }

        if (rows.HasRevisions)
        {
            for (var metric = 0; metric < SampleColumns.Metrics; metric++)
            {
                if (rows.Revisions(metric).ContainsAnyExcept(0))
                {
                    EncodeValues(rows.Revisions(metric), FirstRevisionColumn + metric, into);
                }
            }
        }
    }

    /// <summary>Reads columns to the end into <paramref name="rows"/>, which is emptied before.</summary>
    /// <exception cref="DamagedException">The bytes are no frame of as many rows.</exception>
    public void Decode(ref ByteReader reader, int count, SampleColumns rows)
    {
        Reserve(count);
        rows.Clear();
        var (instants, values) = rows.Fill(count);
        foreach (var column in values)
        {
            column.AsSpan(0, count).Fill(TelemetryMetrics.Missing);
        }

        var hasInstants = count == 0;
        while (!reader.AtEnd)
        {
            var id = reader.Count();
            var bytes = reader.Bytes(reader.Count());
            if (id == InstantColumn)
            {
                ColumnCodec.Decode(bytes, instants.AsSpan(0, count));
                hasInstants = true;
            }
            else if (id - FirstMetricColumn < SampleColumns.Metrics)
            {
                DecodeValues(bytes, values[id - FirstMetricColumn].AsSpan(0, count));
            }
            else if (id >= FirstRevisionColumn && id - FirstRevisionColumn < SampleColumns.Metrics)
            {
                DecodeValues(bytes, rows.FillRevisions()[id - FirstRevisionColumn].AsSpan(0, count));
            }
        }

        if (!hasInstants)
        {
            throw new DamagedException("no column of instants");
        }
    }

    // Runs of present and missing values in turn, then the present ones; all missing is no column at all.
    private void EncodeValues(ReadOnlySpan<int> values, int id, ByteWriter into)
    {
        if (!values.ContainsAnyExcept(TelemetryMetrics.Missing))
        {
            return;
        }

        BeginColumn(id, into);
        var present = 0;
        if (!values.Contains(TelemetryMetrics.Missing))
        {
            _column.Varint(0UL);
            present = values.Length;
            Widen(values, _values);
        }
        else
        {
            WriteRuns(values);
            foreach (var value in values)
            {
                if (value != TelemetryMetrics.Missing)
                {
                    _values[present++] = value;
                }
            }
        }

        ColumnCodec.Encode(_values.AsSpan(0, present), _scratch, _column);
        EndColumn(into);
    }

    private void WriteRuns(ReadOnlySpan<int> values)
    {
        var runs = 0;
        var isPresent = true;
        for (var start = 0; start < values.Length; runs++)
        {
            var rest = values[start..];
            var length = isPresent ? rest.IndexOf(TelemetryMetrics.Missing) : rest.IndexOfAnyExcept(TelemetryMetrics.Missing);
            _numbers[runs] = length < 0 ? rest.Length : length;
            start += _numbers[runs];
            isPresent = !isPresent;
        }

        _column.Varint((ulong)runs);
        foreach (var length in _numbers.AsSpan(0, runs))
        {
            _column.Varint((ulong)length);
        }
    }

    private void DecodeValues(ReadOnlySpan<byte> bytes, Span<int> values)
    {
        var reader = new ByteReader(bytes);
        var runs = reader.Count(values.Length + 1);
        if (runs == 0)
        {
            ColumnCodec.Decode(bytes[reader.Position..], _values.AsSpan(0, values.Length));
            Narrow(_values, values);
            return;
        }

        var present = 0;
        var total = 0L;
        for (var run = 0; run < runs; run++)
        {
            _numbers[run] = reader.Count(values.Length);
            present += (run & 1) == 0 ? _numbers[run] : 0;
            total += _numbers[run];
        }

        if (total != values.Length)
        {
            throw new DamagedException("runs of missing values do not add up");
        }

        ColumnCodec.Decode(bytes[reader.Position..], _values.AsSpan(0, present));
        var (row, next) = (0, 0);
        for (var run = 0; run < runs; run++)
        {
            var target = values.Slice(row, _numbers[run]);
            row += target.Length;
            if ((run & 1) == 0)
            {
                Narrow(_values.AsSpan(next, target.Length), target);
                next += target.Length;
            }
            else
            {
                target.Fill(TelemetryMetrics.Missing);
            }
        }
    }

    private static void Widen(ReadOnlySpan<int> values, Span<long> into)
    {
        for (var i = 0; i < values.Length; i++)
        {
            into[i] = values[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Narrow(ReadOnlySpan<long> values, Span<int> into)
    {
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = (int)values[i];
        }
    }

    private void BeginColumn(int id, ByteWriter into)
    {
        into.Varint((ulong)id);
        _column.Clear();
    }

    private void EndColumn(ByteWriter into)
    {
        into.Varint((ulong)_column.Length);
        into.Bytes(_column.Written);
    }

    private void Reserve(int count)
    {
        if (_values.Length < count)
        {
            var capacity = Math.Max(count, _values.Length * 2);
            (_values, _scratch) = (new long[capacity], new ulong[capacity]);
        }

        if (_numbers.Length < _values.Length + 1)
        {
            _numbers = new int[_values.Length + 1];
        }
    }
}
