using System.Collections.Immutable;
using Headroom.Domain.Telemetry;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;

namespace Headroom.Ingest.Formats.Telemetry.Mapped;

/// <summary>What a mapping file declares: how the columns of a table, or the metrics of an exporter, are gauges of ours.</summary>
public abstract record TelemetryMapping
{
    private TelemetryMapping(string name) => Name = name;

    /// <summary>What the store and reports call the format.</summary>
    public string Name { get; }

    /// <summary>A page of Prometheus text.</summary>
    public sealed record Exporter(ExporterMapping Mapping) : TelemetryMapping(Mapping.Name);

    /// <summary>A table with a header.</summary>
    public sealed record Table(TableMapping Mapping) : TelemetryMapping(Mapping.Name);

    /// <summary>A reader of such content.</summary>
    public ITelemetryFormat Create(TelemetrySource source) => this switch
    {
        Exporter { Mapping: var mapping } => new ExporterFormat(mapping, source),
        Table { Mapping: var mapping } => new MappedTableFormat(mapping, source),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>How the times of a table are written.</summary>
public enum TableTime
{
    /// <summary>ISO 8601, Unix seconds or milliseconds, and <c>2026/3/1 8:00</c>.</summary>
    Text,

    /// <summary>Days since 30 December 1899 in the zone of the table, as a spreadsheet keeps them.</summary>
    Excel,
}

/// <summary>A table whose columns have names of their own.</summary>
/// <param name="Separator">Between cells.</param>
/// <param name="DecimalComma">True: <c>97,4</c> is ninety-seven and four tenths.</param>
/// <param name="Zone">IANA zone of times without offset; null: said on ingest.</param>
/// <param name="CardColumn">The device's own id; null: <paramref name="SlotColumn"/> on the host.</param>
/// <param name="Missing">Texts that mean "no value".</param>
public sealed record TableMapping(
    string Name,
    char Separator,
    bool DecimalComma,
    string? Zone,
    string TimeColumn,
    TableTime Time,
    string? CardColumn,
    string? SlotColumn,
    string? HostColumn,
    string? ModelColumn,
    string? PartitionColumn,
    ImmutableArray<TableGauge> Gauges,
    ImmutableHashSet<string> Missing);

/// <summary>A column that is a gauge of ours.</summary>
/// <param name="StepsPerUnit">Stored steps per unit of the column.</param>
public sealed record TableGauge(string Column, TelemetryMetric Metric, double StepsPerUnit);
