using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Telemetry.Mapped;

/// <summary>A table with a header, read as its mapping says. The unit of counting is the row.</summary>
internal sealed partial class MappedTableFormat : GaugeRowFormat
{
    // The day 0 of spreadsheets, as they count after their 29 February 1900.
    private static readonly DateTime ExcelEpoch = new(1899, 12, 30, 0, 0, 0, DateTimeKind.Unspecified);

    private readonly TableMapping _mapping;
    private readonly TimeZoneInfo? _zone;
    private readonly Dictionary<string, int> _columns = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _cells = [];
    private int _width = -1;

    public MappedTableFormat(TableMapping mapping, TelemetrySource source)
        : base(source)
    {
        _mapping = mapping;
        _zone = source.Zone ?? (mapping.Zone is { } zone ? Zones.Find(zone) : null);
    }

    public override string Name => _mapping.Name;

    protected override void UnterminatedLine(ReadOnlySpan<byte> line) => Line(line);

    protected override void Line(ReadOnlySpan<byte> line)
    {
        if (line.Trim(" \t"u8).IsEmpty)
        {
            return;
        }

        var text = Encoding.UTF8.GetString(line);
        if (!TryCells(text) || (_width >= 0 && _cells.Count != _width))
        {
            Refuse(RejectReason.Malformed, text);
        }
        else if (_width < 0)
        {
            Header(text);
        }
        else if (TryInstant(out var instant))
        {
            Row(instant);
        }
    }

    private void Header(string text)
    {
        _width = _cells.Count;
        for (var column = 0; column < _width; column++)
        {
            _columns.TryAdd(_cells[column], column);
        }

        string?[] wanted = [_mapping.TimeColumn, _mapping.CardColumn, _mapping.CardColumn is null ? _mapping.SlotColumn : null, .. _mapping.Gauges.Where(gauge => gauge.Metric == TelemetryMetrics.Utilization).Select(gauge => gauge.Column)];
        var missing = wanted.OfType<string>().Where(name => !_columns.ContainsKey(name)).ToArray();
        if (missing.Length > 0)
        {
            throw new UserException(UserMessage.Of(
                MessageCode.ColumnMissing, PlaceOf(LineNumber), string.Join(", ", missing), text[..Math.Min(text.Length, 200)], string.Join(",", wanted.OfType<string>())));
        }

        var used = wanted.Concat([_mapping.HostColumn, _mapping.ModelColumn, _mapping.PartitionColumn, _mapping.SlotColumn, .. _mapping.Gauges.Select(gauge => gauge.Column)]);
        Rejects.IgnoredColumns.UnionWith(_columns.Keys.Except(used.OfType<string>(), StringComparer.OrdinalIgnoreCase));
    }

    private void Row(long instant)
    {
        var host = Cell(_mapping.HostColumn) ?? Source.Host;
        var slot = Cell(_mapping.SlotColumn);
        var id = Cell(_mapping.CardColumn) ?? (slot is not null && host is not null ? $"{slot}@{host}" : null);
        var found = new GaugeCell[_mapping.Gauges.Length];
        for (var gauge = 0; gauge < found.Length; gauge++)
        {
            var (column, metric, steps) = _mapping.Gauges[gauge];
            found[gauge] = GaugeCell.Of(metric, Number(Cell(column) ?? ""), steps);
        }

        Row(id, host, slot, Cell(_mapping.ModelColumn), Cell(_mapping.PartitionColumn), instant, Cell(_mapping.TimeColumn) ?? "", found);
    }

    // A decimal comma becomes a point; a point in such a table is none of its numbers.
    private string Number(string cell)
    {
        var text = cell is [.., '%'] ? cell[..^1].TrimEnd() : cell;
        return !_mapping.DecimalComma ? text : text.Contains('.', StringComparison.Ordinal) ? "?" + text : text.Replace(',', '.');
    }

    private bool TryInstant(out long instant)
    {
        var text = Cell(_mapping.TimeColumn) ?? "";
        var outcome = _mapping.Time == TableTime.Excel ? Excel(text, out instant) : TimeText.Read(Encoding.UTF8.GetBytes(Iso(text)), _zone, out instant);
        if (outcome == TimeOutcome.NoZone)
        {
            throw new UserException(UserMessage.Of(MessageCode.ZoneMissing, PlaceOf(LineNumber), text));
        }

        if (outcome != TimeOutcome.Good)
        {
            Refuse(RejectReason.BadTime, text, _mapping.TimeColumn);
        }

        return outcome == TimeOutcome.Good;
    }

    private TimeOutcome Excel(string text, out long instant)
    {
        instant = 0;
        if (!double.TryParse(_mapping.DecimalComma ? text.Replace(',', '.') : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var days) || days is < 1 or > 2_000_000)
        {
            return TimeOutcome.Bad;
        }

        // A spreadsheet keeps eleven significant digits of a day: whole seconds are what was meant.
        var clock = ExcelEpoch.AddSeconds(Math.Round(days * 86_400));
        return TimeText.Read(Encoding.UTF8.GetBytes(clock.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)), _zone, out instant);
    }

    // "2026/3/1 8:00" as a spreadsheet writes it.
    private static string Iso(string text)
    {
        var match = Slashed().Match(text);
        if (!match.Success)
        {
            return text;
        }

        string Two(string group) => match.Groups[group].Value.PadLeft(2, '0');
        return $"{match.Groups["y"].Value}-{Two("m")}-{Two("d")}" + (match.Groups["h"].Success ? $"T{Two("h")}{match.Groups["rest"].Value}" : "");
    }

    private string? Cell(string? column) =>
        column is not null && _columns.TryGetValue(column, out var place) && _cells[place] is { Length: > 0 } text && !_mapping.Missing.Contains(text) ? text : null;

    // RFC 4180 within one line.
    private bool TryCells(string line)
    {
        _cells.Clear();
        var (cell, inside) = (new StringBuilder(), false);
        for (var i = 0; i <= line.Length; i++)
        {
            if (i == line.Length || (line[i] == _mapping.Separator && !inside))
            {
                _cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else if (line[i] != '"')
            {
                cell.Append(line[i]);
            }
            else if (inside && i + 1 < line.Length && line[i + 1] == '"')
            {
                cell.Append(line[i++]);
            }
            else
            {
                inside = !inside;
            }
        }

        return !inside;
    }

    [GeneratedRegex(@"^(?<y>\d{4})[/-](?<m>\d{1,2})[/-](?<d>\d{1,2})([ T](?<h>\d{1,2})(?<rest>:.*))?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Slashed();
}
