using Headroom.Domain.Accounting;
using Headroom.Domain.Telemetry;

namespace Headroom.Storage.Columns;

/// <summary>Samples of one device as columns: instants strictly rising, each value with the revision it was declared at.</summary>
/// <remarks>Not safe for two threads.</remarks>
internal sealed class SampleColumns
{
    private long[] _instants;
    private readonly int[][] _values = new int[Metrics][];
    private int[][]? _revisions;

    public SampleColumns(int capacity = 16)
    {
        _instants = new long[capacity];
        for (var metric = 0; metric < Metrics; metric++)
        {
            _values[metric] = new int[capacity];
        }
    }

    public static int Metrics { get; } = TelemetryMetrics.All.Length;

    public int Count { get; private set; }

    public ReadOnlySpan<long> Instants => _instants.AsSpan(0, Count);

    public long First => _instants[0];

    public long Last => _instants[Count - 1];

    /// <summary>False: every value was declared at revision 0.</summary>
    public bool HasRevisions => _revisions is not null;

    public ReadOnlySpan<int> Values(int metric) => _values[metric].AsSpan(0, Count);

    /// <summary>The column of one metric, to be filled.</summary>
    public Span<int> Writable(int metric) => _values[metric].AsSpan(0, Count);

    /// <summary>Revisions of one metric. Only where <see cref="HasRevisions"/>.</summary>
    public ReadOnlySpan<int> Revisions(int metric) => _revisions![metric].AsSpan(0, Count);

    public int Value(int metric, int row) => _values[metric][row];

    /// <summary>The revision a value was declared at; 0 where the value is missing.</summary>
    public int Revision(int metric, int row) => _revisions is null ? 0 : _revisions[metric][row];

    public void Clear()
    {
        Count = 0;
        _revisions = null;
    }

    /// <summary>Adds a row whose gauges are all missing; returns its index.</summary>
    public int Add(long instant)
    {
        Reserve(Count + 1);
        _instants[Count] = instant;
        foreach (var column in _values)
        {
            column[Count] = TelemetryMetrics.Missing;
        }

        return Count++;
    }

    /// <summary>Takes back the row that was added last.</summary>
    public void RemoveLast() => Count--;

    public void Set(int metric, int row, int value, int revision)
    {
        _values[metric][row] = value;
        if (revision != 0 && value != TelemetryMetrics.Missing)
        {
            _revisions ??= NewRevisions();
            _revisions[metric][row] = revision;
        }
        else if (_revisions is not null)
        {
            _revisions[metric][row] = 0;
        }
    }

    /// <summary>Room for <paramref name="count"/> rows to be filled through the returned columns.</summary>
    public (long[] Instants, int[][] Values) Fill(int count)
    {
        Count = 0;
        Reserve(count);
        Count = count;
        return (_instants, _values);
    }

    public int[][] FillRevisions() => _revisions ??= NewRevisions();

    /// <summary>Index of the first row at or after <paramref name="instant"/>.</summary>
    public int IndexAt(long instant)
    {
        var index = _instants.AsSpan(0, Count).BinarySearch(instant);
        return index >= 0 ? index : ~index;
    }

    public void AddRow(SampleColumns from, int row)
    {
        var added = Add(from._instants[row]);
        for (var metric = 0; metric < Metrics; metric++)
        {
            Set(metric, added, from._values[metric][row], from.Revision(metric, row));
        }
    }

    /// <summary>Adds rows [<paramref name="start"/>, <paramref name="end"/>) of another, all later than what is here.</summary>
    public void AddRange(SampleColumns from, int start, int end)
    {
        var count = end - start;
        if (count <= 0)
        {
            return;
        }

        if (count == 1)
        {
            AddRow(from, start);
            return;
        }

        Reserve(Count + count);
        from._instants.AsSpan(start, count).CopyTo(_instants.AsSpan(Count));
        for (var metric = 0; metric < Metrics; metric++)
        {
            from._values[metric].AsSpan(start, count).CopyTo(_values[metric].AsSpan(Count));
        }

        if (from._revisions is not null || _revisions is not null)
        {
            _revisions ??= NewRevisions();
            for (var metric = 0; metric < Metrics; metric++)
            {
                var into = _revisions[metric].AsSpan(Count, count);
                if (from._revisions is null)
                {
                    into.Clear();
                }
                else
                {
                    from._revisions[metric].AsSpan(start, count).CopyTo(into);
                }
            }
        }

        Count += count;
    }

