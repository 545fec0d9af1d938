namespace Headroom.Storage.Sqlite.Migrations;

/// <summary>Version 7: facts of kind 7, what a person settled of cards; when a device was seen on which host, of devices with several; and how late samples were received.</summary>
internal static class SettledCards
{
    public static Migration Step { get; } = new(7, """
        CREATE TABLE seen_on (
          device INTEGER NOT NULL REFERENCES device (id),
          host TEXT NOT NULL,
          recorded_micros INTEGER NOT NULL,
          first_micros INTEGER NOT NULL,
          last_micros INTEGER NOT NULL,
          PRIMARY KEY (device, host, recorded_micros)) STRICT, WITHOUT ROWID;

        ALTER TABLE received ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE received ADD COLUMN lag_micros INTEGER;
        """);
}
