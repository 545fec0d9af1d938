using System.Text;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Ingest.Identity;

namespace Headroom.Ingest.Formats.Telemetry.NvidiaSmi;

/// <summary><c>nvidia-smi --query-gpu=... --format=csv</c>, with units or <c>nounits</c>; several outputs may follow each other. The unit of counting is the row.</summary>
/// <remarks>
/// Ask for at least <c>timestamp,index,uuid,utilization.gpu</c>. Times are local to the node: say the zone. A line that is no row, such as that of a lost GPU, is rejected.
/// Source: nvidia-smi --help-query-gpu.
/// </remarks>
internal sealed class NvidiaSmiFormat(TelemetrySource source) : GaugeRowFormat(source)
{
    public const string FormatName = "nvidia-smi";

    private static readonly (string Column, TelemetryMetric Metric, double Steps)[] Gauges =
    [
        ("utilization.gpu", TelemetryMetrics.Utilization, 10_000),
        ("memory.used", TelemetryMetrics.MemoryUsed, 1_024),
        ("power.draw", TelemetryMetrics.Power, 1_000),
        ("power.draw.instant", TelemetryMetrics.Power, 1_000),
        ("power.draw.average", TelemetryMetrics.Power, 1_000),
        ("temperature.gpu", TelemetryMetrics.Temperature, 1_000),
    ];

    private string[] _columns = [];
    private bool _isOurs;

    public override string Name => FormatName;

    /// <summary>Whether a line is the header of such output.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> line) => line.IndexOf("utilization.gpu"u8) >= 0 && line.IndexOf((byte)',') >= 0;

    protected override void Line(ReadOnlySpan<byte> line) => Take(Encoding.UTF8.GetString(line), isWhole: true);

    // A writer that was killed leaves a short line, or a number that lacks digits.
    protected override void UnterminatedLine(ReadOnlySpan<byte> line) => Take(Encoding.UTF8.GetString(line), isWhole: line is [.., (byte)'%' or (byte)'B' or (byte)'W' or (byte)']']);

    private void Take(string line, bool isWhole)
    {
        if (line.Trim() is not { Length: > 0 } text || text[0] == '#')
        {
            return;
        }

        var cells = text.Split(',', StringSplitOptions.TrimEntries);
        if (LooksLikeHeader(cells))
        {
            _columns = [.. cells.Select(cell => cell.Split(" [", 2)[0])];
            _isOurs = _columns.Contains("utilization.gpu");
            return;
        }

        if (_columns.Length == 0)
        {
            throw new UserException(UserMessage.Of(
                MessageCode.ColumnMissing, PlaceOf(LineNumber), "utilization.gpu", text[..Math.Min(text.Length, 200)], "timestamp, index, uuid, utilization.gpu"));
        }

        if (!_isOurs)
        {
            return;
        }

        if (!isWhole || cells.Length != _columns.Length)
        {
            Refuse(RejectReason.Malformed, text);
            return;
        }

        if (TryInstant(cells, out var instant))
        {
            Row(cells, instant);
        }
    }

    private void Row(string[] cells, long instant)
    {
        var (index, host) = (Cell(cells, "index"), Source.Host);
        var local = Cell(cells, "pci.bus_id") ?? index;
        var id = Cell(cells, "uuid") ?? Cell(cells, "gpu_uuid") ?? Cell(cells, "serial") ?? (local is not null && host is not null ? CardName.OnHost(local, host) : null);
        var found = new List<GaugeCell>(Gauges.Length);
        foreach (var (column, metric, steps) in Gauges)
        {
            if (Array.IndexOf(_columns, column) is >= 0 and var place && !found.Exists(cell => cell.Metric == metric && cell.Outcome == GaugeOutcome.Good))
            {
                found.Add(GaugeCell.Of(metric, WithoutUnit(cells[place]), steps));
            }
        }

        Row(id, host, index, Cell(cells, "name") ?? Cell(cells, "gpu_name"), pool: null, instant, Cell(cells, "timestamp") ?? "", found.ToArray());
    }

    private bool TryInstant(string[] cells, out long instant)
    {
        instant = 0;
        if (Cell(cells, "timestamp") is not { } text)
        {
            instant = Source.At ?? throw new UserException(UserMessage.Of(MessageCode.TimeMissing, Source.Place, Name));
            return true;
        }

        switch (TimeText.Read(Encoding.UTF8.GetBytes(text.Replace('/', '-')), Source.Zone, out instant))
        {
            case TimeOutcome.Good:
                return true;
            case TimeOutcome.NoZone:
                throw new UserException(UserMessage.Of(MessageCode.ZoneMissing, PlaceOf(LineNumber), text));
            default:
                Refuse(RejectReason.BadTime, text, "timestamp");
                return false;
        }
    }

    // Null: not asked for, or not there on this card.
    private string? Cell(string[] cells, string column) =>
        Array.IndexOf(_columns, column) is >= 0 and var place && cells[place] is { Length: > 0 } text && text[0] != '[' ? text : null;

    private static bool LooksLikeHeader(string[] cells) => cells.Length > 1 && cells.All(cell => cell.Length > 0 && char.IsAsciiLetterLower(cell[0])) && Array.Exists(cells, IsName);

    private static bool IsName(string cell) => cell.Split(" [", 2)[0] is "timestamp" or "index" or "uuid" or "name" or "utilization.gpu" or "pid" or "gpu_uuid";

    private static string WithoutUnit(string cell)
    {
        var space = cell.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && cell[0] != '[' && cell[(space + 1)..] is "%" or "MiB" or "W" or "C" ? cell[..space] : cell;
    }
}
