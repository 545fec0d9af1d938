using System.Collections.Immutable;
using Headroom.Domain.Telemetry;

namespace Headroom.Ingest.Formats.Telemetry.PrometheusText;

/// <summary>How one exporter's pages are read: which metrics are gauges of ours, and which labels name the device. A new exporter is a new one of these.</summary>
/// <param name="Name">The word after <c>--format</c>.</param>
/// <param name="Telltales">Beginnings of metric names by which a page is recognized.</param>
/// <param name="Gauges">Metrics we read; all others are passed over.</param>
/// <param name="IdLabels">Labels that identify a device anywhere; the first that is there counts.</param>
/// <param name="LocalIdLabels">Labels that identify it on its host only, in order: the id becomes <c>value@host</c>.</param>
/// <param name="HostLabels">Labels that name the host; without one the source's host counts.</param>
/// <param name="SlotLabels">Labels that name the place on the host.</param>
/// <param name="ModelLabels">Labels that name the model.</param>
public sealed record ExporterMapping(
    string Name,
    ImmutableArray<string> Telltales,
    ImmutableArray<GaugeMapping> Gauges,
    ImmutableArray<string> IdLabels,
    ImmutableArray<string> LocalIdLabels,
    ImmutableArray<string> HostLabels,
    ImmutableArray<string> SlotLabels,
    ImmutableArray<string> ModelLabels)
{
    public Func<string, string> IdOf { get; init; } = id => id;

    /// <summary>The model as people and the catalog name it.</summary>
    public Func<string, string> ModelOf { get; init; } = model => model;

    /// <summary>How lines name who holds the device; null: they do not.</summary>
    public HolderMapping? Holder { get; init; }

    /// <summary>The metric whose line tells the serial number, for devices whose other lines name them by their place alone; null: there is none.</summary>
    public SerialMapping? Serial { get; init; }

    /// <summary>Parts of a card that report on their own; null: there are none.</summary>
    public SliceMapping? Slices { get; init; }
}

/// <summary>One metric of an exporter as one gauge of ours.</summary>
/// <param name="StepsPerUnit">Stored steps per unit of the exporter: 1,000,000 for a ratio as parts per million.</param>
/// <param name="Preference">Of several metrics for one gauge the least that a device reports is taken.</param>
public sealed record GaugeMapping(string Metric, TelemetryMetric Gauge, double StepsPerUnit, int Preference = 0);

/// <summary>Labels that name the holder of a device; of each the first that is there counts.</summary>
/// <param name="TenantLabels">The namespace of the pod.</param>
/// <param name="PodLabels">The pod.</param>
/// <param name="JobLabels">The job of a scheduler beside or without a pod.</param>
public sealed record HolderMapping(ImmutableArray<string> TenantLabels, ImmutableArray<string> PodLabels, ImmutableArray<string> JobLabels);

/// <summary>A metric that says one thing only, in a label: the serial number of its device.</summary>
public sealed record SerialMapping(string Metric, string Label);

/// <summary>How a line says that it speaks of a slice of a card: MIG, vNPU.</summary>
/// <param name="IdLabel">Present on lines of slices alone.</param>
/// <param name="ShareLabel">What the share is read from.</param>
/// <param name="ShareOf">Share label and model to share of the card, in parts of 840 (so that sevenths, eighths and quarters are whole); null: not known.</param>
public sealed record SliceMapping(string IdLabel, string ShareLabel, Func<string, string?, int?> ShareOf)
{
    /// <summary>Parts of a whole card.</summary>
    public const int Whole = 840;
}
