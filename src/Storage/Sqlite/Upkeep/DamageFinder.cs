using Headroom.Domain.Time;
using Headroom.Storage.Columns;
using Headroom.Storage.Columns.Blocks;
using Headroom.Storage.Sqlite.Telemetry;

namespace Headroom.Storage.Sqlite.Upkeep;

/// <summary>Looks for damaged samples by their checksums alone: nothing is decoded.</summary>
internal sealed class DamageFinder(Session session, long center)
{
    private readonly BlockRoom _room = new();

    /// <summary>Devices and the time of their samples that cannot be read, of samples in <paramref name="window"/>.</summary>
    public List<(long Device, Window Time)> Find(Window window, OpenSamplesCache open, CancellationToken cancellationToken)
    {
        var (within, damaged) = (window.Within(UtcDays.Known), new List<(long, Window)>());
        if (within.IsEmpty)
        {
            return damaged;
        }

        using (var reader = session.Read(
            "SELECT day, first_device, last_device, use, others FROM block WHERE center = @1 AND day BETWEEN @2 AND @3", center, UtcDays.Of(within.From), UtcDays.Of(within.Until - 1)))
        {
            while (reader.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                AddBlock(reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4), damaged);
            }
        }

        // When its samples were taken is not known of a staged batch.
        damaged.AddRange(open.Use(session, center, samples => samples.Damaged.ToList()).SelectMany(DevicesOfStaged).Select(device => (device, within)));
        return [.. damaged.Where(entry => entry.Item2.Overlaps(within))];
    }

    private void AddBlock(int day, long first, long last, byte[] use, byte[] others, List<(long, Window)> damaged)
    {
        try
        {
            var block = new BlockReader(use, _room);
            block.OpenOthers(others);
            for (var i = 0; i < block.Segments.Length; i++)
            {
                if (!block.IsSound(i))
                {
                    damaged.Add((block.Segments[i].Device, new(block.Segments[i].First, block.Segments[i].Until)));
                }
            }
        }
        catch (DamagedException)
        {
            // The head names the cards; without it, it may be any in the range.
            damaged.AddRange(Devices(first, last).Select(device => (device, new Window(UtcDays.Start(day), UtcDays.Start(day + 1)))));
        }
    }

    private List<long> Devices(long first, long last)
    {
        var devices = new List<long>();
        using var reader = session.Read("SELECT id FROM device WHERE center = @1 AND id BETWEEN @2 AND @3", center, first, last);
        while (reader.Read())
        {
            devices.Add(reader.GetInt64(0));
        }

        return devices;
    }

    private IEnumerable<long> DevicesOfStaged(long batch) =>
        session.Scalar("SELECT data FROM staged WHERE id = @1", batch) is byte[] bytes ? StagedCodec.DevicesOf(bytes).Intersect(Devices(long.MinValue, long.MaxValue)) : [];
}
