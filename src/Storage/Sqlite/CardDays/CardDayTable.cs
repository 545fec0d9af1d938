using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Storage.Columns;
using Headroom.Storage.Sqlite.Telemetry;

namespace Headroom.Storage.Sqlite.CardDays;

/// <summary>Versions of card-days; only rows that differ from the newest are added.</summary>
internal static class CardDayTable
{
    public static void Save(Session session, CenterState center, IReadOnlyList<CardDay> days, long recorded, Words words)
    {
        var codec = new CardDayCodec();
        foreach (var day in days)
        {
            var device = center.Device(session, day.Device.Value).Id;
            var data = codec.Encode(day, text => words.Number(session, text));
            var newest = (byte[]?)session.Scalar(
                "SELECT data FROM card_day WHERE center = @1 AND day = @2 AND device = @3 ORDER BY recorded_micros DESC LIMIT 1", center.Id, day.Day.DayNumber, device);
            if (newest is null || !newest.AsSpan().SequenceEqual(data))
            {
                session.Execute(
                    """
                    INSERT INTO card_day (center, day, device, recorded_micros, data) VALUES (@1, @2, @3, @4, @5)
                    ON CONFLICT (center, day, device, recorded_micros) DO UPDATE SET data = excluded.data
                    """,
                    center.Id,
                    day.Day.DayNumber,
                    device,
                    recorded,
                    data);
            }
        }
    }

    /// <exception cref="Domain.Messages.UserException">A card-day is damaged.</exception>
    public static List<CardDay> Read(Session session, long center, DateOnly from, DateOnly until, long asOf, string path)
    {
        var words = new Words();
        var days = new List<(string Device, DateOnly Day, byte[] Data)>();
        using (var reader = session.Read(
            """
            SELECT c.day, d.name, c.data
            FROM card_day c JOIN device d ON d.id = c.device
            WHERE c.center = @1 AND c.day >= @2 AND c.day < @3
              AND c.recorded_micros = (SELECT MAX(n.recorded_micros) FROM card_day n
                WHERE n.center = c.center AND n.day = c.day AND n.device = c.device AND n.recorded_micros <= @4)
            """,
            center,
            from.DayNumber,
            until.DayNumber,
            asOf))
        {
            while (reader.Read())
            {
                days.Add((reader.GetString(1), DateOnly.FromDayNumber(reader.GetInt32(0)), reader.GetFieldValue<byte[]>(2)));
            }
        }

        return [.. days.OrderBy(day => day.Day).ThenBy(day => day.Device, StringComparer.Ordinal).Select(day => Decode(session, day.Device, day.Day, day.Data, words, path))];
    }

    private static CardDay Decode(Session session, string device, DateOnly day, byte[] data, Words words, string path)
    {
        try
        {
            return new(new DeviceId(device), day, CardDayCodec.Decode(data, number => words.Text(session, number)));
        }
        catch (DamagedException damage)
        {
            throw SqliteProblems.Damaged(path, $"card-day {device} {day:yyyy-MM-dd}", damage.Message);
        }
    }
}
