namespace Headroom.Storage.Sqlite;

/// <summary>What was issued and is kept as it was: forecasts, reports.</summary>
internal static class IssuedTable
{
    /// <returns>False: the key is taken, and what is there stays.</returns>
    public static bool Keep(Session session, long center, string key, string content, TimeProvider clock) =>
        session.Scalar("SELECT 1 FROM issued WHERE center = @1 AND key = @2", center, key) is null
        && session.Execute("INSERT INTO issued (center, key, recorded_micros, content) VALUES (@1, @2, @3, @4)", center, key, RecordedClock.Next(session, clock), content) == 1;

    /// <summary>Null: not issued by then.</summary>
    public static string? Find(Session session, long center, string key, long asOf) =>
        (string?)session.Scalar("SELECT content FROM issued WHERE center = @1 AND key = @2 AND recorded_micros <= @3", center, key, asOf);

    public static List<IssuedNote> List(Session session, long center, string prefix, long asOf)
    {
        var notes = new List<IssuedNote>();
        using var rows = session.Read(
            "SELECT key, recorded_micros FROM issued WHERE center = @1 AND key >= @2 AND substr(key, 1, length(@2)) = @2 AND recorded_micros <= @3 ORDER BY key", center, prefix, asOf);
        while (rows.Read())
        {
            notes.Add(new(rows.GetString(0), rows.GetInt64(1)));
        }

        return notes;
    }
}
