using System.Collections.Immutable;
using System.Globalization;
using Dapper;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage.Sqlite.Telemetry;

namespace Headroom.Storage.Sqlite;

/// <summary>What was received, and the rejected rows kept as examples.</summary>
/// <remarks>
/// Appends of one source without rejects, duplicates or conflicts, and all of them late or none, share a row for an hour, so that a scrape every few seconds does not fill the table;
/// <see cref="ReceivedGrowth"/> tells what of it was there at a time. Nothing else of a row ever changes, nor does a row go.
/// </remarks>
internal static class ReceivedTable
{
    /// <summary>Examples kept of a source and reason, in all; beyond them <see cref="KeptADay"/>.</summary>
    private const int Kept = RejectCounts.Kept;

    private const int KeptADay = 10;

    /// <param name="age">Of the samples of the append; null: it has none.</param>
    public static void Add(Session session, long center, SourceNote note, long rows, RowCounts counts, SampleAge? age, long recorded)
    {
        var late = age?.Late ?? 0;
        var accepted = note.Rejects?.Accepted ?? rows;
        var received = note.Rejects?.Received ?? rows;
        var isPlain = received == accepted && counts is { Duplicates: 0, Conflicts: 0 } && (late == 0 || late == received);
        if (!isPlain || !Extend(session, center, note, received, late, recorded))
        {
            session.Execute(
                """
                INSERT INTO received (center, source, format, simulated, first_micros, recorded_micros, received, accepted, duplicates, conflicts, rejected, growth, late, lag_micros)
                VALUES (@1, @2, @3, @4, @5, @5, @6, @7, @8, @9, @10, x'', @11, @12)
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
                ToText(note.Rejects),
                late,
                age?.Lag);
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
            SELECT source, format, simulated, first_micros, received, accepted, rejected, duplicates, conflicts, growth, late, lag_micros
            FROM received WHERE center = @1 AND first_micros <= @2 ORDER BY first_micros, id
            """,
            center,
            asOf);
        while (reader.Read())
        {
            var (recorded, later) = ReceivedGrowth.After(reader.GetFieldValue<byte[]>(9), reader.GetInt64(3), asOf);
            notes.Add(new(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetInt64(2) != 0,
                recorded,
                reader.GetInt64(4) - later,
                reader.GetInt64(5) - later,
                FromText(reader.GetString(6)),
                reader.GetInt64(7),
                reader.GetInt64(8))
            {
                Late = reader.GetInt64(10) is > 0 and var late ? late - later : 0,
                Lag = reader.IsDBNull(11) ? null : reader.GetInt64(11),
            });
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

    private static bool Extend(Session session, long center, SourceNote note, long received, long late, long recorded)
    {
        if (Newest(session, center, note, isLate: late > 0, recorded) is not { } row)
        {
            return false;
        }

        return session.Execute(
            "UPDATE received SET recorded_micros = @2, received = received + @3, accepted = accepted + @3, late = late + @5, growth = @4 WHERE id = @1",
            row.Id,
            recorded,
            received,
            ReceivedGrowth.With(row.Growth, row.First, recorded, received),
            late) == 1;
    }

    // The newest row of the source, where it is plain and of this hour.
    private static (long Id, long First, byte[] Growth)? Newest(Session session, long center, SourceNote note, bool isLate, long recorded)
    {
        using var reader = session.Read(
            """
            SELECT id, first_micros, growth FROM received
            WHERE id = (SELECT MAX(id) FROM received WHERE center = @1 AND source = @2 AND format = @3)
              AND simulated = @4 AND received = accepted AND duplicates = 0 AND conflicts = 0 AND first_micros >= @5
              AND late = CASE @6 WHEN 0 THEN 0 ELSE received END
            """,
            center,
            note.Source,
            note.Format,
            note.Simulated ? 1 : 0,
            BeginOf(recorded, Micros.PerHour),
            isLate ? 1 : 0);
        return reader.Read() ? (reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)) : null;
    }

    private static void Keep(Session session, long center, string source, RejectedRow row, long recorded) => session.Execute(
        """
        INSERT INTO rejected (center, source, reason, recorded_micros, place, device, instant_micros, gauge, found)
        SELECT @1, @2, @3, @4, @5, @6, @7, @8, @9
        WHERE (SELECT COUNT(*) FROM rejected WHERE center = @1 AND source = @2 AND reason = @3) < @10
          OR (SELECT COUNT(*) FROM rejected WHERE center = @1 AND source = @2 AND reason = @3 AND recorded_micros >= @11) < @12
        """,
        center,
        source,
        row.Reason.ToString(),
        recorded,
        row.Place,
        row.Device,
        row.Instant,
        row.Column,
        row.Found,
        Kept,
        BeginOf(recorded, Micros.PerDay),
        KeptADay);

    private static long BeginOf(long instant, long period) => instant - (((instant % period) + period) % period);

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
