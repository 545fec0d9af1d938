using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite.CardDays;

/// <summary>Versions of roll-ups, written with the card-days they are made of. Of months only the newest is kept: an older one is the sum of its days.</summary>
internal static class RollUpTable
{
    private static readonly RollUpScope[] Scopes = Enum.GetValues<RollUpScope>();

    /// <summary>Brings hours, days and months up to the card-days of changed days; takes in five-minute steps where they are given.</summary>
    public static void Update(
        Session session,
        long center,
        IReadOnlyCollection<DateOnly> changed,
        IReadOnlyDictionary<DateOnly, ImmutableArray<RollUp>> fiveMinutes,
        long recorded,
        Words words,
        string path)
    {
        foreach (var (day, steps) in fiveMinutes)
        {
            Save(session, center, RollUpScope.Pool, RollUpGrain.FiveMinutes, day, recorded, steps, words);
        }

        foreach (var day in changed)
        {
            var cardDays = CardPacks.Newest(session, center, day, long.MaxValue, words, path).Select(pair => new CardDay(default, day, pair.Value)).ToList();
            foreach (var scope in Scopes)
            {
                var hours = RollUps.OfHours(scope, cardDays);
                Save(session, center, scope, RollUpGrain.Hour, day, recorded, hours, words);
                Save(session, center, scope, RollUpGrain.Day, day, recorded, RollUps.Sum(hours, FirstOf(hours)), words);
            }
        }

        foreach (var month in changed.Select(FirstOfMonth).Distinct().ToList())
        {
            foreach (var scope in Scopes)
            {
                var days = Read(session, center, scope, RollUpGrain.Day, month, month.AddMonths(1), long.MaxValue, words, path).SelectMany(day => day.RollUps).ToImmutableArray();
                session.Execute("DELETE FROM rollup WHERE center = @1 AND scope = @2 AND grain = @3 AND day = @4", center, (int)scope, (int)RollUpGrain.Month, month.DayNumber);
                Save(session, center, scope, RollUpGrain.Month, month, recorded, RollUps.Sum(days, FirstOf(days)), words);
            }
        }
    }

    /// <summary>Days (or months, by their first day) in [<paramref name="from"/>, <paramref name="until"/>) that have roll-ups, as recorded by <paramref name="asOf"/>.</summary>
    /// <exception cref="Domain.Messages.UserException">Roll-ups are damaged.</exception>
    public static List<RollUpDay> Read(Session session, long center, RollUpScope scope, RollUpGrain grain, DateOnly from, DateOnly until, long asOf, Words words, string path)
    {
        var packs = new List<(DateOnly Day, byte[] Data)>();
        using (var reader = session.Read(
            """
            SELECT r.day, r.data FROM rollup r
            WHERE r.center = @1 AND r.scope = @2 AND r.grain = @3 AND r.day >= @4 AND r.day < @5
              AND r.recorded_micros = (SELECT MAX(n.recorded_micros) FROM rollup n
                WHERE n.center = r.center AND n.scope = r.scope AND n.grain = r.grain AND n.day = r.day AND n.recorded_micros <= @6)
            ORDER BY r.day
            """,
            center,
            (int)scope,
            (int)grain,
            from.DayNumber,
            until.DayNumber,
            asOf))
        {
            while (reader.Read())
            {
                packs.Add((DateOnly.FromDayNumber(reader.GetInt32(0)), reader.GetFieldValue<byte[]>(1)));
            }
        }

        return [.. packs.Select(pack => new RollUpDay(pack.Day, Decode(session, pack.Day, pack.Data, words, path)))];
    }

    private static ImmutableArray<RollUp> Decode(Session session, DateOnly day, byte[] data, Words words, string path)
    {
        try
        {
            return RollUpCodec.Decode(data, number => words.Text(session, number));
        }
        catch (DamagedException damage)
        {
            throw SqliteProblems.Damaged(path, $"roll-ups {day:O}", damage.Message);
        }
    }

    private static void Save(Session session, long center, RollUpScope scope, RollUpGrain grain, DateOnly day, long recorded, ImmutableArray<RollUp> rollUps, Words words)
    {
        var data = RollUpCodec.Encode(rollUps, text => words.Number(session, text));
        var newest = (byte[]?)session.Scalar(
            "SELECT data FROM rollup WHERE center = @1 AND scope = @2 AND grain = @3 AND day = @4 ORDER BY recorded_micros DESC LIMIT 1", center, (int)scope, (int)grain, day.DayNumber);
        if (newest is null ? !rollUps.IsEmpty : !newest.AsSpan().SequenceEqual(data))
        {
            session.Execute(
                """
                INSERT INTO rollup (center, scope, grain, day, recorded_micros, data) VALUES (@1, @2, @3, @4, @5, @6)
                ON CONFLICT (center, scope, grain, day, recorded_micros) DO UPDATE SET data = excluded.data
                """,
                center,
                (int)scope,
                (int)grain,
                day.DayNumber,
                recorded,
                data);
        }
    }

    private static DateOnly FirstOfMonth(DateOnly day) => new(day.Year, day.Month, 1);

    private static long FirstOf(ImmutableArray<RollUp> rollUps) => rollUps.IsEmpty ? 0 : rollUps.Min(sum => sum.Start);
}
