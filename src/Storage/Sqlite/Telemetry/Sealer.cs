using Headroom.Storage.Columns;
using Headroom.Storage.Columns.Blocks;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>Packs staged batches into blocks. Where a device and day has come to many short segments, they become one.</summary>
internal sealed class Sealer(OpenSamplesCache open, string path)
{
    private const long RowsToSeal = 1_000_000;
    private const long BatchesToSeal = 20_000;

    /// <summary>More segments than this of a device and day are joined, unless they are long.</summary>
    private const int MostSegments = 8;

    private const int LongSegment = 2_048;

    private readonly BlockTable _blocks = new(path, cachedBlocks: 0);

    public static bool IsDue(CenterState center) => center.StagedRows >= RowsToSeal || center.StagedBatches >= BatchesToSeal;

    /// <summary>Seals everything staged of a center.</summary>
    public void Seal(Session session, CenterState center)
    {
        DirtyTable.MarkStaged(session, center.Id, open);
        open.Use(session, center.Id, samples =>
        {
            // First, so that their pages are used again at once.
            session.Execute(
                "DELETE FROM staged WHERE center = @1 AND id <= @2 AND id NOT IN (SELECT value FROM json_each(@3))",
                center.Id,
                samples.LastStaged,
                $"[{string.Join(',', samples.Damaged)}]");
            foreach (var day in samples.Days.Keys.GroupBy(key => key.Day).OrderBy(group => group.Key))
            {
                SealDay(session, center.Id, day.Key, [.. day.Select(key => key.Device).Order()], samples);
            }

            return 0;
        });
        foreach (var device in center.Devices)
        {
            SightingTable.UpdateLast(session, device);
            device.ForgetLast();
        }

        session.Execute("UPDATE center SET generation = generation + 1 WHERE id = @1", center.Id);
        (center.StagedBatches, center.StagedRows) = (0, 0);
    }

    private void SealDay(Session session, long center, int day, long[] devices, OpenSamples samples)
    {
        var fresh = new Dictionary<long, SampleColumns>();
        foreach (var device in devices)
        {
            fresh.Add(device, samples.ByDevice[device].Slice(UtcDays.Start(day), UtcDays.Start(day + 1)));
        }

        Join(session, center, day, fresh);
        _blocks.Add(session, center, day, [.. fresh.OrderBy(pair => pair.Key).Select(pair => new Segment(pair.Key, pair.Value, 0, pair.Value.Count))]);
    }

    // Takes blocks out whose devices have many short segments there, and adds their rows to the fresh ones. A damaged block stays as it is.
    private void Join(Session session, long center, int day, Dictionary<long, SampleColumns> fresh)
    {
        var blocks = new List<(long Id, BlockReader Block)>();
        var segments = new Dictionary<long, (int Count, long Rows)>();
        foreach (var (id, _) in BlockTable.Blocks(session, center, day, day, fresh.Keys.Min(), fresh.Keys.Max()))
        {
            try
            {
                var block = _blocks.Open(session, id);
                blocks.Add((id, block));
                foreach (var segment in block.Segments)
                {
                    var (count, rows) = segments.GetValueOrDefault(segment.Device);
                    segments[segment.Device] = (count + 1, rows + segment.Rows);
                }
            }
            catch (DamagedException)
            {
                // Verify and every reader of its devices name it.
            }
        }

        var many = fresh.Keys.Where(device => segments.TryGetValue(device, out var known) && known.Count >= MostSegments && known.Rows < known.Count * (long)LongSegment).ToHashSet();
        foreach (var (id, block) in blocks.Where(entry => entry.Block.Segments.Any(segment => many.Contains(segment.Device))))
        {
            if (TryDecode(block) is { } decoded)
            {
                foreach (var (device, rows) in decoded)
                {
                    fresh[device] = fresh.TryGetValue(device, out var known) ? SampleColumns.Merge(rows, known) : rows;
                }

                BlockTable.Remove(session, id);
            }
        }
    }

    private static List<(long Device, SampleColumns Rows)>? TryDecode(BlockReader block)
    {
        try
        {
            return [.. block.Segments.Select((segment, i) => (segment.Device, BlockTable.Decode(block, i)))];
        }
        catch (DamagedException)
        {
            return null;
        }
    }
}
