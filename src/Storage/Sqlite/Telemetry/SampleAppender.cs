using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>What became of the rows of a batch.</summary>
internal record struct RowCounts(long New, long Duplicates, long Conflicts);

/// <summary>Settles a batch with what is stored and stages what changes it. Used by the writer alone.</summary>
internal sealed class SampleAppender(OpenSamplesCache open, string path)
{
    /// <summary>From so many rows on, and so many of each device, a batch goes straight into blocks. Unit: rows.</summary>
    private const int LargeBatch = 32_768;

    private const int LargeOfADevice = 256;

    private readonly BlockTable _blocks = new(path);
    private readonly DirectSegments _direct = new(new BlockTable(path, cachedBlocks: 0));
    private readonly StagedCodec _codec = new();
    private readonly SampleColumns _staging = new(4_096);
    private readonly SampleColumns _run = new(4_096);
    private readonly List<(long Device, int Rows)> _runs = [];
    private readonly GroupedRows _grouped = new();

    /// <summary>A transaction was rolled back: numbers of its blocks may come again.</summary>
    public void Forget() => _blocks.Forget();

    public RowCounts Append(Session session, CenterState center, SampleBatch batch, long recorded)
    {
        _staging.Clear();
        _runs.Clear();
        var counts = default(RowCounts);
        var devices = batch.Devices;
        _grouped.Group(batch, ordinal => center.Device(session, devices[ordinal].Id));
        var slots = new SlotNeighbors(session, center);
        var isLarge = batch.Count >= LargeBatch && batch.Count >= LargeOfADevice * _grouped.Groups.Length;
        _direct.Begin();
        foreach (ref readonly var group in _grouped.Groups)
        {
            var device = group.Device;
            var order = _grouped.Rows(in group);
            if (!UtcDays.Known.Contains(group.First) || !UtcDays.Known.Contains(group.Last))
            {
                throw new ArgumentOutOfRangeException(nameof(batch), $"Device {device.Name} has an instant outside of years 1 to 9999.");
            }

            if (order.Length == 1 && batch.Revision == 0 && TryStageOne(device, batch, order[0], ref counts))
            {
                Remember(session, center, batch, in group, slots, recorded, isDirect: false);
                continue;
            }

            var run = isLarge ? _direct.Lend(order.Length) : _run;
            var isRising = BatchRows.Gather(batch, order, run);
            var fresh = run;
            if (isRising && run.First > device.Last)
            {
                counts.New += run.Count;
            }
            else
            {
                fresh = Settle(session, center, device, isRising ? run : BatchRows.InOrder(batch, order), ref counts);
            }

            var isDirect = isLarge && fresh.Count >= LargeOfADevice;
            if (isDirect)
            {
                _direct.Add(session, center.Id, device.Id, fresh);
                device.ForgetLast();
            }
            else
            {
                Stage(device, fresh);
            }

            Remember(session, center, batch, in group, slots, recorded, isDirect);
        }

        if (_direct.Span.First <= _direct.Span.Last)
        {
            _direct.Flush(session, center.Id);
            DirtyTable.Mark(session, center.Id, DirtyTable.Everyone, new(_direct.Span.First - DirtyTable.Context, _direct.Span.Last + DirtyTable.Context), recorded);
        }

        if (_staging.Count > 0)
        {
            session.Execute("INSERT INTO staged (center, recorded_micros, rows, data) VALUES (@1, @2, @3, @4)", center.Id, recorded, _staging.Count, _codec.Encode(_runs, _staging));
            center.StagedBatches++;
            center.StagedRows += _staging.Count;
        }

        return counts;
    }

    // The rows that change anything, as they are once settled. What is damaged comes as if new, and so heals.
    private SampleColumns Settle(Session session, CenterState center, DeviceEntry device, SampleColumns rows, ref RowCounts counts)
    {
        var known = rows.First > device.Last
            ? new SampleColumns(1)
            : new SampleReader(_blocks, open).Read(session, center.Id, device.Id, new(rows.First, rows.Last + 1), leaveOutDamaged: true);
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

            var meeting = default(Meeting);
            for (var metric = 0; metric < SampleColumns.Metrics; metric++)
            {
                meeting.Of(rows.Value(metric, row), rows.Revision(metric, row), settled.Value(metric, settled.Count - 1), settled.Revision(metric, settled.Count - 1));
            }

            meeting.Count(ref counts);
            changed[^1] |= meeting.Changes;
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

        return fresh;
    }

    private void Stage(DeviceEntry device, SampleColumns rows)
    {
        if (rows.Count > 0)
        {
            _staging.AddRange(rows, 0, rows.Count);
            _runs.Add((device.Id, rows.Count));
            if (rows.Last >= device.Last)
            {
                device.KeepLast(rows, rows.Count - 1);
            }
        }
    }

    // Most rows of a stream are one of their device, later than all before or a further part of the latest. False: neither, or that one is not at hand.
    private bool TryStageOne(DeviceEntry device, SampleBatch batch, int row, ref RowCounts counts)
    {
        var instant = batch.Instant[row];
        var known = instant == device.Last ? device.LastValues : [];
        if (instant < device.Last || (instant == device.Last && known.IsEmpty))
        {
            return false;
        }

        var (meeting, added) = (default(Meeting), _staging.Add(instant));
        foreach (var metric in TelemetryMetrics.All)
        {
            var value = batch.Values(metric)[row];
            if (!known.IsEmpty)
            {
                meeting.Of(value, 0, known[metric.Column], 0);
                value = SampleColumns.Beats(value, 0, known[metric.Column], 0) ? value : known[metric.Column];
            }

            _staging.Set(metric.Column, added, value, revision: 0);
        }

        if (known.IsEmpty)
        {
            counts.New++;
        }
        else
        {
            meeting.Count(ref counts);
        }

        if (known.IsEmpty || meeting.Changes)
        {
            _runs.Add((device.Id, 1));
            device.KeepLast(_staging, added);
        }
        else
        {
            _staging.RemoveLast();
        }

        return true;
    }

    // First and last sample and what was said of the device; marks as dirty what that alone changes.
    // What a large batch brings straight into blocks is marked for all of its devices at once.
    private void Remember(Session session, CenterState center, SampleBatch batch, in DeviceRows group, SlotNeighbors slots, long recorded, bool isDirect)
    {
        var device = group.Device;
        var (firstBefore, isNew) = (device.First, device.SightingRecorded is null);
        device.First = Math.Min(device.First, group.First);
        device.Last = Math.Max(device.Last, group.Last);
        var hasChanged = false;
        foreach (var (ordinal, latest) in _grouped.Sightings(in group))
        {
            hasChanged |= device.Hear(batch.Devices[ordinal], latest);
        }

        if (!isNew && !hasChanged && device.First == firstBefore && UtcDays.Of(device.Last) == UtcDays.Of(Math.Max(device.SightingLast, device.First)))
        {
            if (isDirect)
            {
                SightingTable.UpdateLast(session, device);
            }

            return;
        }

        SightingTable.Add(session, device, recorded);
        if (isNew || hasChanged || device.First < firstBefore)
        {
            // A device that the inventory does not know is placed by its sightings, from its first sample on.
            if (!isDirect || !isNew)
            {
                DirtyTable.Mark(session, center.Id, device.Id, new(device.First - DirtyTable.Context, device.Last + DirtyTable.Context), recorded);
            }

            foreach (var neighbor in slots.Of(device))
            {
                DirtyTable.Mark(session, center.Id, neighbor, new(device.First - DirtyTable.Context, Instants.Never), recorded);
            }
        }
    }
}
