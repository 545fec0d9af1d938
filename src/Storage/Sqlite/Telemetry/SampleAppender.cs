using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>What became of the rows of a batch.</summary>
internal record struct RowCounts(long New, long Duplicates, long Conflicts);

/// <summary>Settles a batch with what is stored and stages what changes it. Used by the writer alone.</summary>
internal sealed class SampleAppender(OpenSamplesCache open, string path)
{
    private const long CachedRows = 3_000_000;

    private readonly ChunkReader _chunks = new(path, CachedRows);
    private readonly StagedCodec _codec = new();
    private readonly SampleColumns _staging = new(4_096);
    private readonly SampleColumns _run = new(4_096);
    private readonly List<(long Device, int Rows)> _runs = [];
    private int[] _order = [];

    /// <summary>Sealed chunks have changed.</summary>
    public void Forget() => _chunks.Forget();

    public RowCounts Append(Session session, CenterState center, SampleBatch batch, long recorded)
    {
        _staging.Clear();
        _runs.Clear();
        var counts = default(RowCounts);
        var grouped = GroupedRows.Of(batch, batch.Devices.Select(device => center.Device(session, device.Id)).ToArray(), ref _order);
        var slots = new SlotNeighbors(session, center);
        foreach (var group in grouped.Groups)
        {
            var device = group.Device;
            var order = grouped.Rows(group);
            var isRising = Gather(batch, order, _run);
            if (!UtcDays.Known.Contains(_run.First) || !UtcDays.Known.Contains(_run.Last))
            {
                throw new ArgumentOutOfRangeException(nameof(batch), $"Device {device.Name} has an instant outside of years 1 to 9999.");
            }

            if (isRising && _run.First > device.Last)
            {
                counts.New += _run.Count;
                Stage(device, _run, 0, _run.Count);
            }
            else
            {
                Settle(session, center, device, isRising ? _run : InOrder(batch, order), ref counts);
            }

            Remember(session, center, device, batch, group, slots, recorded);
        }

        if (_staging.Count > 0)
        {
            session.Execute("INSERT INTO staged (center, recorded_micros, rows, data) VALUES (@1, @2, @3, @4)", center.Id, recorded, _staging.Count, _codec.Encode(_runs, _staging));
            center.StagedBatches++;
            center.StagedRows += _staging.Count;
        }

        return counts;
    }

    // Fills a column set with rows of the batch; false when their instants do not rise strictly, and then it is not in order.
    private static bool Gather(SampleBatch batch, ReadOnlySpan<int> order, SampleColumns into)
    {
        into.Clear();
        var (instants, values) = into.Fill(order.Length);
        var source = batch.Instant;
        var isRising = true;
        var before = long.MinValue;
        for (var i = 0; i < order.Length; i++)
        {
            var instant = source[order[i]];
            instants[i] = instant;
            isRising &= instant > before;
            before = instant;
        }

        foreach (var metric in TelemetryMetrics.All)
        {
            var column = values[metric.Column];
            var from = batch.Values(metric);
            for (var i = 0; i < order.Length; i++)
            {
                column[i] = from[order[i]];
            }
        }

        if (batch.Revision != 0)
        {
            foreach (var metric in TelemetryMetrics.All)
            {
                var (column, revisions) = (values[metric.Column], into.FillRevisions()[metric.Column]);
                for (var i = 0; i < order.Length; i++)
                {
                    revisions[i] = column[i] == TelemetryMetrics.Missing ? 0 : batch.Revision;
                }
            }
        }

        return isRising;
    }

    // By instant, arrival order kept; instants may repeat.
    private static SampleColumns InOrder(SampleBatch batch, ReadOnlySpan<int> order)
    {
        var keys = new (long Instant, int Place)[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            keys[i] = (batch.Instant[order[i]], i);
        }

        var rows = order.ToArray();
        Array.Sort(keys, rows);
        var sorted = new SampleColumns(rows.Length);
        Gather(batch, rows, sorted);
        return sorted;
    }

