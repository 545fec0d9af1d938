namespace Headroom.Storage.Sqlite.Migrations;

/// <summary>Version 4: what retention has taken. One small table, since each has a page at least.</summary>
internal static class LapsedTime
{
    public static Migration Step { get; } = new(4, """
        CREATE TABLE lapse (
          id INTEGER PRIMARY KEY,
          center INTEGER NOT NULL REFERENCES center (id),
          kind INTEGER NOT NULL,
          device INTEGER NOT NULL,
          from_micros INTEGER NOT NULL,
          until_micros INTEGER NOT NULL,
          recorded_micros INTEGER NOT NULL) STRICT;
        """);
}
