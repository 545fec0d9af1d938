using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Saturation;

/// <summary>Demand and installed devices by local day, from hours.</summary>
/// <param name="First">The first day with enough known hours.</param>
/// <param name="Demand">Daily means over hours in which devices were there; NaN where less than three quarters of the day's hours are known.</param>
/// <param name="Deviation">Standard deviation of the newest week's demand by its own band; 0 where it was measured in full.</param>
internal sealed record DailySeries(DateOnly First, double[] Demand, double[] Installed, double Deviation)
{
    private const double Enough = 0.75;
    private const double Normal80 = 1.2815515655446004;
    private const int Week = 7;

    public DateOnly Last => First.AddDays(Demand.Length - 1);

    /// <returns>Null where no day has enough known hours.</returns>
    public static DailySeries? Of(ImmutableArray<DemandHour> demand, ImmutableArray<ObservedHour> observed, CenterClock clock)
    {
        var installed = observed.ToDictionary(hour => hour.Start, hour => hour.Installed);
        var days = new SortedDictionary<DateOnly, (double Demand, double Installed, double Half, int Hours)>();
        foreach (var hour in demand)
        {
            if (installed.TryGetValue(hour.Start, out var devices) && devices > 0)
            {
                var day = clock.DayOf(hour.Start);
                var sum = days.GetValueOrDefault(day);
                days[day] = (sum.Demand + hour.Mean, sum.Installed + devices, sum.Half + ((hour.High80 - hour.Low80) / 2), sum.Hours + 1);
            }
        }

        var known = days.Where(day => day.Value.Hours >= Enough * clock.Hours(day.Key).Length).ToList();
        if (known.Count == 0)
        {
            return null;
        }

        var (first, last) = (known[0].Key, known[^1].Key);
        var (means, capacity) = (new double[last.DayNumber - first.DayNumber + 1], new double[last.DayNumber - first.DayNumber + 1]);
        Array.Fill(means, double.NaN);
        Array.Fill(capacity, double.NaN);
        foreach (var (day, sum) in known)
        {
            means[day.DayNumber - first.DayNumber] = sum.Demand / sum.Hours;
            capacity[day.DayNumber - first.DayNumber] = sum.Installed / sum.Hours;
        }

        return new(first, means, capacity, known.TakeLast(Week).Average(day => day.Value.Half / day.Value.Hours) / Normal80);
    }
}
