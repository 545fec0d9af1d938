namespace Headroom.Ingest;

/// <summary>The allowed word nearest to a mistyped one.</summary>
internal static class Nearest
{
    /// <summary>Null when nothing is closer than half of the word.</summary>
    public static string? To(string found, IEnumerable<string> allowed) =>
        allowed
            .Select(word => (word, Distance: Distance(found.ToLowerInvariant(), word.ToLowerInvariant())))
            .Where(pair => pair.Distance <= Math.Max(1, Math.Max(found.Length, pair.word.Length) / 2))
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.word, StringComparer.Ordinal)
            .Select(pair => pair.word)
            .FirstOrDefault();

    // Levenshtein, one row at a time.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substituted = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
