using System.Runtime.InteropServices;
using Headroom.Domain.Devices;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage.Columns;
using Headroom.Storage.Columns.Blocks;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>Instants and utilization of all devices, day after day, segment by segment as they are decoded; only where segments of a device overlap are they merged first.</summary>
/// <remarks>In memory are the compressed bytes of one day. Not safe for two threads.</remarks>
internal sealed class UtilizationReader(OpenSamplesCache open, string path)
{
    private readonly BlockRoom _room = new();
    private readonly SampleColumns _rows = new(4_096);
    private readonly Dictionary<long, SampleColumns> _merged = [];
    private readonly List<int> _wanted = [];

    /// <exception cref="Domain.Messages.UserException">A segment is damaged.</exception>
    public void Read(Session session, long center, Window window, UtilizationPart each, CancellationToken cancellationToken)
    {
        var within = window.Within(UtcDays.Known);
        if (within.IsEmpty)
        {
            return;
        }

        var names = UseReader.Names(session, center).ToDictionary(pair => pair.Key, pair => new DeviceId(pair.Value));
        foreach (var day in Days(session, center, within))
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadDay(session, center, day, within.Within(new(UtcDays.Start(day), UtcDays.Start(day + 1))), names, each);
        }
    }

    // Days with sealed or open samples, oldest first.
    private SortedSet<int> Days(Session session, long center, Window within)
    {
        var (first, last) = (UtcDays.Of(within.From), UtcDays.Of(within.Until - 1));
        var days = new SortedSet<int>();
        using (var reader = session.Read("SELECT DISTINCT day FROM block WHERE center = @1 AND day BETWEEN @2 AND @3", center, first, last))
        {
            while (reader.Read())
            {
                days.Add(reader.GetInt32(0));
            }
        }

        open.Use(session, center, samples =>
        {
            days.UnionWith(samples.Days.Keys.Select(key => key.Day).Where(day => day >= first && day <= last));
            return 0;
        });
        return days;
    }

    private void ReadDay(Session session, long center, int day, Window within, Dictionary<long, DeviceId> names, UtilizationPart each)
    {
        var blocks = Blocks(session, center, day);
        _merged.Clear();
        foreach (var device in Overlapping(blocks, within))
        {
            _merged.Add(device, new());
        }

        open.Use(session, center, samples =>
        {
            foreach (var (device, _) in samples.Days.Keys.Where(key => key.Day == day))
            {
                _merged[device] = samples.ByDevice[device].Slice(within.From, within.Until);
            }

            return 0;
        });
        foreach (var block in blocks)
        {
            try
            {
                ReadBlock(block, within, names, each);
            }
            catch (DamagedException damage)
            {
                throw SqliteProblems.Damaged(path, $"{names[FirstDamaged(block)]} {UtcDays.ToText(day)}", damage.Message);
            }

            block.Release();
        }

        foreach (var (device, rows) in _merged)
        {
            each(names[device], rows.Instants, rows.Values(TelemetryMetrics.Utilization.Column));
        }
    }

    private void ReadBlock(BlockReader block, Window within, Dictionary<long, DeviceId> names, UtilizationPart each)
    {
        _wanted.Clear();
        for (var i = 0; i < block.Segments.Length; i++)
        {
            if (!block.Segments[i].Overlaps(within))
            {
                continue;
            }

            if (_merged.TryGetValue(block.Segments[i].Device, out var known))
            {
                Merge(block, i, within, known);
            }
            else
            {
                _wanted.Add(i);
            }
        }

        block.ReadUtilization(CollectionsMarshal.AsSpan(_wanted), (i, use) =>
        {
            var instants = block.Instants(i);
            var (from, until) = (At(instants, within.From), At(instants, within.Until));
            if (from < until)
            {
                each(names[block.Segments[i].Device], instants[from..until], use[from..until]);
            }
        });
    }

    private long FirstDamaged(BlockReader block)
    {
        for (var i = 0; i < block.Segments.Length; i++)
        {
            try
            {
                block.ReadUse(i, _rows);
            }
            catch (DamagedException)
            {
                return block.Segments[i].Device;
            }
        }

        return block.Segments[0].Device;
    }

    private void Merge(BlockReader block, int i, Window within, SampleColumns known)
    {
        block.ReadUse(i, _rows);
        if (block.Segments[i].Flags.HasFlag(SegmentFlags.Revisions))
        {
            block.ReadOthers(i, _rows, TelemetryMetrics.Utilization);
        }

        _merged[block.Segments[i].Device] = SampleColumns.Merge(known, _rows.Slice(within.From, within.Until));
    }

    private List<BlockReader> Blocks(Session session, long center, int day)
    {
        var blocks = new List<BlockReader>();
        using var reader = session.Read("SELECT use, id FROM block WHERE center = @1 AND day = @2 ORDER BY id", center, day);
        while (reader.Read())
        {
            try
            {
                var block = new BlockReader(reader.GetFieldValue<byte[]>(0), _room);
                if (block.HasRevisions)
                {
                    block.OpenOthers((byte[])session.Scalar("SELECT others FROM block WHERE id = @1", reader.GetInt64(1))!);
                }

                blocks.Add(block);
            }
            catch (DamagedException damage)
            {
                throw SqliteProblems.Damaged(path, $"block {reader.GetInt64(1)} {UtcDays.ToText(day)}", damage.Message);
            }
        }

        return blocks;
    }

    // Devices two of whose segments share time.
    private static HashSet<long> Overlapping(List<BlockReader> blocks, Window within)
    {
        var overlapping = new HashSet<long>();
        var reached = new Dictionary<long, long>();
        foreach (var segment in blocks.SelectMany(block => block.Segments).Where(segment => segment.Overlaps(within)).OrderBy(segment => segment.First))
        {
            if (reached.TryGetValue(segment.Device, out var until) && segment.First < until)
            {
                overlapping.Add(segment.Device);
            }

            reached[segment.Device] = Math.Max(until, segment.Until);
        }

        return overlapping;
    }

    private static int At(ReadOnlySpan<long> instants, long instant)
    {
        var index = instants.BinarySearch(instant);
        return index >= 0 ? index : ~index;
    }
}
