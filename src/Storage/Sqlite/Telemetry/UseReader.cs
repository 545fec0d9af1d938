using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage.Columns;
using Headroom.Storage.Columns.Blocks;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>Utilization, power and temperature of all devices of a center, device after device: what accounting reads. Each block is decoded once; in memory is a part of the devices.</summary>
internal sealed class UseReader(OpenSamplesCache open)
{
    /// <summary>Devices are read together until so many rows are expected. Unit: rows.</summary>
    private const long RowsAtOnce = 250_000;

    private readonly SampleColumns _scratch = new(4_096);
    private readonly Stack<SampleColumns> _idle = [];
    private readonly BlockRoom _room = new();

    /// <remarks>A segment that is damaged is left out: its time is unknown, and verify names it.</remarks>
    /// <param name="withPower">False: power and temperature are missing.</param>
    public void Read(Session session, long center, Window window, bool withPower, Action<DeviceId, DeviceSamples> each)
    {
        var within = window.Within(UtcDays.Known);
        if (within.IsEmpty)
        {
            return;
        }

        var names = Names(session, center);
        foreach (var (first, last) in Parts(session, center, within, names))
        {
            var rows = new SortedDictionary<long, SampleColumns>();
            foreach (var (id, _) in BlockTable.Blocks(session, center, UtcDays.Of(within.From), UtcDays.Of(within.Until - 1), first, last))
            {
                Take(session, id, first, last, within, withPower, rows);
            }

            TakeOpen(session, center, first, last, within, rows);
            foreach (var (device, samples) in rows)
            {
                if (samples.Count > 0)
                {
                    each(new(names[device]), new(
                        samples.Instants.ToArray(),
                        samples.Values(TelemetryMetrics.Utilization.Column).ToArray(),
                        [],
                        samples.Values(TelemetryMetrics.Power.Column).ToArray(),
                        withPower ? samples.Values(TelemetryMetrics.Temperature.Column).ToArray() : []));
                }

                _idle.Push(samples);
            }
        }
    }

    private void Take(Session session, long id, long first, long last, Window within, bool withPower, SortedDictionary<long, SampleColumns> rows)
    {
        if (TryOpen(session, id, withPower) is not { } block)
        {
            return;
        }

        for (var i = 0; i < block.Segments.Length; i++)
        {
            var device = block.Segments[i].Device;
            if (device >= first && device <= last && block.Segments[i].Overlaps(within) && TryRead(block, i, withPower))
            {
                Add(rows, device, within);
            }
        }

        block.Release();
    }

    private bool TryRead(BlockReader block, int segment, bool withPower)
    {
        try
        {
            block.ReadUse(segment, _scratch);
            if (withPower || block.Segments[segment].Flags.HasFlag(SegmentFlags.Revisions))
            {
                block.ReadOthers(segment, _scratch, withPower ? TelemetryMetrics.Power : TelemetryMetrics.Utilization, withPower ? TelemetryMetrics.Temperature : null);
            }

            return true;
        }
        catch (DamagedException)
        {
            return false;
        }
    }

    private void Add(SortedDictionary<long, SampleColumns> rows, long device, Window within)
    {
        var (from, until) = (_scratch.IndexAt(within.From), _scratch.IndexAt(within.Until));
        if (from >= until)
        {
            return;
        }

        if (!rows.TryGetValue(device, out var known))
        {
            rows[device] = known = _idle.TryPop(out var idle) ? idle : new SampleColumns(Math.Max(until - from, 256));
            known.Clear();
        }

        if (known.Count == 0 || known.Last < _scratch.Instants[from])
        {
            known.AddRange(_scratch, from, until);
            return;
        }

        var late = new SampleColumns(until - from);
        late.AddRange(_scratch, from, until);
        rows[device] = SampleColumns.Merge(known, late);
    }

    private void TakeOpen(Session session, long center, long first, long last, Window within, SortedDictionary<long, SampleColumns> rows) =>
        open.Use(session, center, samples =>
        {
            foreach (var (device, unsealed) in samples.ByDevice)
            {
                if (device >= first && device <= last)
                {
                    var slice = unsealed.Slice(within.From, within.Until);
                    rows[device] = rows.TryGetValue(device, out var known) ? SampleColumns.Merge(known, slice) : slice;
                }
            }

            return 0;
        });

    // Null: its head is damaged.
    private BlockReader? TryOpen(Session session, long id, bool withPower)
    {
        try
        {
            return Open(session, id, withPower);
        }
        catch (DamagedException)
        {
            return null;
        }
    }

    private BlockReader Open(Session session, long id, bool withPower)
    {
        var block = new BlockReader((byte[])session.Scalar("SELECT use FROM block WHERE id = @1", id)!, _room);
        if (withPower || block.HasRevisions)
        {
            block.OpenOthers((byte[])session.Scalar("SELECT others FROM block WHERE id = @1", id)!);
        }

        return block;
    }

    // Ranges of devices, each with about as many rows as may be in memory.
    internal static List<(long First, long Last)> Parts(Session session, long center, Window within, Dictionary<long, string> names, long rowsAtOnce = RowsAtOnce)
    {
        if (names.Count == 0)
        {
            return [];
        }

        var rows = (long)(session.Scalar("SELECT COALESCE(SUM(rows), 0) FROM block WHERE center = @1 AND day BETWEEN @2 AND @3", center, UtcDays.Of(within.From), UtcDays.Of(within.Until - 1)) ?? 0L);
        var devices = names.Keys.Order().ToArray();
        var parts = (int)Math.Clamp((rows / rowsAtOnce) + 1, 1, devices.Length);
        var size = (devices.Length + parts - 1) / parts;
        return [.. devices.Chunk(size).Select(part => (part[0], part[^1]))];
    }

    internal static Dictionary<long, string> Names(Session session, long center)
    {
        var names = new Dictionary<long, string>();
        using var reader = session.Read("SELECT id, name FROM device WHERE center = @1", center);
        while (reader.Read())
        {
            names.Add(reader.GetInt64(0), reader.GetString(1));
        }

        return names;
    }
}
