using System.Globalization;

namespace Headroom.Ingest.Formats.Records.Slurm;

/// <summary>Cards in a TRES string such as <c>cpu=4,gres/gpu:a100=4,gres/gpu=4</c>: there four, not eight.</summary>
/// <param name="Count">0: the job or node has no card.</param>
/// <param name="Model">The type, where all cards are of one; null: not said, or several.</param>
internal readonly record struct Tres(int Count, string? Model)
{
    private const int MostCards = 1_000_000;

    private static readonly HashSet<string> Cards = new(StringComparer.OrdinalIgnoreCase) { "gpu", "npu", "mlu", "dcu", "gcu", "xpu" };

    /// <summary>False: it is no TRES string, or counts what cannot be.</summary>
    public static bool TryRead(string text, out Tres tres)
    {
        tres = default;
        var (untyped, typed) = (new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase), new Dictionary<(string Name, string Type), int>());
        foreach (var entry in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                return false;
            }

            if (!entry.StartsWith("gres/", StringComparison.Ordinal))
            {
                continue;
            }

            var name = entry[5..equals].Split(':', 2);
            if (!Cards.Contains(name[0]))
            {
                continue;
            }

            if (!int.TryParse(entry[(equals + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > MostCards)
            {
                return false;
            }

            if (name.Length == 1)
            {
                untyped[name[0]] = count;
            }
            else
            {
                typed[(name[0], name[1])] = count;
            }
        }

        var total = 0L;
        foreach (var name in untyped.Keys.Concat(typed.Keys.Select(key => key.Name)).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            total += untyped.TryGetValue(name, out var all) ? all : typed.Where(pair => pair.Key.Name == name).Sum(pair => (long)pair.Value);
        }

        var types = typed.Where(pair => pair.Value > 0).Select(pair => pair.Key.Type).Distinct().ToArray();
        tres = new((int)Math.Min(total, int.MaxValue), types.Length == 1 ? types[0] : null);
        return total <= MostCards;
    }
}
