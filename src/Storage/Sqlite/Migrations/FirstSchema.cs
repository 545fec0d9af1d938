namespace Headroom.Storage.Sqlite.Migrations;

/// <summary>Version 1. Every table is described in docs/storage-format.md.</summary>
internal static class FirstSchema
{
    public static Migration Step { get; } = new(1, """
        CREATE TABLE store (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          recorded_micros INTEGER NOT NULL,
          batch_micros INTEGER NOT NULL) STRICT;
        INSERT INTO store VALUES (1, -9223372036854775808, -9223372036854775808);

        CREATE TABLE center (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE,
          generation INTEGER NOT NULL DEFAULT 0,
          marked_staged INTEGER NOT NULL DEFAULT 0) STRICT;

        CREATE TABLE device (
          id INTEGER PRIMARY KEY,
          center INTEGER NOT NULL REFERENCES center (id),
          name TEXT NOT NULL,
          UNIQUE (center, name)) STRICT;

        CREATE TABLE sighting (
          device INTEGER NOT NULL REFERENCES device (id),
          recorded_micros INTEGER NOT NULL,
          first_micros INTEGER NOT NULL,
          last_micros INTEGER NOT NULL,
          host TEXT, host_micros INTEGER NOT NULL,
          slot TEXT, slot_micros INTEGER NOT NULL,
          model TEXT, model_micros INTEGER NOT NULL,
          pool TEXT, pool_micros INTEGER NOT NULL,
          PRIMARY KEY (device, recorded_micros)) STRICT, WITHOUT ROWID;

        CREATE TABLE staged (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          center INTEGER NOT NULL REFERENCES center (id),
          recorded_micros INTEGER NOT NULL,
          rows INTEGER NOT NULL,
          data BLOB NOT NULL) STRICT;
        CREATE INDEX staged_center ON staged (center, id, rows);

        CREATE TABLE block (
          id INTEGER PRIMARY KEY,
          data BLOB NOT NULL) STRICT;

        CREATE TABLE chunk (
          device INTEGER NOT NULL REFERENCES device (id),
          day INTEGER NOT NULL,
          block INTEGER NOT NULL REFERENCES block (id),
          start INTEGER NOT NULL,
          length INTEGER NOT NULL,
          rows INTEGER NOT NULL,
          PRIMARY KEY (device, day)) STRICT, WITHOUT ROWID;
        CREATE INDEX chunk_block ON chunk (block);

        CREATE TABLE fact (
          id INTEGER PRIMARY KEY,
          center INTEGER NOT NULL REFERENCES center (id),
          kind INTEGER NOT NULL,
          key TEXT NOT NULL,
          revision INTEGER NOT NULL,
          rank INTEGER NOT NULL,
          content TEXT NOT NULL,
          recorded_micros INTEGER NOT NULL) STRICT;
        CREATE INDEX fact_key ON fact (center, kind, key);

        CREATE TABLE dirty (
          center INTEGER NOT NULL REFERENCES center (id),
          device INTEGER NOT NULL,
          day INTEGER NOT NULL,
          from_micros INTEGER NOT NULL,
          until_micros INTEGER NOT NULL,
          recorded_micros INTEGER NOT NULL,
          PRIMARY KEY (center, device, day)) STRICT, WITHOUT ROWID;

        CREATE TABLE word (
          id INTEGER PRIMARY KEY,
          text TEXT NOT NULL UNIQUE) STRICT;

        CREATE TABLE card_day (
          id INTEGER PRIMARY KEY,
          center INTEGER NOT NULL REFERENCES center (id),
          day INTEGER NOT NULL,
          device INTEGER NOT NULL REFERENCES device (id),
          recorded_micros INTEGER NOT NULL,
          data BLOB NOT NULL) STRICT;
        CREATE UNIQUE INDEX card_day_key ON card_day (center, day, device, recorded_micros);

        CREATE TABLE document (
          id INTEGER PRIMARY KEY,
          kind INTEGER NOT NULL,
          name TEXT NOT NULL,
          recorded_micros INTEGER NOT NULL,
          content TEXT NOT NULL,
          UNIQUE (kind, name, recorded_micros)) STRICT;

        CREATE TABLE issued (
          center INTEGER NOT NULL REFERENCES center (id),
          key TEXT NOT NULL,
          recorded_micros INTEGER NOT NULL,
          content TEXT NOT NULL,
          UNIQUE (center, key)) STRICT;

        CREATE TABLE received (
          id INTEGER PRIMARY KEY,
          center INTEGER NOT NULL REFERENCES center (id),
          source TEXT NOT NULL,
          format TEXT NOT NULL,
          simulated INTEGER NOT NULL,
          first_micros INTEGER NOT NULL,
          recorded_micros INTEGER NOT NULL,
          received INTEGER NOT NULL,
          accepted INTEGER NOT NULL,
          duplicates INTEGER NOT NULL,
          conflicts INTEGER NOT NULL,
          rejected TEXT NOT NULL,
          growth BLOB NOT NULL) STRICT;
        CREATE INDEX received_source ON received (center, source, format);

        CREATE TABLE rejected (
          id INTEGER PRIMARY KEY,
          center INTEGER NOT NULL REFERENCES center (id),
          source TEXT NOT NULL,
          reason TEXT NOT NULL,
          recorded_micros INTEGER NOT NULL,
          place TEXT NOT NULL,
          device TEXT,
          instant_micros INTEGER,
          gauge TEXT,
          found TEXT NOT NULL) STRICT;
        CREATE INDEX rejected_source ON rejected (center, source, reason);
        """);
}
