using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Reports.Figures;
using Headroom.Reports.Sections;
using Headroom.Reports.Sections.Versions;

namespace Headroom.Reports.Daily;

/// <summary>The whole report, in no language yet: the models of its sections, in order.</summary>
public sealed record DailyReportModel(CenterId Center, LocalText Name, ReportPeriod Period, string Zone, long? Until, bool Simulated, ImmutableArray<SectionPart> Parts)
{
    /// <summary>The first local day.</summary>
    public DateOnly Day => Period.First;

    /// <summary>Which issue it is; null: none, as of a period that still runs.</summary>
    public ReportIssue? Issue { get; private init; }

    /// <summary>Every printed number once, in the order of printing.</summary>
    public ImmutableArray<Figure> Cells => [.. Parts.SelectMany(part => part.Model.Figures).DistinctBy(figure => figure.Cell)];

    /// <summary>The report as an issue, which it says after its head.</summary>
    public DailyReportModel As(ReportIssue issue) =>
        this with { Issue = issue, Parts = Parts.Insert(1, new("Versions", typeof(VersionsSection), new VersionsModel(issue))) };

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
