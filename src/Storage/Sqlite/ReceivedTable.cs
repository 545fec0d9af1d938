using System.Collections.Immutable;
using System.Globalization;
using Dapper;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage.Sqlite.Telemetry;

namespace Headroom.Storage.Sqlite;

/// <summary>What was received, and the rejected rows kept as examples.</summary>
/// <remarks>Appends of one source without rejects, duplicates or conflicts share a row for an hour, so that a scrape every few seconds does not fill the table.</remarks>
internal static class ReceivedTable
{
    public static void Add(Session session, long center, SourceNote note, long rows, RowCounts counts, long recorded)
    {
        var accepted = note.Rejects?.Accepted ?? rows;
        var received = note.Rejects?.Received ?? rows;
        var isPlain = received == accepted && counts is { Duplicates: 0, Conflicts: 0 };
        if (!isPlain || !Extend(session, center, note, received, recorded))
        {
            session.Execute(
                """
                INSERT INTO received (center, source, format, simulated, first_micros, recorded_micros, received, accepted, duplicates, conflicts, rejected)
                VALUES (@1, @2, @3, @4, @5, @5, @6, @7, @8, @9, @10)
                """,
                center,
                note.Source,
                note.Format,
                note.Simulated ? 1 : 0,
                recorded,
                received,
                accepted,
                counts.Duplicates,
                counts.Conflicts,
                ToText(note.Rejects));
        }

        foreach (var row in note.Rejects?.Rows ?? [])
        {
            Keep(session, center, note.Source, row, recorded);
        }
    }

    public static IReadOnlyList<ReceivedNote> Read(Session session, long center, long asOf)
    {
        var notes = new List<ReceivedNote>();
        using var reader = session.Read(
            """
            SELECT source, format, simulated, recorded_micros, received, accepted, rejected, duplicates, conflicts
            FROM received WHERE center = @1 AND first_micros <= @2 ORDER BY first_micros, id
            """,
            center,
            asOf);
        while (reader.Read())
        {
            notes.Add(new(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetInt64(2) != 0,
                reader.GetInt64(3),
                reader.GetInt64(4),
                reader.GetInt64(5),
                FromText(reader.GetString(6)),
                reader.GetInt64(7),
                reader.GetInt64(8)));
        }

        return notes;
    }

    public static IReadOnlyList<RejectedRow> ReadRejected(Session session, long center, long asOf, int atMost) =>
        [.. session.Connection.Query<(string Place, string? Device, long? Instant, string? Column, string Found, string Reason)>(
            "SELECT place, device, instant_micros, gauge, found, reason FROM rejected WHERE center = @Center AND recorded_micros <= @AsOf ORDER BY id DESC LIMIT @AtMost",
            new { Center = center, AsOf = asOf, AtMost = atMost })
            .Select(row => new RejectedRow(row.Place, row.Device, row.Instant, row.Column, row.Found, Enum.Parse<RejectReason>(row.Reason)))];

    /// <summary>Whether anything recorded by <paramref name="asOf"/> is simulated.</summary>
    public static bool IsSimulated(Session session, long center, long asOf) =>
        session.Scalar("SELECT 1 FROM received WHERE center = @1 AND simulated = 1 AND first_micros <= @2 LIMIT 1", center, asOf) is not null;

    private static bool Extend(Session session, long center, SourceNote note, long received, long recorded)
    {
        var hour = recorded - (((recorded % Micros.PerHour) + Micros.PerHour) % Micros.PerHour);
        return session.Execute(
            """
            UPDATE received SET recorded_micros = @5, received = received + @6, accepted = accepted + @6
            WHERE id = (SELECT MAX(id) FROM received WHERE center = @1 AND source = @2 AND format = @3)
              AND simulated = @4 AND received = accepted AND duplicates = 0 AND conflicts = 0 AND first_micros >= @7
            """,
            center,
            note.Source,
            note.Format,
            note.Simulated ? 1 : 0,
            recorded,
            received,
            hour) > 0;
    }

    private static void Keep(Session session, long center, string source, RejectedRow row, long recorded)
    {
        session.Execute(
            """
            INSERT INTO rejected (center, source, reason, recorded_micros, place, device, instant_micros, gauge, found)
            VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9)
            """,
            center,
            source,
            row.Reason.ToString(),
            recorded,
            row.Place,
            row.Device,
            row.Instant,
            row.Column,
            row.Found);
        session.Execute(
            """
            DELETE FROM rejected WHERE center = @1 AND source = @2 AND reason = @3 AND id <=
              (SELECT id FROM rejected WHERE center = @1 AND source = @2 AND reason = @3 ORDER BY id DESC LIMIT 1 OFFSET @4)
            """,
            center,
            source,
            row.Reason.ToString(),
            RejectCounts.Kept);
    }

    // "OutOfRange=3 Sentinel=12"
    private static string ToText(RejectCounts? rejects) =>
        rejects is null ? "" : string.Join(' ', rejects.ByReason.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Reason}={pair.Count}")));

    private static ImmutableArray<(RejectReason Reason, long Count)> FromText(string text) =>
    [
        .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('='))
            .Select(pair => (Enum.Parse<RejectReason>(pair[0]), long.Parse(pair[1], CultureInfo.InvariantCulture))),
    ];
}
