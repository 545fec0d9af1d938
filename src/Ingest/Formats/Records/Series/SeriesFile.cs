using System.Collections.Immutable;
using System.Globalization;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Records.Series;

/// <summary>One series of a file, in the order of the file.</summary>
/// <param name="Instants">Unit: microseconds since the Unix epoch.</param>
/// <param name="Values">Parallel; NaN is a gap.</param>
public sealed record DatedSeries(string Id, ImmutableArray<long> Instants, ImmutableArray<double> Values);

/// <param name="Problems">Rows that were not taken, the first of each kind.</param>
public sealed record SeriesFileContent(ImmutableArray<DatedSeries> Series, ImmutableArray<UserMessage> Problems);

/// <summary>The series CSV: <c>series_id,timestamp,value</c>. Any time since year 1 will do; one without a zone is read as UTC, since a forecast only counts steps.</summary>
public static class SeriesFile
{
    private const int ProblemsTold = 10;

    /// <param name="path">Plain or <c>.gz</c>.</param>
    /// <exception cref="UserException">Missing, unreadable, or without one of the columns.</exception>
    public static SeriesFileContent Read(string path)
    {
        using var content = TextFile.Open(path);
        using var table = new Table(content, path, ["timestamp", "value"], ["series_id"]);
        var series = new Dictionary<string, (ImmutableArray<long>.Builder Instants, ImmutableArray<double>.Builder Values)>(StringComparer.Ordinal);
        var order = new List<string>();
        var problems = ImmutableArray.CreateBuilder<UserMessage>();
        if (table.Ignored.Count > 0)
        {
            problems.Add(UserMessage.Of(MessageCode.ColumnsIgnored, path, table.Ignored.Count, string.Join(", ", table.Ignored)));
        }

        while (table.Read())
        {
            var id = table.Cell("series_id") ?? "series";
            if (Instant(table.Cell("timestamp")) is not { } instant || Value(table.Cell("value")) is not { } value)
            {
                if (problems.Count < ProblemsTold)
                {
                    problems.Add(UserMessage.Of(MessageCode.SeriesRow, table.Place, table.Raw.Trim()));
                }

                continue;
            }

            if (!series.TryGetValue(id, out var columns))
            {
                series[id] = columns = (ImmutableArray.CreateBuilder<long>(), ImmutableArray.CreateBuilder<double>());
                order.Add(id);
            }

            columns.Instants.Add(instant);
            columns.Values.Add(value);
        }

        if (order.Count == 0)
        {
            throw new UserException([.. problems, UserMessage.Of(MessageCode.SeriesTooShort, path, 0, 1)]);
        }

        return new([.. order.Select(id => new DatedSeries(id, series[id].Instants.ToImmutable(), series[id].Values.ToImmutable()))], problems.ToImmutable());
    }

    internal static long? Instant(string? text) => text switch
    {
        null => null,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && seconds is > -100_000_000_000 and < 100_000_000_000 => seconds * Micros.PerSecond,
        _ when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) => Instants.From(instant),
        _ => null,
    };

    // An empty value is a gap; a word is a mistake.
    private static double? Value(string? text) => text switch
    {
        null => double.NaN,
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && !double.IsInfinity(value) => value,
        _ => null,
    };
}
