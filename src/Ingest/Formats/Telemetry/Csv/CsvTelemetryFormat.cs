using System.Collections.Immutable;
using System.Text;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Telemetry.Csv;

/// <summary>The bulk telemetry file: one row is one card at one instant. Reads bytes; makes no string for a row that repeats a known device.</summary>
internal sealed class CsvTelemetryFormat(TelemetrySource source) : LineFormat(source)
{
    public const string FormatName = "csv";

    private static readonly ImmutableArray<string> Columns =
        ["timestamp", "card", "host", "partition", "utilization", "memory_used_mib", "power_w", "temperature_c"];

    private static readonly ImmutableArray<string> Required = ["timestamp", "card", "utilization"];

    // Places in Columns. Unknown columns of a file go to one place behind them.
    private const int Timestamp = 0;
    private const int Card = 1;
    private const int Host = 2;
    private const int Partition = 3;
    private const int FirstGauge = 4;
    private const int Unknown = 8;

    private const RejectReason NoReason = (RejectReason)(-1);

    private readonly long _latest = source.Now + Micros.PerHour;
    private readonly KeyTable _devices = new();
    private readonly List<DeviceSighting> _sightings = [];
    private readonly List<int> _ordinals = [];
    private readonly SortedSet<string> _ignored = new(StringComparer.Ordinal);
    private SampleBatch? _ordinalsOf;
    private int[]? _placeOfColumn;
    private byte[] _unquoted = [];
    private byte[] _timeText = [];
    private (TimeOutcome Outcome, long Instant) _time = (TimeOutcome.Empty, 0);
    private bool _sawAnInstant;

    public override string Name => FormatName;

    /// <summary>Whether a first line is the header of such a file.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> line)
    {
        var names = Encoding.UTF8.GetString(line).Split(',', StringSplitOptions.TrimEntries).Select(CellName).ToArray();
        return names.Contains("timestamp") && (names.Contains("card") || names.Contains("utilization"));
    }

    protected override void BatchBegins()
    {
        Rejects.IgnoredColumns.UnionWith(_ignored);
        if (!ReferenceEquals(_ordinalsOf, Into))
        {
            _ordinalsOf = Into;
            for (var device = 0; device < _ordinals.Count; device++)
            {
                _ordinals[device] = -1;
            }
        }
    }

    protected override void UnterminatedLine(ReadOnlySpan<byte> line) => Line(line);

    protected override void Line(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            return;
        }

        if (_placeOfColumn is null)
        {
            Header(line);
            return;
        }

        // Offsets of the nine places: begin and length.
        Span<int> begins = stackalloc int[Unknown + 1];
        Span<int> lengths = stackalloc int[Unknown + 1];
        lengths.Clear();
        var quoted = line.Contains((byte)'"');
        if (!(quoted ? Quoted(line, begins, lengths) : Plain(line, begins, lengths)))
        {
            Reject(RejectReason.Malformed, line);
            return;
        }

