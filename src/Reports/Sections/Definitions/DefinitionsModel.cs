using System.Collections.Immutable;
using Headroom.Domain.Metrics;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.Definitions;

/// <summary>What the ids beside the numbers mean.</summary>
public sealed record DefinitionsModel(ImmutableArray<MetricDefinition> Metrics) : ISectionModel
{
    public IEnumerable<Figure> Figures => [];

    public static DefinitionsModel Of(DailyReportInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new(MetricCatalog.All);
    }
}
