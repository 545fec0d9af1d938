using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Storage.Sqlite.Telemetry;

namespace Headroom.Storage.Sqlite;

/// <summary>Time whose card-hours must be computed again: one row per device and UTC day of its beginning.</summary>
internal static class DirtyTable
{
    /// <summary>The device of a row that means every device.</summary>
    public const long Everyone = 0;

    /// <summary>How far a sample reaches. Unit: microseconds.</summary>
    public static readonly long Context = CardDayAccountant.ContextMicros(declaredPeriod: null);

    public static void Mark(Session session, long center, long device, Window window, long recorded)
    {
        if (window.IsEmpty)
        {
            return;
        }

        session.Execute(
            """
            INSERT INTO dirty (center, device, day, from_micros, until_micros, recorded_micros) VALUES (@1, @2, @3, @4, @5, @6)
            ON CONFLICT (center, device, day) DO UPDATE SET
              from_micros = MIN(from_micros, excluded.from_micros),
              until_micros = MAX(until_micros, excluded.until_micros),
              recorded_micros = MAX(recorded_micros, excluded.recorded_micros)
            """,
            center,
            device,
            UtcDays.Of(Math.Clamp(window.From, UtcDays.Known.From, UtcDays.Known.Until)),
            window.From,
            window.Until,
            recorded);
    }

    /// <summary>Time around samples that those samples can change.</summary>
    public static Window Around(OpenDay samples) => new(samples.First - Context, samples.Last + Context);

    /// <summary>Writes the dirty time of staged batches into the table, before they are sealed.</summary>
    public static void MarkStaged(Session session, long center, OpenSamplesCache open) =>
        open.Use(session, center, samples =>
        {
            MarkStaged(session, center, samples);
            return 0;
        });

    public static List<DirtySpan> Read(Session session, long center, OpenSamplesCache open)
    {
        var rows = new List<(long Device, Window Window, long Recorded)>();
        using (var reader = session.Read("SELECT device, from_micros, until_micros, recorded_micros FROM dirty WHERE center = @1", center))
        {
            while (reader.Read())
            {
                rows.Add((reader.GetInt64(0), new(reader.GetInt64(1), reader.GetInt64(2)), reader.GetInt64(3)));
            }
        }

        open.Use(session, center, samples =>
        {
            rows.AddRange(samples.Dirty.Select(pair => (pair.Key.Device, Around(pair.Value), pair.Value.LastRecorded)));
            return 0;
        });
        var names = Names(session, center);
        return [.. rows.OrderBy(row => row.Device).ThenBy(row => row.Window.From).Select(row => new DirtySpan(row.Device == Everyone ? null : names[row.Device], row.Window, row.Recorded))];
    }

    /// <summary>Forgets time before <paramref name="clearedUntil"/> in rows recorded by <paramref name="recordedUpTo"/>.</summary>
    /// <remarks>Staged batches recorded later are marked after that: in a stream they must not renew what was recorded before them.</remarks>
    public static void Clear(Session session, long center, long recordedUpTo, long clearedUntil, OpenSamplesCache open)
    {
        var (earlier, later) = recordedUpTo == Instants.Never
            ? (OpenSamplesCache.Load(session, center, Window.Always), null)
            : (OpenSamplesCache.Load(session, center, new(long.MinValue, recordedUpTo + 1)), OpenSamplesCache.Load(session, center, new(recordedUpTo + 1, Instants.Never)));
        MarkStaged(session, center, earlier);
        ClearTable(session, center, recordedUpTo, clearedUntil);
        if (later is not null)
        {
            MarkStaged(session, center, later);
        }
    }

    private static void MarkStaged(Session session, long center, OpenSamples samples)
    {
        foreach (var ((device, _), day) in samples.Dirty)
        {
            Mark(session, center, device, Around(day), day.LastRecorded);
        }

        session.Execute("UPDATE center SET marked_staged = MAX(marked_staged, @2) WHERE id = @1", center, samples.LastStaged);
    }

    private static void ClearTable(Session session, long center, long recordedUpTo, long clearedUntil)
    {
        var rest = new List<(long Device, long From, long Until, long Recorded)>();
        using (var reader = session.Read("SELECT device, from_micros, until_micros, recorded_micros FROM dirty WHERE center = @1 AND recorded_micros <= @2 AND from_micros < @3 AND until_micros > @3", center, recordedUpTo, clearedUntil))
        {
            while (reader.Read())
            {
                rest.Add((reader.GetInt64(0), clearedUntil, reader.GetInt64(2), reader.GetInt64(3)));
            }
        }

        session.Execute("DELETE FROM dirty WHERE center = @1 AND recorded_micros <= @2 AND from_micros < @3", center, recordedUpTo, clearedUntil);
        foreach (var (device, from, until, recorded) in rest)
        {
            Mark(session, center, device, new(from, until), recorded);
        }
    }

    private static Dictionary<long, DeviceId> Names(Session session, long center)
    {
        var names = new Dictionary<long, DeviceId>();
        using var reader = session.Read("SELECT id, name FROM device WHERE center = @1", center);
        while (reader.Read())
        {
            names.Add(reader.GetInt64(0), new(reader.GetString(1)));
        }

        return names;
    }
}