    private void Settle(Session session, CenterState center, DeviceEntry device, SampleColumns rows, ref RowCounts counts)
    {
        var known = rows.First > device.Last
            ? new SampleColumns(1)
            : new SampleReader(_chunks, open).Read(session, center.Id, device.Id, new(rows.First, rows.Last + 1));
        var settled = new SampleColumns(rows.Count);
        var changed = new List<bool>(rows.Count);
        var next = 0;
        for (var row = 0; row < rows.Count; row++)
        {
            var instant = rows.Instants[row];
            if (settled.Count == 0 || settled.Last != instant)
            {
                while (next < known.Count && known.Instants[next] < instant)
                {
                    next++;
                }

                if (next == known.Count || known.Instants[next] != instant)
                {
                    settled.AddRow(rows, row);
                    changed.Add(true);
                    counts.New++;
                    continue;
                }

                settled.AddRow(known, next);
                changed.Add(false);
            }

            changed[^1] |= Count(settled, rows, row, ref counts);
            settled.Settle(settled.Count - 1, rows, row);
        }

        var fresh = new SampleColumns(settled.Count);
        for (var row = 0; row < settled.Count; row++)
        {
            if (changed[row])
            {
                fresh.AddRow(settled, row);
            }
        }

        Stage(device, fresh, 0, fresh.Count);
    }

    // Counts a row that meets the last settled one; true when it changes it.
    private static bool Count(SampleColumns settled, SampleColumns rows, int row, ref RowCounts counts)
    {
        var last = settled.Count - 1;
        var (changes, fills, conflicts) = (false, false, false);
        for (var metric = 0; metric < SampleColumns.Metrics; metric++)
        {
            var (value, known) = (rows.Value(metric, row), settled.Value(metric, last));
            if (value != TelemetryMetrics.Missing)
            {
                fills |= known == TelemetryMetrics.Missing;
                conflicts |= known != TelemetryMetrics.Missing && known != value;
                changes |= SampleColumns.Beats(value, rows.Revision(metric, row), known, settled.Revision(metric, last));
            }
        }

        if (conflicts)
        {
            counts.Conflicts++;
        }
        else if (fills)
        {
            counts.New++;
        }
        else
        {
            counts.Duplicates++;
        }

        return changes;
    }

    private void Stage(DeviceEntry device, SampleColumns rows, int start, int end)
    {
        if (end > start)
        {
            _staging.AddRange(rows, start, end);
            _runs.Add((device.Id, end - start));
        }
    }

    // First and last sample and what was said of the device; marks as dirty what that alone changes.
    private static void Remember(Session session, CenterState center, DeviceEntry device, SampleBatch batch, DeviceRows group, SlotNeighbors slots, long recorded)
    {
        var (firstBefore, isNew) = (device.First, device.SightingRecorded is null);
        device.First = Math.Min(device.First, group.First);
        device.Last = Math.Max(device.Last, group.Last);
        var hasChanged = false;
        foreach (var (ordinal, latest) in group.Sightings)
        {
            hasChanged |= device.Hear(batch.Devices[ordinal], latest);
        }

        if (!isNew && !hasChanged && device.First == firstBefore && UtcDays.Of(device.Last) == UtcDays.Of(Math.Max(device.SightingLast, device.First)))
        {
            return;
        }

        SightingTable.Add(session, device, recorded);
        if (isNew || hasChanged || device.First < firstBefore)
        {
            // A device that the inventory does not know is placed by its sightings, from its first sample on.
            DirtyTable.Mark(session, center.Id, device.Id, new(device.First - DirtyTable.Context, device.Last + DirtyTable.Context), recorded);
            foreach (var neighbor in slots.Of(device))
            {
                DirtyTable.Mark(session, center.Id, neighbor, new(device.First - DirtyTable.Context, Instants.Never), recorded);
            }
        }
    }
}
