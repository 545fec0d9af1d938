using System.Globalization;
using System.Text.RegularExpressions;

namespace Headroom.Reports.Audits;

/// <summary>A published sentence as a condition: <c>U&gt;=0.90</c>, <c>U3&gt;90%</c>.</summary>
/// <param name="Metric">Null: under every definition of utilization.</param>
/// <param name="AtLeast">True: the number is to lie above the threshold; false: below.</param>
/// <param name="Strict">True: the threshold itself does not do.</param>
/// <param name="Threshold">0 to 1.</param>
public sealed partial record ClaimTerm(string? Metric, bool AtLeast, bool Strict, double Threshold)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Metric ?? "U"}{(AtLeast ? ">" : "<")}{(Strict ? "" : "=")}{Threshold:0.00##}");

    /// <summary>Whether a value does.</summary>
    public bool Admits(double value) => (AtLeast, Strict) switch
    {
        (true, false) => value >= Threshold,
        (true, true) => value > Threshold,
        (false, false) => value <= Threshold,
        _ => value < Threshold,
    };

    /// <returns>Null: no such condition.</returns>
    public static ClaimTerm? Parse(string text)
    {
        if (Form().Match(text) is not { Success: true } match
            || !double.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var threshold = match.Groups["percent"].Success ? number / 100 : number;
        var digits = match.Groups["metric"].Value;
        return threshold is < 0 or > 1 ? null : new(digits == "U" ? null : digits, match.Groups["way"].Value == ">", !match.Groups["equal"].Success, threshold);
    }

    [GeneratedRegex(@"^\s*(?<metric>U(1s|1c|2|3|4)?)\s*(?<way>[<>])(?<equal>=)?\s*(?<number>\d+(\.\d+)?)\s*(?<percent>%)?\s*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Form();
}
