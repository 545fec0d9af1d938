using System.Globalization;
using System.Text;

namespace Headroom.Service.Tests.Cases;

/// <summary>Rows of input files, in few words.</summary>
internal static class Rows
{
    public static string Installed(string card, string model = "T256", string pool = "ai", double from = 0, string? host = null, string? slot = null, string day = TestCenter.Day) =>
        $"{card},{host},{slot},{model},{pool},installed,{TestCenter.At(from, day)},,\n";

    /// <summary>A gauge of one value every <paramref name="seconds"/> seconds over (from, until] hours after UTC midnight.</summary>
    public static string Gauge(string card, double from, double until, double percent, int seconds = 60, string day = TestCenter.Day)
    {
        var midnight = DateTime.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var start = new DateTimeOffset(midnight, TimeSpan.Zero).ToUnixTimeSeconds();
        var text = new StringBuilder();
        for (var at = (long)(from * 3600) + seconds; at <= (long)(until * 3600); at += seconds)
        {
            text.Append(CultureInfo.InvariantCulture, $"{start + at},{card},{percent}\n");
        }

        return text.ToString();
    }

    public static string Job(string id, string tenant, double from, double? until, int cards, string pool, params string[] cardIds) =>
        $"case,{id},{tenant},{TestCenter.At(from)},{TestCenter.At(from)},{(until is { } end ? TestCenter.At(end) : "")},{cards},{(until is null ? "RUNNING" : "COMPLETED")},{pool},{string.Join(';', cardIds)}\n";

    public static string Each(int count, Func<string, string> rows, string prefix = "card") =>
        string.Concat(Enumerable.Range(0, count).Select(i => rows($"{prefix}{i:000}")));

    public static string[] Names(int count, string prefix = "card") => [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i:000}")];
}
