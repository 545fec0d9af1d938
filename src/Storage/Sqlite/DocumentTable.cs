using Dapper;

namespace Headroom.Storage.Sqlite;

/// <summary>Versions of documents.</summary>
internal static class DocumentTable
{
    public static bool Save(Session session, DocumentKind kind, string id, string content, TimeProvider clock)
    {
        if (List(session, kind, long.MaxValue, id).SingleOrDefault()?.Content == content)
        {
            return false;
        }

        session.Execute("INSERT INTO document (kind, name, recorded_micros, content) VALUES (@1, @2, @3, @4)", (int)kind, id, RecordedClock.NextBatch(session, clock), content);
        return true;
    }

    /// <summary>The version in force of each document of a kind, or of the one named <paramref name="id"/>, ordered by id.</summary>
    public static List<DocumentVersion> List(Session session, DocumentKind kind, long asOf, string? id = null) =>
        session.Connection.Query<DocumentVersion>(
            """
            SELECT name AS Id, content AS Content, recorded_micros AS Recorded
            FROM document d
            WHERE kind = @Kind AND (@Name IS NULL OR name = @Name)
              AND recorded_micros = (SELECT MAX(n.recorded_micros) FROM document n WHERE n.kind = d.kind AND n.name = d.name AND n.recorded_micros <= @AsOfMicros)
            ORDER BY name
            """,
            new { Kind = (int)kind, Name = id, AsOfMicros = asOf }).AsList();
}
