using System.Text.Json;
using Microsoft.Playwright;

namespace Headroom.EndToEnd.Tests;

/// <summary>Asks axe-core what of a page people with other eyes and hands cannot use.</summary>
internal static class Accessibility
{
    private const string Run = """
        async () => JSON.stringify(await axe.run().then(found => ({
          passed: found.passes.length,
          violations: found.violations.map(rule => ({ impact: rule.impact, text: `${rule.impact} ${rule.id}: ${rule.help}: ${rule.nodes.slice(0, 3).map(node => node.target.join(' ')).join(' | ')}` })),
        })))
        """;

    private static readonly Lazy<string> Axe = new(() =>
    {
        using var stream = typeof(Accessibility).Assembly.GetManifestResourceStream("axe.min.js") ?? throw new InvalidOperationException("The build embedded no axe.min.js.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    /// <summary>Fails on what is serious or critical, and on a page that axe found nothing to look at on.</summary>
    /// <returns>A line for a table: rules passed, violations by weight.</returns>
    public static async Task<string> CheckAsync(IPage page, string name)
    {
        // Not a script of the page: its policy, which stands, would forbid that.
        await page.EvaluateAsync(Axe.Value);
        var found = JsonDocument.Parse(await page.EvaluateAsync<string>(Run)).RootElement;
        var (passed, violations) = (found.GetProperty("passed").GetInt32(), found.GetProperty("violations").EnumerateArray().ToList());
        var grave = violations.Where(rule => rule.GetProperty("impact").GetString() is "serious" or "critical").Select(Text).ToList();
        Assert.IsEmpty(grave, $"{name}: {string.Join("; ", grave)}");
        Assert.IsGreaterThan(10, passed, name);
        return $"{name}: {passed} rules passed, 0 serious or critical, {violations.Count} lesser {string.Join("; ", violations.Select(Text))}".TrimEnd();
    }

    private static string Text(JsonElement rule) => rule.GetProperty("text").GetString()!;
}
