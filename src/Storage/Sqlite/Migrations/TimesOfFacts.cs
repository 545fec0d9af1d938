using Headroom.Domain.Time;
using Headroom.Storage.Sqlite.Facts;

namespace Headroom.Storage.Sqlite.Migrations;

/// <summary>Version 6: winning jobs, counts and readings by their time, so that a report reads those of its days alone.</summary>
internal static class TimesOfFacts
{
    public static Migration Step { get; } = new(
        6,
        """
        CREATE TABLE fact_time (
          center INTEGER NOT NULL REFERENCES center (id),
          kind INTEGER NOT NULL,
          until_micros INTEGER NOT NULL,
          from_micros INTEGER NOT NULL,
          fact INTEGER NOT NULL REFERENCES fact (id),
          PRIMARY KEY (center, kind, until_micros, from_micros, fact)) STRICT, WITHOUT ROWID;
        """,
        Then);

    private static void Then(Session session)
    {
        var centers = new List<long>();
        using (var reader = session.Read("SELECT id FROM center ORDER BY id"))
        {
            while (reader.Read())
            {
                centers.Add(reader.GetInt64(0));
            }
        }

        foreach (var center in centers)
        {
            var winners = new List<(FactText Fact, long Id)>();
            FactReader.Winners(session, center, Instants.Never, (fact, id) =>
            {
                if (FactTimes.IsTimed(fact.Kind))
                {
                    winners.Add((fact, id));
                }
            });
            foreach (var (fact, id) in winners)
            {
                FactTimes.Add(session, center, fact.Kind, FactTimes.TimeOf(fact), id);
            }
        }
    }
}
