using System.Collections.Immutable;
using System.Text;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Ingest.Formats.Telemetry;

namespace Headroom.Ingest.Formats.Records.Slurm;

/// <summary>The output of a Slurm command with <c>-P</c>, <c>-p</c> or a delimiter of its own. Slurm does not escape: a bar within a name makes a row too long.</summary>
internal sealed class SlurmTable
{
    private const char Unit = '\x1f';

    // What may hold a bar; where just one of them is asked for, a row can be mended. Slurm's own reasons hold none.
    private static readonly string[] FreeTexts = ["JobName", "Comment", "AdminComment", "SystemComment", "WorkDir", "SubmitLine", "Reason", "WCKey", "Extra"];

    private readonly RecordLines _lines;
    private readonly RecordSource _source;
    private readonly Dictionary<string, int> _columns = new(StringComparer.OrdinalIgnoreCase);
    private readonly char _delimiter;
    private readonly bool _endsWithDelimiter;
    private readonly int _width;
    private readonly int _free = -1;
    private string[] _cells = [];

    /// <exception cref="UserException">A column is missing.</exception>
    public SlurmTable(RecordLines lines, RecordSource source, ImmutableArray<string> required)
    {
        (_lines, _source) = (lines, source);
        var header = Header();
        _delimiter = DelimiterOf(header);
        _endsWithDelimiter = header.EndsWith(_delimiter);
        var names = Cells(header);
        _width = names.Length;
        for (var column = 0; column < names.Length; column++)
        {
            _columns.TryAdd(names[column].Trim(), column);
        }

        var missing = required.Where(name => !_columns.ContainsKey(name)).ToArray();
        if (missing.Length > 0)
        {
            throw new UserException(UserMessage.Of(
                MessageCode.ColumnMissing, lines.Place, string.Join(", ", missing), header.Replace(Unit, '|')[..Math.Min(header.Length, 200)], string.Join("|", required)));
        }

        var free = FreeTexts.Where(_columns.ContainsKey).ToArray();
        _free = free is ["JobName", "Reason"] or [_] ? _columns[free[0]] : -1;
    }

    public static char DelimiterOf(string header) => header.Contains(Unit, StringComparison.Ordinal) ? Unit : '|';

    /// <summary>The next row; a row that cannot be one is rejected and passed over. False: there are no more.</summary>
    public bool Read()
    {
        while (_lines.Next() is { } line)
        {
            if (line.Length == 0)
            {
                continue;
            }

            _cells = Mended(Cells(line));
            if (_cells.Length == _width)
            {
                return true;
            }

            _lines.Reject(RejectReason.Malformed, column: null, line);
        }

        return false;
    }

    /// <summary>Null: empty, or the column is not there.</summary>
    public string? Cell(string column) =>
        _columns.TryGetValue(column, out var index) && _cells[index].Trim() is { Length: > 0 } text ? text : null;

    public bool Has(string column) => _columns.ContainsKey(column);

    /// <summary>Null for an empty cell and for what Slurm writes where there is no time yet. False: not a time.</summary>
    /// <exception cref="UserException">A local time, and nobody said of which zone.</exception>
    public bool TryInstant(string column, out long? instant)
    {
        instant = null;
        if (Cell(column) is not { } text || text is "Unknown" or "None" or "N/A")
        {
            return true;
        }

        var outcome = TimeText.Read(Encoding.UTF8.GetBytes(text), _source.Zone, out var read);
        instant = read;
        return outcome switch
        {
            TimeOutcome.NoZone => throw new UserException(UserMessage.Of(MessageCode.ZoneMissing, _lines.Place, text)),
            TimeOutcome.Good => true,
            _ => false,
        };
    }

    private string Header()
    {
        while (_lines.Next() is { } line)
        {
            if (line.Contains('|', StringComparison.Ordinal) || line.Contains(Unit, StringComparison.Ordinal))
            {
                return line;
            }
        }

        return "";
    }

    private string[] Cells(string line) => (_endsWithDelimiter && line.EndsWith(_delimiter) ? line[..^1] : line).Split(_delimiter);

    private string[] Mended(string[] cells)
    {
        var extra = cells.Length - _width;
        return extra <= 0 || _free < 0
            ? cells
            : [.. cells[.._free], string.Join(_delimiter, cells[_free..(_free + extra + 1)]), .. cells[(_free + extra + 1)..]];
    }
}
