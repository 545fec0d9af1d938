using Headroom.Domain.Messages;
using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>Merges staged batches into chunks: one per device and UTC day, several of them packed in a block.</summary>
internal sealed class Sealer(OpenSamplesCache open, string path)
{
    /// <summary>A block is closed once it holds this many bytes; a longer chunk has a block of its own.</summary>
    private const int BlockBytes = 65_536;
    private const long RowsToSeal = 2_000_000;
    private const long BatchesToSeal = 20_000;

    private readonly ChunkCodec _codec = new();
    private readonly ChunkReader _chunks = new(path);

    public static bool IsDue(CenterState center) => center.StagedRows >= RowsToSeal || center.StagedBatches >= BatchesToSeal;

    /// <summary>Seals everything staged of a center. Samples of a day whose chunk is damaged stay staged.</summary>
    public void Seal(Session session, CenterState center)
    {
        DirtyTable.MarkStaged(session, center.Id, open);
        var damaged = new StagedBatch();
        var lastStaged = open.Use(session, center.Id, samples =>
        {
            var byDay = samples.Days.Keys.GroupBy(key => key.Day).OrderBy(group => group.Key);
            var names = center.Devices.ToDictionary(device => device.Id, device => device.Name);
            foreach (var day in byDay)
            {
                var devices = day.Select(key => key.Device).OrderBy(device => names[device], StringComparer.Ordinal).ToList();
                SealDay(session, day.Key, devices, samples, damaged);
            }

            return samples.LastStaged;
        });
        foreach (var device in center.Devices)
        {
            SightingTable.UpdateLast(session, device);
        }

        session.Execute("DELETE FROM staged WHERE center = @1 AND id <= @2", center.Id, lastStaged);
        session.Execute("UPDATE center SET generation = generation + 1 WHERE id = @1", center.Id);
        (center.StagedBatches, center.StagedRows) = damaged.Keep(session, center.Id);
    }

    // Blocks that hold one of the day's chunks are written anew, with their other chunks as they are.
    private void SealDay(Session session, int day, List<long> devices, OpenSamples samples, StagedBatch damaged)
    {
        var packer = new BlockPacker(session);
        var fresh = new List<(long Device, SampleColumns Rows)>();
        foreach (var device in devices)
        {
            var unsealed = samples.ByDevice[device].Slice(UtcDays.Start(day), UtcDays.Start(day + 1));
            try
            {
                fresh.Add((device, _chunks.Read(session, device, day) is { } chunk ? SampleColumns.Merge(chunk, unsealed) : unsealed));
            }
            catch (UserException damage) when (damage.Messages[0].Code == MessageCode.DatabaseDamaged)
            {
                damaged.Add(device, unsealed);
            }
        }

        packer.Open(fresh.Select(chunk => (chunk.Device, day)).ToList());
        foreach (var (device, rows) in fresh)
        {
            packer.Add(device, day, rows.Count, into => _codec.Encode(device, day, rows, into));
        }

        packer.Close();
    }

    /// <summary>Rows that could not be sealed, back in a staged batch of their own.</summary>
    private sealed class StagedBatch
    {
        private readonly List<(long Device, int Rows)> _runs = [];
        private readonly SampleColumns _rows = new();

        public void Add(long device, SampleColumns rows)
        {
            _runs.Add((device, rows.Count));
            _rows.AddRange(rows, 0, rows.Count);
        }

        public (long Batches, long Rows) Keep(Session session, long center)
        {
            if (_runs.Count == 0)
            {
                return (0, 0);
            }

            var id = session.Insert(
                "INSERT INTO staged (center, recorded_micros, rows, data) VALUES (@1, (SELECT batch_micros FROM store), @2, @3)",
                center,
                _rows.Count,
                new StagedCodec().Encode(_runs, _rows));
            session.Execute("UPDATE center SET marked_staged = @2 WHERE id = @1", center, id);
            return (1, _rows.Count);
        }
    }

    /// <summary>Packs chunks into blocks and keeps the directory of chunks.</summary>
    private sealed class BlockPacker(Session session)
    {
        private readonly ByteWriter _bytes = new(BlockBytes * 2);
        private readonly List<(long Device, int Day, int Start, int Length, long Rows)> _chunks = [];

        /// <summary>Takes apart the blocks that hold chunks about to be replaced; their other chunks go into new blocks, byte for byte.</summary>
        public void Open(List<(long Device, int Day)> replaced)
        {
            var gone = replaced.ToHashSet();
            foreach (var block in replaced.Select(key => session.Scalar("SELECT block FROM chunk WHERE device = @1 AND day = @2", key.Device, key.Day)).OfType<long>().Distinct().ToList())
            {
                var kept = new List<(long Device, int Day, int Start, int Length, long Rows)>();
                using (var reader = session.Read("SELECT device, day, start, length, rows FROM chunk WHERE block = @1 ORDER BY start", block))
                {
                    while (reader.Read())
                    {
                        kept.Add((reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt64(4)));
                    }
                }

                kept.RemoveAll(chunk => gone.Contains((chunk.Device, chunk.Day)));
                var data = kept.Count == 0 ? [] : (byte[])session.Scalar("SELECT data FROM block WHERE id = @1", block)!;
                session.Execute("DELETE FROM chunk WHERE block = @1", block);
                session.Execute("DELETE FROM block WHERE id = @1", block);
                foreach (var (device, day, start, length, rows) in kept)
                {
                    Add(device, day, rows, into =>
                    {
                        into.Bytes(data.AsSpan(start, length));
                        return length;
                    });
                }
            }
        }

        public void Add(long device, int day, long rows, Func<ByteWriter, int> write)
        {
            var start = _bytes.Length;
            _chunks.Add((device, day, start, write(_bytes), rows));
            if (_bytes.Length >= BlockBytes)
            {
                Close();
            }
        }

        public void Close()
        {
            if (_chunks.Count == 0)
            {
                return;
            }

            var block = session.Insert("INSERT INTO block (data) VALUES (@1)", _bytes.ToArray());
            foreach (var (device, day, start, length, rows) in _chunks)
            {
                session.Execute("INSERT OR REPLACE INTO chunk (device, day, block, start, length, rows) VALUES (@1, @2, @3, @4, @5, @6)", device, day, block, start, length, rows);
            }

            _chunks.Clear();
            _bytes.Clear();
        }
    }
}
