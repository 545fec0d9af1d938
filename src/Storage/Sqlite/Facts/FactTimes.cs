using System.Diagnostics;
using Headroom.Domain.Time;

namespace Headroom.Storage.Sqlite.Facts;

/// <summary>The times of winning facts, of the kinds there are many of. As of an earlier time other facts win: that is read without it.</summary>
internal static class FactTimes
{
    public static bool IsTimed(FactKind kind) => kind is FactKind.Job or FactKind.Count or FactKind.Meter;

    /// <summary>A fact that wins from now on.</summary>
    public static void Add(Session session, long center, FactKind kind, Window time, long id) =>
        session.Execute("INSERT INTO fact_time (center, kind, until_micros, from_micros, fact) VALUES (@1, @2, @3, @4, @5)", center, (int)kind, time.Until, time.From, id);

    /// <summary>A fact that wins no longer.</summary>
    public static void Remove(Session session, long center, FactText fact, long id)
    {
        var time = TimeOf(fact);
        session.Execute(
            "DELETE FROM fact_time WHERE center = @1 AND kind = @2 AND until_micros = @3 AND from_micros = @4 AND fact = @5", center, (int)fact.Kind, time.Until, time.From, id);
    }

    public static Window TimeOf(FactText fact) => fact.Kind switch
    {
        FactKind.Job => FactTime.Of(FactText.ToJob(fact.Content, new())),
        FactKind.Count => FactTime.Of(FactText.ToCount(fact.Content, new())),
        FactKind.Meter => FactTime.Of(FactText.ToMeter(fact.Content, new())),
        _ => throw new UnreachableException(),
    };
}
