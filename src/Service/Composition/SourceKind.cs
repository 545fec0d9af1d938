using System.Globalization;
using System.Text.RegularExpressions;

namespace Headroom.Service.Composition;

/// <summary>Sources that differ in their numbers only (a file a day, an exporter a host) are one line of a report.</summary>
internal static partial class SourceKind
{
    /// <summary><c>telemetry-2026-03-01.csv</c> is of the kind <c>telemetry-*.csv</c>.</summary>
    public static string Of(string source) => Numbers().Replace(source, "*");

    /// <summary>A single source keeps its name; several are named by their kind and counted.</summary>
    public static string NameOf(string kind, IReadOnlyCollection<string> sources) =>
        sources.Count == 1 ? sources.First() : string.Create(CultureInfo.InvariantCulture, $"{kind} × {sources.Count}");

    [GeneratedRegex("[0-9]+([-_.:][0-9]+)*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Numbers();
}
