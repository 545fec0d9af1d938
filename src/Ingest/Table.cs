using System.Collections.Immutable;
using System.Globalization;
using CsvHelper;
using Headroom.Domain.Messages;

namespace Headroom.Ingest;

/// <summary>A small CSV file with a header, row by row: catalogs, calendars, records. Bulk telemetry has its own parser.</summary>
/// <remarks>UTF-8, comma, double quotes; a quoted cell never spans lines, so a stray quote costs one row and not the file.</remarks>
internal sealed class Table : IDisposable
{
    private const int LongestRow = 1 << 20;
    private readonly CsvReader _rows;
    private readonly string _file;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private long _malformedLine = -1;

    /// <param name="file">How messages name the content.</param>
    /// <exception cref="UserException">A required column is missing, or the content cannot be read.</exception>
    public Table(Stream content, string file, ImmutableArray<string> required, ImmutableArray<string> optional)
    {
        _file = file;
        _rows = CsvReader.Create(content, new CsvReaderOptions
        {
            Separator = ',',
            TrackLineNumbers = true,
            TrimWhitespace = true,
            AllowLineBreaksInQuotes = false,
            MaxRecordSize = LongestRow,
            OnMalformedRecord = record => _malformedLine = record.LineNumber,
        });
        var headers = Guarded(() =>
        {
            _rows.ReadHeader();
            return _rows.Headers.ToArray();
        });
        for (var column = 0; column < headers.Length; column++)
        {
            var name = headers[column].Trim().ToLowerInvariant();
            if (required.Contains(name) || optional.Contains(name))
            {
                _columns.TryAdd(name, column);
            }
            else
            {
                Ignored.Add(headers[column].Trim());
            }
        }

        var missing = required.Where(name => !_columns.ContainsKey(name)).ToArray();
        if (missing.Length > 0)
        {
            throw new UserException(UserMessage.Of(
                MessageCode.ColumnMissing, file + ":1", string.Join(", ", missing), string.Join(",", headers), string.Join(",", required)));
        }
    }

    public SortedSet<string> Ignored { get; } = new(StringComparer.Ordinal);

    public string Place => string.Create(CultureInfo.InvariantCulture, $"{_file}:{_rows.LineNumber}");

    /// <summary>The row breaks the rules of quoting: nothing in it can be trusted.</summary>
    public bool IsMalformed => _malformedLine == _rows.LineNumber || _rows.FieldCount > 4 * (_columns.Count + Ignored.Count);

    public string Raw => System.Text.Encoding.UTF8.GetString(_rows.RawRecord);

    public bool Read() => Guarded(_rows.Read);

    public bool Has(string column) => _columns.ContainsKey(column);

    /// <summary>The trimmed text of a cell; null where it is empty or its column is not there.</summary>
    public string? Cell(string column)
    {
        if (!_columns.TryGetValue(column, out var index) || index >= _rows.FieldCount)
        {
            return null;
        }

        var text = _rows.GetString(index).Trim();
        return text.Length == 0 ? null : text;
    }

    public void Dispose() => _rows.Dispose();

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem is CsvFormatException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new UserException(UserMessage.Of(MessageCode.FileUnreadable, Place, problem.Message), problem);
        }
    }
}
