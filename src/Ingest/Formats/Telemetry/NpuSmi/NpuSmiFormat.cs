using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Ingest.Identity;

namespace Headroom.Ingest.Formats.Telemetry.NpuSmi;

/// <summary>What <c>npu-smi info</c> prints, as a table or with <c>-t usages</c> or <c>-t common</c>. It names no host and no time: say both. The unit of counting is the chip.</summary>
/// <remarks>
/// Widths differ from version to version, so rows are split at their bars and read by their shape. A card of two dies prints the power once, with its first die.
/// Chips go by their bus on the host, as npu-exporter names a chip without a die id; the lists carry no bus, there it is the number of the NPU.
/// </remarks>
internal sealed partial class NpuSmiFormat(TelemetrySource source) : GaugeRowFormat(source)
{
    public const string FormatName = "npu-smi";

    private (string Npu, string Name, string Power, string Temperature, long Line)? _upper;
    private bool _isBeyondChips;
    private Chip? _chip;

    public override string Name => FormatName;

    /// <summary>Whether content begins like such output.</summary>
    public static bool Begins(ReadOnlySpan<byte> beginning) =>
        beginning.IndexOf("| npu-smi "u8) >= 0 || (beginning.IndexOf("NPU ID "u8) >= 0 && (beginning.IndexOf("Usage Rate(%)"u8) >= 0 || beginning.IndexOf("Chip Count"u8) >= 0));

    protected override void Line(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line).Trim();
        if (text.StartsWith('|'))
        {
            TableRow(text);
        }
        else if (text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
        {
            Entry(text[..colon].Replace(" ", "", StringComparison.Ordinal), text[(colon + 1)..].Trim());
        }
    }

