using Headroom.Domain.Time;
using Headroom.Reports.Daily;

namespace Headroom.Reports.Tests.Daily;

[TestClass]
public sealed class ReportPeriodTests
{
    [TestMethod]
    [DataRow(PeriodKind.Day, "2026-03-01", "2026-03-01", "2026-03-02", DisplayName = "a day")]
    [DataRow(PeriodKind.Week, "2026-03-01", "2026-02-23", "2026-03-02", DisplayName = "a Sunday ends its week")]
    [DataRow(PeriodKind.Week, "2026-03-02", "2026-03-02", "2026-03-09", DisplayName = "a Monday begins it")]
    [DataRow(PeriodKind.Month, "2024-02-29", "2024-02-01", "2024-03-01", DisplayName = "a leap month")]
    [DataRow(PeriodKind.Month, "2025-12-31", "2025-12-01", "2026-01-01", DisplayName = "a year's last month")]
    public void Of_AnyDay_IsThePeriodThatContainsIt(PeriodKind kind, string day, string first, string until)
    {
        var period = ReportPeriod.Of(kind, Parse(day));

        Assert.AreEqual((Parse(first), Parse(until)), (period.First, period.Until));
        Assert.AreEqual(period, ReportPeriod.Of(kind, period.Until.AddDays(-1)));
        Assert.AreEqual(period.First, period.Before.Until);
    }

    // Clocks of Berlin went forward on 2026-03-29 and back on 2026-10-25.
    [TestMethod]
    public void Window_WeekAndMonthOfAClockChange_HaveOneHourLessOrMore()
    {
        var clock = new CenterClock("Europe/Berlin");

        Assert.AreEqual((7 * 24) - 1, ReportPeriod.Of(PeriodKind.Week, new(2026, 3, 29)).Window(clock).Length.Hours);
        Assert.AreEqual((31 * 24) + 1, ReportPeriod.Of(PeriodKind.Month, new(2026, 10, 1)).Window(clock).Length.Hours);
    }

    private static DateOnly Parse(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
