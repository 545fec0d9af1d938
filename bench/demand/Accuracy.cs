namespace Headroom.Bench.Demand;

/// <summary>The tables of docs/accuracy.md that are of demand, measured now.</summary>
internal static class Accuracy
{
    private const int Rounds = 4;

    /// <param name="folder">With job logs, and below it the instances to replay.</param>
    /// <param name="file">What stands between its marks is replaced.</param>
    /// <exception cref="InvalidDataException">The file lacks a mark.</exception>
    public static void Write(string folder, string file)
    {
        Put(file, "harness", () => Harness.Run(folder, Rounds, ""));
        Put(file, "kinds", () => Kinds.Run());
        Put(file, "replay", () => Replays.Run(folder));
    }

    private static void Put(string file, string mark, Action measure)
    {
        var (begin, end, text) = ($"<!-- {mark} -->\n", $"<!-- /{mark} -->", File.ReadAllText(file));
        var (from, until) = (text.IndexOf(begin, StringComparison.Ordinal), text.IndexOf(end, StringComparison.Ordinal));
        if (from < 0 || until < from)
        {
            throw new InvalidDataException($"{file} has no {begin.Trim()} ... {end}.");
        }

        var lines = Said(measure).Split('\n').Where(line => !line.StartsWith("  ", StringComparison.Ordinal));
        File.WriteAllText(file, text[..(from + begin.Length)] + string.Join('\n', lines).Trim() + "\n" + text[until..]);
    }

    /// <summary>What is printed, which is printed too.</summary>
    private static string Said(Action measure)
    {
        var (console, kept) = (Console.Out, new StringWriter());
        Console.SetOut(kept);
        try
        {
            measure();
        }
        finally
        {
            Console.SetOut(console);
        }

        Console.Write(kept);
        return kept.ToString();
    }
}
