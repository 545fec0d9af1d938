using System.Collections.Immutable;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Served and queued devices in every hour from the first to the last that was observed; hours between are filled in on a straight line.</summary>
internal sealed class CountedHours
{
    /// <summary>With fewer of the hours counted than this there is no series.</summary>
    private const double FewestCounted = 0.8;

    private CountedHours(long from, double[] served, double[] queued) => (From, Served, Queued) = (from, served, queued);

    /// <summary>Start of the first hour. Unit: microseconds since the Unix epoch.</summary>
    public long From { get; }

    public double[] Served { get; }

    public double[] Queued { get; }

    public int Count => Served.Length;

    /// <returns>Null: too few hours have a count of who waits.</returns>
    public static CountedHours? Of(ImmutableArray<ObservedHour> observed)
    {
        var counted = observed.Where(hour => hour.Queued is not null).ToArray();
        var hours = observed.IsEmpty ? 0 : (int)((observed[^1].Start - observed[0].Start) / Micros.PerHour) + 1;
        if (counted.Length == 0 || counted.Length < FewestCounted * hours)
        {
            return null;
        }

        var from = observed[0].Start;
        return new(
            from,
            Fill([.. observed.Select(hour => ((int)((hour.Start - from) / Micros.PerHour), hour.Allocated))], hours),
            Fill([.. counted.Select(hour => ((int)((hour.Start - from) / Micros.PerHour), hour.Queued!.Value))], hours));
    }

    public int IndexOf(long start) => (int)((start - From) / Micros.PerHour);

    private static double[] Fill((int Hour, double Value)[] known, int hours)
    {
        var filled = new double[hours];
        var next = 0;
        for (var hour = 0; hour < hours; hour++)
        {
            while (next < known.Length && known[next].Hour < hour)
            {
                next++;
            }

            var (after, before) = (known[Math.Min(next, known.Length - 1)], known[Math.Max(0, Math.Min(next, known.Length) - 1)]);
            filled[hour] = after.Hour <= before.Hour || after.Hour <= hour ? after.Value : before.Hour >= hour ? before.Value
                : before.Value + ((after.Value - before.Value) * (hour - before.Hour) / (after.Hour - before.Hour));
        }

        return filled;
    }
}
