using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage.Columns;
using Headroom.Storage.Columns.Blocks;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>Instants and utilization of all devices, segment by segment as they are decoded; only where segments of a device overlap are they merged first.</summary>
internal sealed class UtilizationReader(OpenSamplesCache open, string path)
{
    private const long RowsAtOnce = 4_000_000;

    private readonly SampleColumns _rows = new(4_096);
    private long[] _instants = new long[4_096];
    private int[] _use = new int[4_096];

    /// <exception cref="Domain.Messages.UserException">A segment is damaged.</exception>
    public void Read(Session session, long center, Window window, UtilizationPart each, CancellationToken cancellationToken)
    {
        var within = window.Within(UtcDays.Known);
        if (within.IsEmpty)
        {
            return;
        }

        var names = UseReader.Names(session, center);
        foreach (var (first, last) in UseReader.Parts(session, center, within, names, RowsAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadPart(session, center, first, last, within, names, each);
        }
    }

    private void ReadPart(Session session, long center, long first, long last, Window within, Dictionary<long, string> names, UtilizationPart each)
    {
        var blocks = Blocks(session, center, first, last, within);
        var merged = Overlapping(blocks, first, last, within).ToDictionary(device => device, _ => new SampleColumns());
        open.Use(session, center, samples =>
        {
            foreach (var (device, unsealed) in samples.ByDevice.Where(pair => pair.Key >= first && pair.Key <= last))
            {
                merged[device] = unsealed.Slice(within.From, within.Until);
            }

            return 0;
        });
        foreach (var block in blocks)
        {
            for (var i = 0; i < block.Segments.Length; i++)
            {
                var segment = block.Segments[i];
                if (segment.Device >= first && segment.Device <= last && segment.Overlaps(within))
                {
                    Guarded(names, segment.Device, block.Day, () => Take(block, i, within, names, merged, each));
                }
            }
        }

        foreach (var (device, rows) in merged)
        {
            each(new(names[device]), rows.Instants, rows.Values(TelemetryMetrics.Utilization.Column));
        }
    }

    private void Take(BlockReader block, int i, Window within, Dictionary<long, string> names, Dictionary<long, SampleColumns> merged, UtilizationPart each)
    {
        var segment = block.Segments[i];
        if (merged.TryGetValue(segment.Device, out var known))
        {
            block.ReadUse(i, _rows);
            if (segment.Flags.HasFlag(SegmentFlags.Revisions))
            {
                block.ReadOthers(i, _rows, TelemetryMetrics.Utilization);
            }

            merged[segment.Device] = SampleColumns.Merge(known, _rows.Slice(within.From, within.Until));
            return;
        }

        if (_instants.Length < segment.Rows)
        {
            (_instants, _use) = (new long[segment.Rows], new int[segment.Rows]);
        }

        var instants = _instants.AsSpan(0, segment.Rows);
        var use = _use.AsSpan(0, segment.Rows);
        block.ReadUse(i, instants, use);
        var (from, until) = (At(instants, within.From), At(instants, within.Until));
        if (from < until)
        {
            each(new(names[segment.Device]), instants[from..until], use[from..until]);
        }
    }

    private List<BlockReader> Blocks(Session session, long center, long first, long last, Window within)
    {
        var blocks = new List<BlockReader>();
        using var reader = session.Read(
            "SELECT use, day, id FROM block WHERE center = @1 AND day BETWEEN @2 AND @3 AND first_device <= @5 AND last_device >= @4 ORDER BY day, id",
            center,
            UtcDays.Of(within.From),
            UtcDays.Of(within.Until - 1),
            first,
            last);
        while (reader.Read())
        {
            try
            {
                var block = new BlockReader(reader.GetFieldValue<byte[]>(0));
                if (block.HasRevisions)
                {
                    block.OpenOthers((byte[])session.Scalar("SELECT others FROM block WHERE id = @1", reader.GetInt64(2))!);
                }

                blocks.Add(block);
            }
            catch (DamagedException damage)
            {
                throw SqliteProblems.Damaged(path, $"block {reader.GetInt64(2)} {UtcDays.ToText(reader.GetInt32(1))}", damage.Message);
            }
        }

        return blocks;
    }

    // Devices two of whose segments share time.
    private static HashSet<long> Overlapping(List<BlockReader> blocks, long first, long last, Window within)
    {
        var overlapping = new HashSet<long>();
        var reached = new Dictionary<long, long>();
        foreach (var segment in blocks.SelectMany(block => block.Segments).Where(segment => segment.Device >= first && segment.Device <= last && segment.Overlaps(within)).OrderBy(segment => segment.First))
        {
            if (reached.TryGetValue(segment.Device, out var until) && segment.First < until)
            {
                overlapping.Add(segment.Device);
            }

            reached[segment.Device] = Math.Max(until, segment.Until);
        }

        return overlapping;
    }

    private void Guarded(Dictionary<long, string> names, long device, int day, Action read)
    {
        try
        {
            read();
        }
        catch (DamagedException damage)
        {
            throw SqliteProblems.Damaged(path, $"{names.GetValueOrDefault(device)} {UtcDays.ToText(day)}", damage.Message);
        }
    }

    private static int At(ReadOnlySpan<long> instants, long instant)
    {
        var index = instants.BinarySearch(instant);
        return index >= 0 ? index : ~index;
    }
}
