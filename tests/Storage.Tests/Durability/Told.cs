using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Headroom.Storage.Tests.Durability;

/// <summary>A small center whose telemetry is a formula, and what tests do to its file.</summary>
internal static class Told
{
    public static readonly CenterDefinition Center = CenterDefinition.NewDraft(new("wuhan"));
    public static readonly CardCatalog Catalog = new([]);
    public static readonly SourceNote Source = new("usage.csv", "csv", Simulated: false, Rejects: null);
    public static readonly DateOnly FirstDay = new(2026, 3, 1);
    public static readonly long Start = Center.Clock().Day(FirstDay).From;

    /// <summary>Minutes [from, until) since the start, of cards 1 to <paramref name="cards"/>, one sample a minute.</summary>
    public static SampleBatch Minutes(int from, int until, int cards = 3, int add = 0)
    {
        var batch = new SampleBatch { Revision = add == 0 ? 0 : 1 };
        for (var minute = from; minute < until; minute++)
        {
            for (var card = 1; card <= cards; card++)
            {
                var row = batch.Add(batch.Ordinal(new($"GPU-{card}", "host-1", $"{card}", "Ascend 910A", null)), Start + (minute * Micros.PerMinute));
                batch.Set(row, TelemetryMetrics.Utilization, ((minute * 7) + (card * 31) + add) % 101 * 10_000);
                batch.Set(row, TelemetryMetrics.Power, 100_000 + (minute * 13 % 997 * 100));
            }
        }

        return batch;
    }

    public static Task<SqliteStore> OpenAsync(string path, TimeProvider? clock = null, bool readOnly = false, int wait = 0) =>
        SqliteStore.OpenAsync(new() { Path = path, ReadOnly = readOnly, LockWaitSeconds = wait }, clock ?? TimeProvider.System, CancellationToken.None);

    public static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>Changes one byte of a blob.</summary>
    public static void Flip(string path, string table, string column, long row, Func<int, int> place)
    {
        using var connection = Connect(path);
        using var blob = new SqliteBlob(connection, table, column, row);
        var at = place((int)blob.Length);
        blob.Position = at;
        var found = (byte)blob.ReadByte();
        blob.Position = at;
        blob.WriteByte((byte)(found ^ 0x10));
    }
}

/// <summary>A clock that stands until it is set.</summary>
internal sealed class SetClock(long now) : TimeProvider
{
    /// <summary>Unit: microseconds since the Unix epoch.</summary>
    public long Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Instants.ToDateTime(Now);
}
