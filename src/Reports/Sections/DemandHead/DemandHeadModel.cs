using Headroom.Domain.Centers;
using Headroom.Reports.Figures;
using Headroom.Reports.Saturation;

namespace Headroom.Reports.Sections.DemandHead;

/// <summary>Which center, up to which day, and whether any of it is real.</summary>
/// <param name="First">The first local day that was looked at.</param>
/// <param name="Day">The last one.</param>
public sealed record DemandHeadModel(LocalText Name, DateOnly First, DateOnly Day, string Zone, bool Simulated) : ISectionModel
{
    public IEnumerable<Figure> Figures => [];

    public static DemandHeadModel Of(SaturationReportInput input) =>
        new(input.Center.Name, input.Center.Clock().DayOf(input.Observed.From), input.Day, input.Center.Zone, input.Simulated);
}
