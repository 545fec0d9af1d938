using Headroom.Analytics.Forecasting.Series;

namespace Headroom.Analytics.Forecasting.Events;

/// <summary>Which steps of a dated series fall on which day, and what the holidays among them do.</summary>
/// <param name="start">The first step. Unit: microseconds since the Unix epoch, UTC.</param>
internal sealed class Calendar(SeriesStep step, long start)
{
    private const long ChinaOffset = 8 * SeriesStep.Hour;
    private const int LeastDays = 300;

    public DateOnly DayOf(int place) => DateOnly.FromDateTime(DateTime.UnixEpoch.AddTicks((step.After(start, place) + ChinaOffset) * 10));

    /// <summary>Long enough to have seen a year of holidays, so that what is not seen in it is not there.</summary>
    public bool KnowsAYear(double[] grid) => DayOf(grid.Length).DayNumber - DayOf(0).DayNumber >= LeastDays;

    /// <summary>Null for steps longer than a day, for values that go below zero, and where no holiday stands out.</summary>
    public HolidayEffect? Learn(double[] grid, bool nonNegative) => IsDaily(nonNegative) && KnowsAYear(grid) ? HolidayEffect.Of(Days(grid), DayOf(0)) : null;

    /// <summary>What is assumed of holidays, moved by those that were seen. Null for steps longer than a day, for values that go below zero, and where a year could have shown them.</summary>
    public HolidayEffect? Assume(double[] grid, bool nonNegative) => IsDaily(nonNegative) && !KnowsAYear(grid) ? HolidayEffect.Assumed(Days(grid), DayOf(0)) : null;

    private bool IsDaily(bool nonNegative) => nonNegative && step.Months == 0 && step.Micros <= SeriesStep.Day;

    private double[] Days(double[] grid)
    {
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

        return [.. sums.Zip(counts, (sum, count) => count == 0 ? double.NaN : sum / count)];
    }
}
