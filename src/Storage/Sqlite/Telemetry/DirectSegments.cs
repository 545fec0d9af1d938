using Headroom.Storage.Columns;
using Headroom.Storage.Columns.Blocks;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>Rows of a large batch on their way straight into blocks, day by day, without a stay among staged batches.</summary>
internal sealed class DirectSegments(BlockTable blocks)
{
    /// <summary>Rows of more days than these do not wait until their blocks are full.</summary>
    private const int MostDaysAtOnce = 8;

    private readonly SortedDictionary<int, List<Segment>> _days = [];
    private readonly Dictionary<int, long> _rows = [];
    private readonly List<SampleColumns> _lent = [];
    private readonly Stack<SampleColumns> _idle = [];
    private long _pending;

    /// <summary>Earliest and latest instant since <see cref="Begin"/>.</summary>
    public (long First, long Last) Span { get; private set; }

    public void Begin()
    {
        Span = (long.MaxValue, long.MinValue);
        foreach (var rows in _lent)
        {
            _idle.Push(rows);
        }

        _lent.Clear();
        _days.Clear();
        _rows.Clear();
        _pending = 0;
    }

    /// <summary>Rows to be filled and then given to <see cref="Add"/>.</summary>
    public SampleColumns Lend(int count)
    {
        var rows = _idle.TryPop(out var idle) ? idle : new SampleColumns(count + (count / 4));
        rows.Clear();
        _lent.Add(rows);
        return rows;
    }

    /// <summary>Takes rows of one device, oldest first; devices come in rising order.</summary>
    public void Add(Session session, long center, long device, SampleColumns rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        Span = (Math.Min(Span.First, rows.First), Math.Max(Span.Last, rows.Last));
        for (var start = 0; start < rows.Count;)
        {
            var day = UtcDays.Of(rows.Instants[start]);
            var end = rows.IndexAt(UtcDays.Start(day + 1));
            if (!_days.TryGetValue(day, out var segments))
            {
                _days[day] = segments = [];
            }

            segments.Add(new(device, rows, start, end));
            _rows[day] = _rows.GetValueOrDefault(day) + end - start;
            start = end;
        }

        _pending += rows.Count;
        if (_pending >= Math.Min(_days.Count, MostDaysAtOnce) * BlockTable.RowsPerBlock)
        {
            Flush(session, center);
        }
    }

    /// <summary>Writes what is pending.</summary>
    public void Flush(Session session, long center)
    {
        foreach (var (day, segments) in _days)
        {
            blocks.Add(session, center, day, segments);
        }

        var span = Span;
        Begin();
        Span = span;
    }
}
