using System.Collections.Immutable;
using System.Globalization;

namespace Headroom.Ingest.Formats.Records.Slurm;

/// <summary>Host lists as Slurm writes them: <c>gpu[01-03,07],cpu1</c>, also with several brackets in one name.</summary>
internal static class Hostlist
{
    /// <summary>A list of more hosts is not read.</summary>
    public const int Most = 65_536;

    /// <summary>False: it is no host list, or one of too many hosts.</summary>
    public static bool TryExpand(string text, out ImmutableArray<string> hosts)
    {
        var all = ImmutableArray.CreateBuilder<string>();
        hosts = [];
        foreach (var entry in Entries(text))
        {
            if (entry is null || !TryAdd("", entry, all))
            {
                return false;
            }
        }

        hosts = all.ToImmutable();
        return true;
    }

    /// <summary>Numbers such as <c>0-2,5</c> or <c>0-15:4</c>, as arrays of jobs and indexes of cards are written.</summary>
    public static bool TryNumbers(string text, int most, out ImmutableArray<int> numbers)
    {
        var all = ImmutableArray.CreateBuilder<int>();
        numbers = [];
        foreach (var part in text.Split(','))
        {
            var step = part.Split(':', 2);
            var ends = step[0].Split('-', 2);
            if (!Number(ends[0], out var first) || !Number(ends[^1], out var last) || last < first
                || !Number(step.Length == 2 ? step[1] : "1", out var by) || by == 0 || ((last - first) / by) + all.Count >= most)
            {
                return false;
            }

            for (var number = first; number <= last; number += by)
            {
                all.Add(number);
            }
        }

        numbers = all.ToImmutable();
        return true;
    }

    // Commas outside of brackets. Null: a bracket too many.
    private static IEnumerable<string?> Entries(string text)
    {
        var (depth, begin) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                yield return depth == 0 && i > begin ? text[begin..i] : null;
                begin = i + 1;
            }
            else
            {
                depth += text[i] switch { '[' => 1, ']' => -1, _ => 0 };
                if (depth is < 0 or > 1)
                {
                    yield return null;
                }
            }
        }
    }

    private static bool TryAdd(string before, string rest, ImmutableArray<string>.Builder all)
    {
        var open = rest.IndexOf('[', StringComparison.Ordinal);
        if (open < 0)
        {
            all.Add(before + rest);
            return all.Count <= Most;
        }

        var close = rest.IndexOf(']', open);
        if (close < 0)
        {
            return false;
        }

        foreach (var part in rest[(open + 1)..close].Split(','))
        {
            var ends = part.Split('-', 2);
            if (!Number(ends[0], out var first) || !Number(ends[^1], out var last) || last < first || last - first >= Most)
            {
                return false;
            }

            for (var number = first; number <= last; number++)
            {
                if (!TryAdd(before + rest[..open] + number.ToString(CultureInfo.InvariantCulture).PadLeft(ends[0].Length, '0'), rest[(close + 1)..], all))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool Number(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < int.MaxValue / 2;
}