    /// <summary>Settles a row with another of the same instant. Commutative, associative, idempotent: the order of arrival does not matter.</summary>
    /// <remarks>Per gauge: a value beats a missing one, then the higher revision, then the larger value.</remarks>
    public void Settle(int row, SampleColumns other, int otherRow)
    {
        for (var metric = 0; metric < Metrics; metric++)
        {
            var (value, revision) = (other._values[metric][otherRow], other.Revision(metric, otherRow));
            if (Beats(value, revision, _values[metric][row], Revision(metric, row)))
            {
                Set(metric, row, value, revision);
            }
        }
    }

    public static bool Beats(int value, int revision, int oldValue, int oldRevision) =>
        value != TelemetryMetrics.Missing
        && (oldValue == TelemetryMetrics.Missing || (revision, value).CompareTo((oldRevision, oldValue)) > 0);

    /// <summary>Both as one; rows of the same instant are settled. Returns <paramref name="left"/> itself where it could be extended.</summary>
    public static SampleColumns Merge(SampleColumns left, SampleColumns right)
    {
        if (left.Count == 0)
        {
            return right;
        }

        if (right.Count == 0)
        {
            return left;
        }

        if (left.Last < right.First)
        {
            left.AddRange(right, 0, right.Count);
            return left;
        }

        var merged = new SampleColumns(left.Count + right.Count);
        var (i, j) = (0, 0);
        while (i < left.Count && j < right.Count)
        {
            if (left._instants[i] < right._instants[j])
            {
                var end = left.IndexAt(right._instants[j]);
                merged.AddRange(left, i, end);
                i = end;
            }
            else if (left._instants[i] > right._instants[j])
            {
                var end = right.IndexAt(left._instants[i]);
                merged.AddRange(right, j, end);
                j = end;
            }
            else
            {
                merged.AddRow(left, i++);
                merged.Settle(merged.Count - 1, right, j++);
            }
        }

        merged.AddRange(left, i, left.Count);
        merged.AddRange(right, j, right.Count);
        return merged;
    }

    /// <summary>A copy of the rows with instants in [<paramref name="from"/>, <paramref name="until"/>).</summary>
    public SampleColumns Slice(long from, long until)
    {
        var (start, end) = (IndexAt(from), IndexAt(until));
        var slice = new SampleColumns(Math.Max(1, end - start));
        slice.AddRange(this, start, end);
        return slice;
    }

    public DeviceSamples ToDeviceSamples() => new(
        Instants.ToArray(),
        Values(TelemetryMetrics.Utilization.Column).ToArray(),
        Values(TelemetryMetrics.MemoryUsed.Column).ToArray(),
        Values(TelemetryMetrics.Power.Column).ToArray(),
        Values(TelemetryMetrics.Temperature.Column).ToArray());

    private int[][] NewRevisions()
    {
        var revisions = new int[Metrics][];
        for (var metric = 0; metric < Metrics; metric++)
        {
            revisions[metric] = new int[_instants.Length];
        }

        return revisions;
    }

    private void Reserve(int count)
    {
        if (count <= _instants.Length)
        {
            return;
        }

        var capacity = Math.Max(count, _instants.Length * 2);
        Array.Resize(ref _instants, capacity);
        for (var metric = 0; metric < Metrics; metric++)
        {
            Array.Resize(ref _values[metric], capacity);
            if (_revisions is not null)
            {
                Array.Resize(ref _revisions[metric], capacity);
            }
        }
    }
}
