using Headroom.Domain.Accounting;
using Headroom.Domain.Time;
using Headroom.Storage.Sqlite.Telemetry;

namespace Headroom.Storage.Sqlite.Upkeep;

/// <summary>Takes out what is kept no longer.</summary>
internal static class Remover
{
    /// <summary>UTC days that end by <paramref name="before"/>, have blocks, and whose card-hours are up to date.</summary>
    public static List<int> RawDays(Session session, long center, long before, IReadOnlyList<DirtySpan> dirty)
    {
        var days = new List<int>();
        using (var reader = session.Read("SELECT DISTINCT day FROM block WHERE center = @1 AND day < @2 ORDER BY day", center, UtcDays.Of(before)))
        {
            while (reader.Read())
            {
                days.Add(reader.GetInt32(0));
            }
        }

        return [.. days.Where(day => !dirty.Any(span => span.Window.Overlaps(new(UtcDays.Start(day) - DirtyTable.Context, UtcDays.Start(day + 1) + DirtyTable.Context))))];
    }

    /// <summary>Removes the samples of one day; returns how many there were.</summary>
    public static long RawDay(Session session, long center, int day, long recorded)
    {
        var rows = (long)session.Scalar("SELECT COALESCE(SUM(rows), 0) FROM block WHERE center = @1 AND day = @2", center, day)!;
        session.Execute("DELETE FROM block WHERE center = @1 AND day = @2", center, day);
        LapseTable.AddRawRemoved(session, center, new(UtcDays.Start(day), UtcDays.Start(day + 1)), recorded);
        return rows;
    }

    /// <summary>Removes roll-ups of a grain before a day; returns of how many days.</summary>
    public static int RollUps(Session session, long center, RollUpGrain grain, DateOnly before)
    {
        var days = (long)session.Scalar("SELECT COUNT(DISTINCT day) FROM rollup WHERE center = @1 AND grain = @2 AND day < @3", center, (int)grain, before.DayNumber)!;
        session.Execute("DELETE FROM rollup WHERE center = @1 AND grain = @2 AND day < @3", center, (int)grain, before.DayNumber);
        return (int)days;
    }

    /// <summary>Removes card-hours and hourly sums before a day; returns of how many days.</summary>
    /// <param name="midnight">Of that day. Unit: microseconds since the Unix epoch.</param>
    public static int Hours(Session session, long center, DateOnly before, long midnight, long recorded)
    {
        var days = (long)session.Scalar("SELECT COUNT(DISTINCT day) FROM card_pack WHERE center = @1 AND day < @2", center, before.DayNumber)!;
        if (days > 0)
        {
            session.Execute("DELETE FROM card_pack WHERE center = @1 AND day < @2", center, before.DayNumber);
            RollUps(session, center, RollUpGrain.Hour, before);
            LapseTable.SetHoursRemoved(session, center, midnight, recorded);
        }

        return (int)days;
    }
}
