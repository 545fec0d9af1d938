using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Storage.Columns;
using Headroom.Storage.Sqlite.Telemetry;

namespace Headroom.Storage.Sqlite.CardDays;

/// <summary>Versions of card-days, those of one day and one writing in a pack. Only what differs from the newest is added.</summary>
internal static class CardPacks
{
    private const int DevicesPerPack = 1_024;

    /// <summary>Adds what differs; returns the days on which anything did.</summary>
    public static List<DateOnly> Save(Session session, CenterState center, IReadOnlyList<CardDay> days, long recorded, Words words, string path)
    {
        var changed = new List<DateOnly>();
        foreach (var day in days.GroupBy(entry => entry.Day).OrderBy(group => group.Key))
        {
            var known = Newest(session, center.Id, day.Key, long.MaxValue, words, path);
            var fresh = day
                .Select(entry => (Device: center.Device(session, entry.Device.Value).Id, entry.Hours))
                .Where(entry => known.TryGetValue(entry.Device, out var hours) ? !hours.AsSpan().SequenceEqual(entry.Hours.AsSpan()) : !entry.Hours.IsEmpty)
                .OrderBy(entry => entry.Device)
                .Select(entry => new PackedCardDay(entry.Device, entry.Hours))
                .ToList();
            foreach (var pack in fresh.Chunk(DevicesPerPack))
            {
                Add(session, center.Id, day.Key, recorded, pack, words);
            }

            if (fresh.Count > 0)
            {
                changed.Add(day.Key);
            }
        }

        return changed;
    }

    /// <exception cref="Domain.Messages.UserException">A pack is damaged.</exception>
    public static List<CardDay> Read(Session session, long center, DateOnly from, DateOnly until, long asOf, string path)
    {
        var (words, days, names) = (new Words(), new List<CardDay>(), Names(session, center));
        foreach (var day in Days(session, center, from, until))
        {
            days.AddRange(Newest(session, center, day, asOf, words, path)
                .Select(pair => new CardDay(names[pair.Key], day, pair.Value))
                .OrderBy(entry => entry.Device.Value, StringComparer.Ordinal));
        }

        return days;
    }

    /// <summary>Busy and known time by device, hour and place, as recorded by <paramref name="asOf"/>; days in order.</summary>
    /// <exception cref="Domain.Messages.UserException">A pack is damaged.</exception>
    public static void ReadUse(Session session, long center, DateOnly from, DateOnly until, long asOf, string path, Action<DeviceId, long, HourUse> each)
    {
        var names = Names(session, center);
        foreach (var day in Days(session, center, from, until))
        {
            // What a later pack says of a device replaces what earlier ones said.
            var packs = Packs(session, center, day, asOf);
            var said = new HashSet<long>();
            for (var i = packs.Count - 1; i >= 0; i--)
            {
                Guarded(path, day, () =>
                {
                    var now = new HashSet<long>();
                    CardPackCodec.DecodeUse(packs[i], (device, start, use) =>
                    {
                        if (!said.Contains(device))
                        {
                            each(names[device], start, use);
                        }
                    }, device => now.Add(device));
                    said.UnionWith(now);
                });
            }
        }
    }

    /// <summary>Card-hours by device of one day, as recorded by <paramref name="asOf"/>.</summary>
    public static Dictionary<long, ImmutableArray<CardHour>> Newest(Session session, long center, DateOnly day, long asOf, Words words, string path)
    {
        var newest = new Dictionary<long, ImmutableArray<CardHour>>();
        foreach (var pack in Packs(session, center, day, asOf))
        {
            Guarded(path, day, () =>
            {
                foreach (var (device, hours) in CardPackCodec.Decode(pack, number => words.Text(session, number)))
                {
                    newest[device] = hours;
                }
            });
        }

        return newest;
    }

    // Oldest first.
    private static List<byte[]> Packs(Session session, long center, DateOnly day, long asOf)
    {
        var packs = new List<byte[]>();
        using var reader = session.Read(
            "SELECT data FROM card_pack WHERE center = @1 AND day = @2 AND recorded_micros <= @3 ORDER BY recorded_micros, id", center, day.DayNumber, asOf);
        while (reader.Read())
        {
            packs.Add(reader.GetFieldValue<byte[]>(0));
        }

        return packs;
    }

    private static void Guarded(string path, DateOnly day, Action read)
    {
        try
        {
            read();
        }
        catch (DamagedException damage)
        {
            throw SqliteProblems.Damaged(path, $"card-days {day:O}", damage.Message);
        }
    }

    /// <summary>Takes over the card-days of schema version 2, version by version.</summary>
    public static void Migrate(Session session)
    {
        var (words, keys) = (new Words(), new List<(long Center, int Day, long Recorded)>());
        using (var reader = session.Read("SELECT DISTINCT center, day, recorded_micros FROM card_day ORDER BY center, day, recorded_micros"))
        {
            while (reader.Read())
            {
                keys.Add((reader.GetInt64(0), reader.GetInt32(1), reader.GetInt64(2)));
            }
        }

        foreach (var (center, day, recorded) in keys)
        {
            var rows = new List<(long Device, byte[] Data)>();
            using (var reader = session.Read("SELECT device, data FROM card_day WHERE center = @1 AND day = @2 AND recorded_micros = @3 ORDER BY device", center, day, recorded))
            {
                while (reader.Read())
                {
                    rows.Add((reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
                }
            }

            foreach (var pack in rows.Select(row => new PackedCardDay(row.Device, CardDayCodec.Decode(row.Data, number => words.Text(session, number)))).Chunk(DevicesPerPack))
            {
                Add(session, center, DateOnly.FromDayNumber(day), recorded, pack, words);
            }
        }
    }

    private static void Add(Session session, long center, DateOnly day, long recorded, IReadOnlyList<PackedCardDay> pack, Words words) => session.Execute(
        "INSERT INTO card_pack (center, day, recorded_micros, data) VALUES (@1, @2, @3, @4)",
        center,
        day.DayNumber,
        recorded,
        CardPackCodec.Encode(pack, text => words.Number(session, text)));

    private static List<DateOnly> Days(Session session, long center, DateOnly from, DateOnly until)
    {
        var days = new List<DateOnly>();
        using var reader = session.Read("SELECT DISTINCT day FROM card_pack WHERE center = @1 AND day >= @2 AND day < @3 ORDER BY day", center, from.DayNumber, until.DayNumber);
        while (reader.Read())
        {
            days.Add(DateOnly.FromDayNumber(reader.GetInt32(0)));
        }

        return days;
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
