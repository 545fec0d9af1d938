namespace Headroom.Storage.Sqlite.Migrations;

/// <summary>Version 5: facts of kinds 4 to 6, allocations, counts and meters, in the table of all facts; and what samples say of a day beside its card-hours.</summary>
internal static class HeldAndMetered
{
    public static Migration Step { get; } = new(5, """
        CREATE TABLE findings (
          center INTEGER NOT NULL REFERENCES center (id),
          day INTEGER NOT NULL,
          recorded_micros INTEGER NOT NULL,
          data BLOB NOT NULL,
          UNIQUE (center, day, recorded_micros)) STRICT;
        """);
}
