using System.Collections.Immutable;
using System.Globalization;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Records.Series;

/// <summary>One series of a file, in the order of the file.</summary>
/// <param name="Instants">Unit: microseconds since the Unix epoch.</param>
/// <param name="Values">Parallel; NaN is a gap.</param>
public sealed record DatedSeries(string Id, ImmutableArray<long> Instants, ImmutableArray<double> Values);

/// <summary>What a first reading tells of a file.</summary>
/// <param name="Series">How many it names.</param>
/// <param name="OneAfterTheOther">The rows of every series stand together, so that each can be let go before the next is read.</param>
public sealed record SeriesFileOutline(int Series, bool OneAfterTheOther);

/// <summary>The series CSV: <c>series_id,timestamp,value</c>. Any time since year 1 will do; one without a zone is read as UTC, since a forecast only counts steps.</summary>
public static class SeriesFile
{
    private const int ProblemsTold = 10;

    /// <param name="path">Plain or <c>.gz</c>.</param>
    /// <exception cref="UserException">Missing, unreadable, without one of the columns, or without a row.</exception>
    public static SeriesFileOutline Outline(string path)
    {
        using var content = TextFile.Open(path);
        using var table = Open(content, path);
        var (seen, last, together) = (new HashSet<string>(StringComparer.Ordinal), (string?)null, true);
        while (table.Read())
        {
            var id = IdOf(table);
            if (id != last)
            {
                together &= seen.Add(id);
                last = id;
            }
        }

        return seen.Count > 0 ? new(seen.Count, together) : throw Nothing(path);
    }

    /// <summary>The series of a file in the order in which they begin; of a file whose rows stand together, only one at a time is in memory.</summary>
    /// <param name="outline">Of the same file.</param>
    /// <param name="problem">Told of rows that are not taken, the first ten, while they are read.</param>
    /// <exception cref="UserException">While it is read: missing, unreadable, without one of the columns, or without a row that can be taken.</exception>
    public static IEnumerable<DatedSeries> Read(string path, SeriesFileOutline outline, Action<UserMessage> problem)
    {
        ArgumentNullException.ThrowIfNull(outline);
        ArgumentNullException.ThrowIfNull(problem);

        var any = false;
        foreach (var series in outline.OneAfterTheOther ? Together(path, problem) : Mixed(path, problem))
        {
            any = true;
            yield return series;
        }

        if (!any)
        {
            throw Nothing(path);
        }
    }

    private static IEnumerable<DatedSeries> Together(string path, Action<UserMessage> problem)
    {
        Columns? columns = null;
        foreach (var (id, instant, value) in Rows(path, problem))
        {
            if (columns is not null && columns.Id != id)
            {
                yield return columns.Series();
                columns = null;
            }

            (columns ??= new(id)).Add(instant, value);
        }

        if (columns is not null)
        {
            yield return columns.Series();
        }
    }

    private static IEnumerable<DatedSeries> Mixed(string path, Action<UserMessage> problem)
    {
        var (order, known) = (new List<Columns>(), new Dictionary<string, Columns>(StringComparer.Ordinal));
        foreach (var (id, instant, value) in Rows(path, problem))
        {
            if (!known.TryGetValue(id, out var columns))
            {
                known[id] = columns = new(id);
                order.Add(columns);
            }

            columns.Add(instant, value);
        }

        return order.Select(columns => columns.Series());
    }

    private static IEnumerable<(string Id, long Instant, double Value)> Rows(string path, Action<UserMessage> problem)
    {
        using var content = TextFile.Open(path);
        using var table = Open(content, path);
        if (table.Ignored.Count > 0)
        {
            problem(UserMessage.Of(MessageCode.ColumnsIgnored, path, table.Ignored.Count, string.Join(", ", table.Ignored)));
        }

        var told = 0;
        while (table.Read())
        {
            if (Instant(table.Cell("timestamp")) is { } instant && Value(table.Cell("value")) is { } value)
            {
                yield return (IdOf(table), instant, value);
            }
            else if (told++ < ProblemsTold)
            {
                problem(UserMessage.Of(MessageCode.SeriesRow, table.Place, table.Raw.Trim()));
            }
        }
    }

    private static Table Open(Stream content, string path) => new(content, path, ["timestamp", "value"], ["series_id"]);

    private static string IdOf(Table table) => table.Cell("series_id") ?? "series";

    private static UserException Nothing(string path) => new(UserMessage.Of(MessageCode.SeriesTooShort, path, 0, 1));

    internal static long? Instant(string? text) => text switch
    {
        null => null,
        _ when Usual(text) is { } instant => instant,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && seconds is > -100_000_000_000 and < 100_000_000_000 => seconds * Micros.PerSecond,
        _ when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) => Instants.From(instant),
        _ => null,
    };

    // 2026-03-01T08:00:00Z, as nearly all files write it; most of the time of reading would go into finding out how else it might be written.
    private static long? Usual(string text)
    {
        const string Form = "0000-00-00T00:00:00Z";
        if (text.Length != Form.Length)
        {
            return null;
        }

        Span<int> parts = stackalloc int[6];
        var part = 0;
        for (var i = 0; i < Form.Length; i++)
        {
            if (Form[i] != '0')
            {
                if (text[i] != Form[i])
                {
                    return null;
                }

                part++;
            }
            else if (char.IsAsciiDigit(text[i]))
            {
                parts[part] = (10 * parts[part]) + (text[i] - '0');
            }
            else
            {
                return null;
            }
        }

        return parts is [>= 1, >= 1 and <= 12, >= 1, <= 23, <= 59, <= 59] && parts[2] <= DateTime.DaysInMonth(parts[0], parts[1])
            ? Instants.From(new DateTimeOffset(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], TimeSpan.Zero))
            : null;
    }

    // An empty value is a gap; a word is a mistake.
    private static double? Value(string? text) => text switch
    {
        null => double.NaN,
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && !double.IsInfinity(value) => value,
        _ => null,
    };

    private sealed class Columns(string id)
    {
        private readonly ImmutableArray<long>.Builder _instants = ImmutableArray.CreateBuilder<long>();
        private readonly ImmutableArray<double>.Builder _values = ImmutableArray.CreateBuilder<double>();

        public string Id => id;

        public void Add(long instant, double value)
        {
            _instants.Add(instant);
            _values.Add(value);
        }

        public DatedSeries Series() => new(id, _instants.ToImmutable(), _values.ToImmutable());
    }
}
