using System.Globalization;

namespace Headroom.Reports.Charts;

/// <summary>Local times as axis labels.</summary>
public static class LocalTimes
{
    /// <summary>"08"; with the offset ("02 +01:00") where a local hour comes twice in the day.</summary>
    public static string Hour(DateTimeOffset local, IEnumerable<DateTimeOffset> day) =>
        local.ToString(day.Count(other => other.DateTime == local.DateTime) > 1 ? "HH zzz" : "HH", CultureInfo.InvariantCulture);

    /// <summary>"03-01".</summary>
    public static string Day(DateTimeOffset local) => local.ToString("MM-dd", CultureInfo.InvariantCulture);

    /// <summary>"03-01 08:00".</summary>
    public static string Moment(DateTimeOffset local) => local.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>"08:00".</summary>
    public static string Clock(DateTimeOffset local) => local.ToString("HH:mm", CultureInfo.InvariantCulture);
}
