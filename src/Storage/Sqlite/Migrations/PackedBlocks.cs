using Headroom.Domain.Time;
using Headroom.Storage.Columns;
using Headroom.Storage.Columns.Blocks;
using Headroom.Storage.Sqlite.CardDays;
using Headroom.Storage.Sqlite.Telemetry;

namespace Headroom.Storage.Sqlite.Migrations;

/// <summary>Version 3: samples in blocks that share tables, card-days of a day in one pack, roll-ups. Chunks of version 1 are packed anew; card-days are computed again.</summary>
internal static class PackedBlocks
{
    public static Migration Step { get; } = new(
        3,
        """
        ALTER TABLE block RENAME TO old_block;

        CREATE TABLE block (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          center INTEGER NOT NULL REFERENCES center (id),
          day INTEGER NOT NULL,
          first_device INTEGER NOT NULL,
          last_device INTEGER NOT NULL,
          rows INTEGER NOT NULL,
          use BLOB NOT NULL,
          others BLOB NOT NULL) STRICT;
        CREATE INDEX block_day ON block (center, day, first_device, last_device);

        CREATE TABLE card_pack (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          center INTEGER NOT NULL REFERENCES center (id),
          day INTEGER NOT NULL,
          recorded_micros INTEGER NOT NULL,
          data BLOB NOT NULL) STRICT;
        CREATE INDEX card_pack_day ON card_pack (center, day, recorded_micros);

        CREATE TABLE rollup (
          center INTEGER NOT NULL REFERENCES center (id),
          scope INTEGER NOT NULL,
          grain INTEGER NOT NULL,
          day INTEGER NOT NULL,
          recorded_micros INTEGER NOT NULL,
          data BLOB NOT NULL) STRICT;
        CREATE UNIQUE INDEX rollup_key ON rollup (center, scope, grain, day, recorded_micros);
        """,
        Then);

    private static void Then(Session session)
    {
        var days = new List<(long Center, int Day)>();
        using (var reader = session.Read("SELECT DISTINCT d.center, c.day FROM chunk c JOIN device d ON d.id = c.device ORDER BY d.center, c.day"))
        {
            while (reader.Read())
            {
                days.Add((reader.GetInt64(0), reader.GetInt32(1)));
            }
        }

        var blocks = new BlockTable("", cachedBlocks: 0);
        foreach (var (center, day) in days)
        {
            Repack(session, blocks, center, day);
        }

        CardPacks.Migrate(session);
        session.Execute(
            """
            INSERT OR REPLACE INTO dirty (center, device, day, from_micros, until_micros, recorded_micros)
            SELECT id, @1, @2, @3, @4, (SELECT batch_micros FROM store) FROM center
            """,
            DirtyTable.Everyone,
            UtcDays.Of(UtcDays.Known.From),
            long.MinValue,
            Instants.Never);
        session.Execute("DROP TABLE chunk");
        session.Execute("DROP TABLE old_block");
        session.Execute("DROP TABLE card_day");
    }

    // A chunk that is damaged stays where it is lost: what cannot be read cannot be packed anew.
    private static void Repack(Session session, BlockTable blocks, long center, int day)
    {
        var (codec, segments, rows) = (new ChunkCodec(), new List<Segment>(), 0L);
        using (var reader = session.Read(
            """
            SELECT c.device, substr(b.data, c.start + 1, c.length)
            FROM chunk c JOIN device d ON d.id = c.device JOIN old_block b ON b.id = c.block
            WHERE d.center = @1 AND c.day = @2 ORDER BY c.device
            """,
            center,
            day))
        {
            while (reader.Read())
            {
                var columns = new SampleColumns();
                codec.Decode(reader.GetFieldValue<byte[]>(1), reader.GetInt64(0), day, columns);
                segments.Add(new(reader.GetInt64(0), columns, 0, columns.Count));
                rows += columns.Count;
                if (rows >= 1_000_000)
                {
                    blocks.Add(session, center, day, segments);
                    segments.Clear();
                    rows = 0;
                }
            }
        }

        blocks.Add(session, center, day, segments);
    }
}
