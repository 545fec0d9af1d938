using Headroom.Reports.Charts.Options;
using Headroom.Reports.Language;

namespace Headroom.Reports.Charts;

/// <summary>A chart in one language, ready to be drawn at any width.</summary>
/// <param name="Id">Stable; unique in a report; letters, digits, dashes.</param>
/// <param name="Kind">The name of its folder, in lower case with dashes.</param>
/// <param name="Height">Unit: pixels.</param>
/// <param name="Summary">What a reader who does not see it is told.</param>
public sealed record Chart(string Id, string Kind, int Height, string Summary, ChartOptions Options)
{
    /// <summary>A title that says SIMULATED where it must.</summary>
    public static Title Title(string text, bool simulated, TextLookup texts) => new(text, simulated ? texts["Simulated.Mark"] : null);

    /// <summary>Room for the title. Unit: pixels.</summary>
    public static int TitleHeight(bool simulated) => simulated ? 48 : 30;

    /// <summary>A data id as part of an element's id.</summary>
    public static string Slug(string id) => string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c).ToString() : c == '-' ? "-" : $"_{(int)c:x}"));
}
