using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Storage.Sqlite.Upkeep;

/// <summary>What retention has taken, and what came too late for it.</summary>
internal static class LapseTable
{
    private const int RawRemoved = 0;
    private const int NotRecomputed = 1;
    private const int HoursRemoved = 2;

    /// <summary>Samples of a time were removed. Spans that touch become one.</summary>
    public static void AddRawRemoved(Session session, long center, Window time, long recorded)
    {
        var touching = Spans(session, center, RawRemoved).Where(row => row.Window.From <= time.Until && row.Window.Until >= time.From).ToList();
        foreach (var (id, window) in touching)
        {
            time = new(Math.Min(time.From, window.From), Math.Max(time.Until, window.Until));
            session.Execute("DELETE FROM lapse WHERE id = @1", id);
        }

        Add(session, center, RawRemoved, DirtyTable.Everyone, time, recorded);
    }

    /// <summary>Card-hours before a local midnight were removed.</summary>
    public static void SetHoursRemoved(Session session, long center, long before, long recorded)
    {
        session.Execute("DELETE FROM lapse WHERE center = @1 AND kind = @2", center, HoursRemoved);
        Add(session, center, HoursRemoved, DirtyTable.Everyone, new(long.MinValue, before), recorded);
    }

    /// <summary>Facts of this time came too late. What an earlier mark covers needs none.</summary>
    public static void MarkNotRecomputed(Session session, long center, DirtySpan span)
    {
        var device = span.Device is { } id ? (long?)session.Scalar("SELECT id FROM device WHERE center = @1 AND name = @2", center, id.Value) : DirtyTable.Everyone;
        if (device is { } number && session.Scalar(
            "SELECT 1 FROM lapse WHERE center = @1 AND kind = @2 AND device IN (@3, 0) AND from_micros <= @4 AND until_micros >= @5 AND recorded_micros <= @6 LIMIT 1",
            center,
            NotRecomputed,
            number,
            span.Window.From,
            span.Window.Until,
            span.Recorded) is null)
        {
            Add(session, center, NotRecomputed, number, span.Window, span.Recorded);
        }
    }

    public static Lapses Read(Session session, long center, long asOf)
    {
        var marks = new List<DirtySpan>();
        using (var reader = session.Read(
            """
            SELECT d.name, l.from_micros, l.until_micros, l.recorded_micros FROM lapse l LEFT JOIN device d ON d.id = l.device
            WHERE l.center = @1 AND l.kind = @2 AND l.recorded_micros <= @3 ORDER BY l.from_micros, l.id
            """,
            center,
            NotRecomputed,
            asOf))
        {
            while (reader.Read())
            {
                marks.Add(new(reader.IsDBNull(0) ? null : new DeviceId(reader.GetString(0)), new(reader.GetInt64(1), reader.GetInt64(2)), reader.GetInt64(3)));
            }
        }

        var hours = Spans(session, center, HoursRemoved);
        return new(
            [.. Spans(session, center, RawRemoved).Select(row => row.Window).OrderBy(window => window.From)],
            [.. marks],
            hours.Count == 0 ? long.MinValue : hours[0].Window.Until);
    }

    private static void Add(Session session, long center, int kind, long device, Window time, long recorded) => session.Execute(
        "INSERT INTO lapse (center, kind, device, from_micros, until_micros, recorded_micros) VALUES (@1, @2, @3, @4, @5, @6)",
        center,
        kind,
        device,
        time.From,
        time.Until,
        recorded);

    private static List<(long Id, Window Window)> Spans(Session session, long center, int kind)
    {
        var spans = new List<(long, Window)>();
        using var reader = session.Read("SELECT id, from_micros, until_micros FROM lapse WHERE center = @1 AND kind = @2", center, kind);
        while (reader.Read())
        {
            spans.Add((reader.GetInt64(0), new(reader.GetInt64(1), reader.GetInt64(2))));
        }

        return spans;
    }
}
