using System.Collections.Immutable;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Catalogs;

/// <summary>A calendar of published days off and make-up working days, <c>data/calendars/china.csv</c>.</summary>
public static class CalendarFile
{
    private static readonly ImmutableArray<string> Columns = ["from", "to", "kind", "holiday", "source"];

    /// <exception cref="UserException">Missing, unreadable or a wrong value; all problems are in it.</exception>
    public static ChineseCalendar Load(string path)
    {
        using var stream = TextFile.Guarded(path, () => File.OpenRead(path));
        return Read(stream, path);
    }

    /// <exception cref="UserException">The text is not a calendar.</exception>
    public static ChineseCalendar Parse(string text, string file)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        return Read(stream, file);
    }

    private static ChineseCalendar Read(Stream stream, string file)
    {
        using var table = new Table(stream, file, Columns, []);
        var problems = ImmutableArray.CreateBuilder<UserMessage>();
        var spans = new List<CalendarSpan>();
        while (table.Read())
        {
            var cells = new TableCells(table, problems);
            var span = new CalendarSpan(cells.Day("from"), cells.Day("to"), cells.Word("kind", ("off", false), ("work", true)), cells.Text("holiday"));
            if (span.To < span.From || span.To.DayNumber - span.From.DayNumber > 31)
            {
                span = cells.Wrong("to", "from..from+31", span with { To = span.From });
            }

            spans.Add(span);
        }

        return problems.Count > 0 ? throw new UserException(problems.ToImmutable()) : new(spans);
    }
}
