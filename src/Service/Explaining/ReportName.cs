using System.Globalization;
using System.Text.RegularExpressions;
using Headroom.Reports.Daily;
using Headroom.Reports.Language;

namespace Headroom.Service.Explaining;

/// <summary>A report as its file is named, without language and extension: <c>daily-wuhan-2021-12-18</c>.</summary>
internal sealed partial record ReportName(ReportPeriod Period, string Center)
{
    public override string ToString() => $"{Period.Word}-{Center}-{Dates.Iso(Period.First)}";

    /// <returns>Null: no report of card-hours is named like that.</returns>
    public static ReportName? Parse(string name) =>
        Form().Match(name) is { Success: true } match
        && DateOnly.TryParseExact(match.Groups["day"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day.Year is > 1970 and < 9990
            ? new(ReportPeriod.Of(ReportPeriod.Words.First(word => word.Value == match.Groups["kind"].Value).Key, day), match.Groups["center"].Value)
            : null;

    [GeneratedRegex(@"^(?<kind>daily|weekly|monthly)-(?<center>[a-z0-9][a-z0-9._-]*)-(?<day>\d{4}-\d{2}-\d{2})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Form();
}
