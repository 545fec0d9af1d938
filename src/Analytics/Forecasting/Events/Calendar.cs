using Headroom.Analytics.Forecasting.Series;

namespace Headroom.Analytics.Forecasting.Events;

/// <summary>Which steps of a dated series fall on which day, and what the holidays among them do.</summary>
/// <param name="start">The first step. Unit: microseconds since the Unix epoch, UTC.</param>
internal sealed class Calendar(SeriesStep step, long start)
{
    private const long ChinaOffset = 8 * SeriesStep.Hour;
    private const int LeastDays = 300;

    public DateOnly DayOf(int place) => DateOnly.FromDateTime(DateTime.UnixEpoch.AddTicks((step.After(start, place) + ChinaOffset) * 10));

    /// <summary>Null for steps longer than a day, for values that go below zero, and where no holiday stands out.</summary>
    public HolidayEffect? Learn(double[] grid, bool nonNegative)
    {
        if (!nonNegative || step.Months > 0 || step.Micros > SeriesStep.Day || DayOf(grid.Length).DayNumber - DayOf(0).DayNumber < LeastDays)
        {
            return null;
        }

        var first = DayOf(0);
        var (sums, counts) = (new double[DayOf(grid.Length - 1).DayNumber - first.DayNumber + 1], new int[DayOf(grid.Length - 1).DayNumber - first.DayNumber + 1]);
        for (var place = 0; place < grid.Length; place++)
        {
            if (double.IsFinite(grid[place]))
            {
                var day = DayOf(place).DayNumber - first.DayNumber;
                sums[day] += grid[place];
                counts[day]++;
            }
        }

        return HolidayEffect.Of([.. sums.Zip(counts, (sum, count) => count == 0 ? double.NaN : sum / count)], first);
    }
}
