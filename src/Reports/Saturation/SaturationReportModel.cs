using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Reports.Figures;
using Headroom.Reports.Sections;

namespace Headroom.Reports.Saturation;

/// <summary>The whole report, in no language yet: the models of its sections, in order.</summary>
/// <param name="Pools">The answers themselves, for machines.</param>
public sealed record SaturationReportModel(
    CenterId Center, LocalText Name, DateOnly Day, string Zone, bool Simulated, ImmutableArray<PoolSaturation> Pools, ImmutableArray<SectionPart> Parts)
{
    /// <summary>Every printed number once, in the order of printing.</summary>
    public ImmutableArray<Figure> Cells => [.. Parts.SelectMany(part => part.Model.Figures).DistinctBy(figure => figure.Cell)];

    public static SaturationReportModel Of(SaturationReportInput input) => new(
        input.Center.Id,
        input.Center.Name,
        input.Day,
        input.Center.Zone,
        input.Simulated,
        input.Pools,
        [.. ReportSections.Saturation.Select(section => section.Part(input))]);
}
