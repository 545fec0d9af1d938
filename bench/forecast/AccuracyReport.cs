using System.Text;
using Headroom.Analytics.Forecasting;

namespace Headroom.ForecastBench;

/// <summary>docs/accuracy.md, from figures measured now and the text around them.</summary>
internal static class AccuracyReport
{
    public static string Line(Backtest.Row row) => FormattableString.Invariant(
        $"| {row.Trace} | {row.Days} | {row.Origins} | {string.Join(" | ", row.Scores.Select(s => FormattableString.Invariant($"{s.Mase:F2} / {s.Pinball:F2}")))} | {(row.Wins ? "won" : Lost(row))} |");

    public static string Line(Speed.Row row) => FormattableString.Invariant(
        $"| {row.Series} | {row.WallSeconds:F1} | {row.CpuSeconds:F1} | {1000 * row.CpuSeconds / row.Series:F1} | {row.PeakMegabytes:F0} |");

    /// <param name="told">Each row as soon as it is known: the whole takes a while.</param>
    public static string Write(Action<string> told)
    {
        var text = new StringBuilder(Text("intro"));
        var inside = Sets(text, "inside", Validation.Inside, told);
        text.Append(Text("held"));
        Sets(text, "held back", Validation.Held, told, inside);
        text.Append(Text("traces"));
        foreach (var row in Backtest.Run())
        {
            told(Line(row));
            text.Append(Line(row)).Append('\n');
        }

        text.Append(Text("speed"));
        foreach (var row in Speed.Run())
        {
            told(Line(row));
            text.Append(Line(row)).Append('\n');
        }

        return text.Append(Text("end")).ToString();
    }

    /// <param name="inside">Where one date is scored: how much dates differ.</param>
    private static List<Validation.Row> Sets(StringBuilder text, string name, Func<SeriesSet, List<Validation.Case>> cases, Action<string> told, List<Validation.Row>? inside = null)
    {
        var rows = new List<Validation.Row>();
        foreach (var set in SeriesSet.All)
        {
            rows.Add(Validation.Of(set, name, cases(set), ForecasterCatalog.Default));
            told(rows[^1].ToString());
        }

        foreach (var (row, i) in rows.Select((row, i) => (row, i)))
        {
            var (two80, two95) = inside is null ? (row.Held80.TwoErrors(), row.Held95.TwoErrors()) : (row.Held80.TwoErrors(inside[i].Held80), row.Held95.TwoErrors(inside[i].Held95));
            text.Append(FormattableString.Invariant(
                $"| {row.Set.Name} | {row.Cases} | {row.Set.Horizon} | {row.Mean.Smape:F2} | {row.Mean.Mase:F3} | {row.Mean.Owa:F3} | {row.Mean.Quantile:F3} | {100 * row.Mean.Held80:F1} ± {two80:F1} | {100 * row.Mean.Held95:F1} ± {two95:F1} | {row.Mean.Msis:F2} | {row.CpuMilliseconds:F1} |\n"));
        }

        var values = rows.Sum(r => (double)r.Cases * r.Set.Horizon);
        text.Append(FormattableString.Invariant(
            $"| pooled | {rows.Sum(r => r.Cases)} | | | | | | {100 * rows.Sum(r => r.Mean.Held80 * r.Cases * r.Set.Horizon) / values:F1} | {100 * rows.Sum(r => r.Mean.Held95 * r.Cases * r.Set.Horizon) / values:F1} | | |\n"));
        return rows;
    }

    private static string Lost(Backtest.Row row)
    {
        string[] names = ["", "seasonal naive", "last week's mean", "straight line"];
        var better = Enumerable.Range(1, 3).Where(i => row.Scores[i].Mase < row.Scores[0].Mase || row.Scores[i].Pinball < row.Scores[0].Pinball);
        return "lost to " + string.Join(", ", better.Select(i => names[i] + (row.Scores[i].Mase < row.Scores[0].Mase ? row.Scores[i].Pinball < row.Scores[0].Pinball ? "" : " (MASE)" : " (pinball)")));
    }

    /// <summary>A section of the text beside the program.</summary>
    /// <summary>The tables of demand are measured by bench/demand: those of an earlier document stay.</summary>
    public static string WithTablesOf(string earlier, string text)
    {
        foreach (var mark in (string[])["harness", "kinds", "replay"])
        {
            if (Between(earlier, mark) is { } table && Between(text, mark) is { } place)
            {
                text = text[..place.Start] + earlier[table] + text[place.End..];
            }
        }

        return text;
    }

    private static Range? Between(string text, string mark)
    {
        var (begin, end) = ($"<!-- {mark} -->\n", $"<!-- /{mark} -->");
        var (from, until) = (text.IndexOf(begin, StringComparison.Ordinal), text.IndexOf(end, StringComparison.Ordinal));
        return from < 0 || until < 0 ? null : (from + begin.Length)..until;
    }

    private static string Text(string section)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "accuracy-text.md"));
        var from = text.IndexOf($"<!-- {section} -->", StringComparison.Ordinal) + $"<!-- {section} -->".Length;
        var until = section == "end" ? -1 : text.IndexOf("<!-- ", from, StringComparison.Ordinal);
        return (section == "intro" ? "" : "\n") + (until < 0 ? text[from..] : text[from..until]).TrimStart('\n');
    }
}
