namespace Headroom.Analytics.Forecasting.Events;

/// <summary>What Chinese holidays are taken to do to demand for capacity before a series has shown it: a share off an ordinary day.</summary>
/// <remarks>An assumption of this product, without a source: work that runs by itself goes on, and fewer people hand in more. It is named wherever it is used, and days that were seen move it.</remarks>
public static class HolidayPrior
{
    /// <summary>Standard deviation of how strongly a holiday acts on one center, as a share of what is assumed: from nothing to twice as much in one of ten.</summary>
    internal const double StrengthDeviation = 0.6;

    /// <summary>What single days differ by beside that.</summary>
    internal const double DayDeviation = 0.3;

    private const int Eve = 9;
    private const int FirstDay = 10;

    /// <param name="key">Of <see cref="ChineseHolidays"/>.</param>
    internal static double EffectOf(int key) => key switch
    {
        < Eve - 2 => 0,
        <= Eve => -0.15,
        < FirstDay + 7 => -0.35,
        < FirstDay + 10 => -0.2,
        < ChineseHolidays.SpringDays => 0,
        < ChineseHolidays.SpringDays + ChineseHolidays.GoldenDays - 1 => -0.2,
        _ => -0.1,
    };
}

/// <summary>Holidays that were laid over a forecast by assumption.</summary>
/// <param name="Lowest">Of the steps ahead, what an ordinary value is multiplied by at least.</param>
/// <param name="Highest">At most, among holidays.</param>
/// <param name="DaysSeen">Holidays in the history that moved the assumption; 0: it is the prior.</param>
public sealed record AssumedHolidays(double Lowest, double Highest, int DaysSeen);
