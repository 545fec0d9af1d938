using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Reports.Figures;
using Headroom.Reports.Sections;

namespace Headroom.Reports.Daily;

/// <summary>The whole report, in no language yet: the models of its sections, in order.</summary>
public sealed record DailyReportModel(CenterId Center, LocalText Name, ReportPeriod Period, string Zone, long? Until, bool Simulated, ImmutableArray<SectionPart> Parts)
{
    /// <summary>The first local day.</summary>
    public DateOnly Day => Period.First;

    /// <summary>Every printed number once, in the order of printing.</summary>
    public ImmutableArray<Figure> Cells => [.. Parts.SelectMany(part => part.Model.Figures).DistinctBy(figure => figure.Cell)];

    public static DailyReportModel Of(DailyReportInput input)
    {
        var summed = input with { Sums = input.Sums };
        return new(
            input.Center.Id,
            input.Center.Name,
            input.Period,
            input.Center.Zone,
            input.Until,
            input.Simulated,
            [.. ReportSections.Of(input.Kind).Select(section => section.Part(summed))]);
    }
}