    protected override void UnterminatedLine(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line).Trim();
        if (text.Length == 0 || text[0] == '+' || (text[0] == '|' && text[^1] == '|'))
        {
            Line(line);
        }
        else if (text[0] == '|' || _chip is null)
        {
            Refuse(RejectReason.Malformed, text);
            _upper = null;
        }
        else
        {
            // The last entry of a list may lack digits; what stands before it is whole.
            Rejects.LoseCell();
        }
    }

    protected override void SourceEnds()
    {
        DropUpper();
        Flush();
    }

    private void TableRow(string row)
    {
        if (_isBeyondChips)
        {
            return;
        }

        var cells = row.Trim('|').Split('|', StringSplitOptions.TrimEntries);
        if (cells.Length < 3)
        {
            return;
        }

        if (cells[1].StartsWith("Process", StringComparison.Ordinal))
        {
            DropUpper();
            _isBeyondChips = true;
            return;
        }

        cells = Narrow(cells);
        if (Lower().Match($"{cells[0]}|{cells[2]}") is { Success: true } lower && _upper is { } upper)
        {
            _upper = null;
            ChipRow(upper, lower.Groups, cells[1]);
        }
        else if (Upper().Match(cells[0]) is { Success: true } named && cells[2].Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: >= 2 } gauges)
        {
            DropUpper();
            _upper = (named.Groups["npu"].Value, named.Groups["name"].Value, gauges[0], gauges[1], LineNumber);
        }
        else if (cells[0].Length > 0 && char.IsAsciiDigit(cells[0][0]))
        {
            Refuse(RejectReason.Malformed, row);
            _upper = null;
        }
    }

    // From 25.6 on number and name have a column each, and chips have no number: "| 0 | Ascend950PR | OK | ... |", "| | | 0000:71:00.0 | ... |".
    private string[] Narrow(string[] cells) => cells switch
    {
        [{ Length: > 0 } npu, { Length: > 0 } name, var health, var gauges] => [$"{npu} {name}", health, gauges],
        ["", "", var bus, var gauges] => [_upper is null ? "" : "0", bus, gauges],
        _ => cells,
    };

    private void ChipRow((string Npu, string Name, string Power, string Temperature, long Line) upper, GroupCollection lower, string bus)
    {
        var chip = lower["chip"].Value;
        var slot = lower["phy"] is { Success: true, Value: var physical } ? physical : chip == "0" ? upper.Npu : $"{upper.Npu}-{chip}";
        var isBus = bus.Contains(':', StringComparison.Ordinal);
        var memory = lower["hbm"] is { Success: true, Value: var hbm } ? hbm : lower["ddr"].Value;
        Add(
            isBus ? bus : slot,
            slot,
            ModelOf(upper.Name),
            [
                GaugeCell.Of(TelemetryMetrics.Utilization, lower["core"].Value, 10_000),
                GaugeCell.Of(TelemetryMetrics.MemoryUsed, memory, 1_024),
                GaugeCell.Of(TelemetryMetrics.Power, upper.Power, 1_000),
                GaugeCell.Of(TelemetryMetrics.Temperature, upper.Temperature, 1_000),
            ],
            upper.Line);
    }

    private void Entry(string key, string value)
    {
        switch (key)
        {
            case "NPUID":
                Flush();
                _chip = new(value, LineNumber);
                break;
            case "ChipID" when _chip is { } chip:
                if (chip.Number is not null && chip.HasGauges)
                {
                    Flush();
                    _chip = new(chip.Npu, LineNumber) { Number = value };
                }
                else
                {
                    chip.Number = value;
                }

                break;
            case "ChipName" when value == "mcu" && _chip is { } chip:
                chip.IsClosed = true;
                break;
            default:
                _chip?.Set(key, value);
                break;
        }
    }

    private void Flush()
    {
        if (_chip is { HasGauges: true } chip)
        {
            var slot = chip.Number is null or "0" ? chip.Npu : $"{chip.Npu}-{chip.Number}";
            Add(slot, slot, model: null, chip.Cells(), chip.Line);
        }

        _chip = null;
    }

    private void Add(string local, string slot, string? model, ReadOnlySpan<GaugeCell> cells, long line)
    {
        if (Source.At is not { } at)
        {
            throw new UserException(UserMessage.Of(MessageCode.TimeMissing, Source.Place, Name));
        }

        Row(Source.Host is { } host ? CardName.OnHost(local, host) : null, Source.Host, slot, model, pool: null, at, "", cells, line);
    }

    private void DropUpper()
    {
        if (_upper is { } upper)
        {
            _upper = null;
            Refuse(RejectReason.Malformed, $"{upper.Npu} {upper.Name}", line: upper.Line);
        }
    }

    private static string ModelOf(string name) => name.StartsWith("Ascend", StringComparison.OrdinalIgnoreCase) ? name : "Ascend " + name;

    // "0     910B3"
    [GeneratedRegex(@"^(?<npu>\d{1,4})\s+(?<name>\S+)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Upper();

    // "0     1|85          0    / 0          61609/ 65536"
    [GeneratedRegex(
        @"^(?<chip>\d{1,4})(\s+(?<phy>\d{1,4}))?\|(?<core>\S+)\s+(?<ddr>\d+)\s*/\s*\d+(\s+(?<hbm>\d+)\s*/\s*\d+)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Lower();

    /// <summary>The entries of one chip so far.</summary>
    private sealed class Chip(string npu, long line)
    {
        private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

        public string Npu { get; } = npu;

        public long Line { get; } = line;

        public string? Number { get; set; }

        /// <summary>What follows is of the board's controller.</summary>
        public bool IsClosed { get; set; }

        public bool HasGauges { get; private set; }

        public void Set(string key, string value)
        {
            if (!IsClosed && _values.Count < 1_000 && _values.TryAdd(key, value))
            {
                HasGauges |= key is "AicoreUsageRate(%)" or "NPUUtilization(%)" or "NPUReal-timePower(W)" or "Temperature(C)";
            }
        }

        public GaugeCell[] Cells() =>
        [
            GaugeCell.Of(TelemetryMetrics.Utilization, Value("NPUUtilization(%)") ?? Value("AicoreUsageRate(%)") ?? "", 10_000),
            Memory(),
            GaugeCell.Of(TelemetryMetrics.Power, Value("NPUReal-timePower(W)") ?? "", 1_000),
            GaugeCell.Of(TelemetryMetrics.Temperature, Value("Temperature(C)") ?? "", 1_000),
        ];

        private string? Value(string key) => _values.GetValueOrDefault(key);

        // The lists tell memory as capacity and percent.
        private GaugeCell Memory()
        {
            foreach (var kind in (ReadOnlySpan<string>)["HBM", "DDR"])
            {
                if (decimal.TryParse(Value(kind + "Capacity(MB)"), NumberStyles.None, CultureInfo.InvariantCulture, out var capacity) && capacity < 1e9m
                    && decimal.TryParse(Value(kind + "UsageRate(%)"), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent <= 100)
                {
                    return GaugeCell.Of(TelemetryMetrics.MemoryUsed, (capacity * percent / 100).ToString(CultureInfo.InvariantCulture), 1_024);
                }
            }

            return GaugeCell.Of(TelemetryMetrics.MemoryUsed, "", 1_024);
        }
    }
}