        Row(quoted ? _unquoted : line, begins, lengths);
    }

    private void Header(ReadOnlySpan<byte> line)
    {
        var found = Encoding.UTF8.GetString(line);
        var names = found.Split(',', StringSplitOptions.TrimEntries);
        var places = new int[names.Length];
        for (var column = 0; column < names.Length; column++)
        {
            var place = Columns.IndexOf(CellName(names[column]));
            var isNew = place >= 0 && !places.AsSpan(0, column).Contains(place);
            places[column] = isNew ? place : Unknown;
            if (!isNew)
            {
                _ignored.Add(names[column]);
            }
        }

        var missing = Required.Where(name => !places.Contains(Columns.IndexOf(name))).ToArray();
        if (missing.Length > 0)
        {
            throw new UserException(UserMessage.Of(MessageCode.ColumnMissing, PlaceOf(1), string.Join(", ", missing), Shortened(found), string.Join(",", Columns)));
        }

        Rejects.IgnoredColumns.UnionWith(_ignored);
        _placeOfColumn = places;
    }

    private bool Plain(ReadOnlySpan<byte> line, Span<int> begins, Span<int> lengths)
    {
        var places = _placeOfColumn!;
        var begin = 0;
        for (var column = 0; column < places.Length; column++)
        {
            var length = line[begin..].IndexOf((byte)',');
            if (length < 0 != (column == places.Length - 1))
            {
                return false;
            }

            length = length < 0 ? line.Length - begin : length;
            (begins[places[column]], lengths[places[column]]) = (begin, length);
            begin += length + 1;
        }

        return true;
    }

    // RFC 4180 within one line: a doubled quote is a quote, a comma between quotes is text.
    private bool Quoted(ReadOnlySpan<byte> line, Span<int> begins, Span<int> lengths)
    {
        if (_unquoted.Length < line.Length)
        {
            _unquoted = new byte[line.Length * 2];
        }

        var (column, begin, write, inside) = (0, 0, 0, false);
        for (var read = 0; read <= line.Length; read++)
        {
            if (read == line.Length || (line[read] == ',' && !inside))
            {
                if (inside || column == _placeOfColumn!.Length)
                {
                    return false;
                }

                (begins[_placeOfColumn[column]], lengths[_placeOfColumn[column]]) = (begin, write - begin);
                column++;
                begin = write;
            }
            else if (line[read] != '"')
            {
                _unquoted[write++] = line[read];
            }
            else if (inside && read + 1 < line.Length && line[read + 1] == '"')
            {
                _unquoted[write++] = line[read++];
            }
            else if (inside ? read + 1 == line.Length || line[read + 1] == ',' : write == begin)
            {
                inside = !inside;
            }
            else
            {
                return false;
            }
        }

        return column == _placeOfColumn!.Length;
    }

    private void Row(ReadOnlySpan<byte> text, ReadOnlySpan<int> begins, ReadOnlySpan<int> lengths)
    {
        var time = Trimmed(text.Slice(begins[Timestamp], lengths[Timestamp]));
        if (!TryInstant(time, out var instant, out var reason))
        {
            Reject(reason, time, Columns[Timestamp]);
            return;
        }

        var card = Trimmed(text.Slice(begins[Card], lengths[Card]));
        if (card.IsEmpty)
        {
            Reject(RejectReason.NoDevice, time, Columns[Card], instant: instant);
            return;
        }

        var device = Device(card, Trimmed(text.Slice(begins[Host], lengths[Host])), Trimmed(text.Slice(begins[Partition], lengths[Partition])));
        var row = Into.Add(_ordinals[device], instant);
        for (var place = FirstGauge; place < Unknown; place++)
        {
            if (lengths[place] == 0)
            {
                continue;
            }

            var metric = TelemetryMetrics.All[place - FirstGauge];
            var cell = Trimmed(text.Slice(begins[place], lengths[place]));
            var outcome = GaugeText.Read(cell, metric, metric.StepsPerUnit, out var value);
            if (outcome == GaugeOutcome.Good)
            {
                Into.Set(row, metric, value);
            }
            else if (outcome != GaugeOutcome.Absent)
            {
                if (place == FirstGauge)
                {
                    reason = GaugeText.ReasonOf(outcome);
                    Reject(reason, cell, metric.Name, _sightings[device].Id, instant);
                }
                else
                {
                    Rejects.LoseCell();
                }
            }
        }

        if (reason == NoReason)
        {
            Rejects.Accept();
        }
    }

    private bool TryInstant(ReadOnlySpan<byte> text, out long instant, out RejectReason reason)
    {
        if (!text.SequenceEqual(_timeText))
        {
            _time.Outcome = TimeText.Read(text, Source.Zone, out _time.Instant);
            if (text.Length == _timeText.Length)
            {
                text.CopyTo(_timeText);
            }
            else
            {
                _timeText = text.ToArray();
            }
        }

        instant = _time.Instant;
        if (_time.Outcome == TimeOutcome.NoZone && !_sawAnInstant)
        {
            throw new UserException(UserMessage.Of(MessageCode.ZoneMissing, PlaceOf(LineNumber), Encoding.UTF8.GetString(text)));
        }

        reason = _time.Outcome switch
        {
            TimeOutcome.Good when instant < TimeText.Oldest => RejectReason.Ancient,
            TimeOutcome.Good when instant > _latest => RejectReason.Future,
            TimeOutcome.Good => NoReason,
            _ => RejectReason.BadTime,
        };
        _sawAnInstant |= _time.Outcome == TimeOutcome.Good;
        return reason == NoReason;
    }

    private int Device(ReadOnlySpan<byte> card, ReadOnlySpan<byte> host, ReadOnlySpan<byte> partition)
    {
        var device = _devices.Find(card, host, partition);
        if (device < 0)
        {
            device = _devices.Add(card, host, partition);
            _sightings.Add(new(
                Encoding.UTF8.GetString(card),
                host.IsEmpty ? Source.Host : Encoding.UTF8.GetString(host),
                Slot: null,
                Model: null,
                partition.IsEmpty ? null : Encoding.UTF8.GetString(partition)));
            _ordinals.Add(-1);
        }

        if (_ordinals[device] < 0)
        {
            _ordinals[device] = Into.Ordinal(_sightings[device]);
        }

        return device;
    }

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> cell) =>
        cell.Length > 0 && (cell[0] <= ' ' || cell[^1] <= ' ') ? cell.Trim(" \t"u8) : cell;

    private static string CellName(string name) => name.Trim('"').ToLowerInvariant();

    private static string Shortened(string text) => text.Length <= 200 ? text : text[..200];
}
