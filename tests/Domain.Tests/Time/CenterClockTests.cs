using Headroom.Domain.Time;

namespace Headroom.Domain.Tests.Time;

[TestClass]
public sealed class CenterClockTests
{
    [TestMethod]
    [DataRow(2026, 3, 28, 24, DisplayName = "an ordinary day")]
    [DataRow(2026, 3, 29, 23, DisplayName = "clocks go forward in Berlin")]
    [DataRow(2026, 10, 25, 25, DisplayName = "clocks go back in Berlin")]
    public void Hours_OfADayInBerlin_AreAsManyAsItHas(int year, int month, int day, int expected)
    {
        var clock = new CenterClock("Europe/Berlin");
        var date = new DateOnly(year, month, day);
        var hours = clock.Hours(date);

        Assert.HasCount(expected, hours);
        Assert.AreEqual(clock.Day(date), new Window(hours[0].From, hours[^1].Until));
        Assert.IsTrue(hours.All(hour => clock.DayOf(hour.From) == date && clock.HourOf(hour.From + 1) == hour));
    }

    [TestMethod]
    public void Day_InShanghai_BeginsAtSixteenHoursUtcOfTheDayBefore() =>
        Assert.AreEqual("2026-02-28T16:00:00Z", Instants.ToText(new CenterClock("Asia/Shanghai").Day(new(2026, 3, 1)).From));

    [TestMethod]
    public void Constructor_ZoneThatMovesByHalfAnHour_IsRefused() =>
        Assert.ThrowsExactly<ArgumentException>(() => new CenterClock("Australia/Lord_Howe"));

    [TestMethod]
    public void HourOf_ZoneOffByHalfAnHour_IsAlignedToLocalHours() =>
        Assert.AreEqual("2026-03-01T08:30:00Z", Instants.ToText(new CenterClock("Asia/Kolkata").HourOf(Instants.From(new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero))).From));
}
