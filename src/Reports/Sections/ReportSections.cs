using System.Collections.Immutable;
using Headroom.Reports.Sections.Claims;
using Headroom.Reports.Sections.Definitions;
using Headroom.Reports.Sections.Forecasts;
using Headroom.Reports.Sections.Head;
using Headroom.Reports.Sections.Heatmap;
using Headroom.Reports.Sections.HourlyCurve;
using Headroom.Reports.Sections.Quality;
using Headroom.Reports.Sections.StateWaterfall;
using Headroom.Reports.Sections.Summary;
using Headroom.Reports.Sections.Tenants;

namespace Headroom.Reports.Sections;

/// <summary>The sections of the daily report, in their order. A new one is one line here.</summary>
public static class ReportSections
{
    public static ImmutableArray<ReportSection> Daily { get; } =
    [
        new("Head", HeadModel.Of, typeof(HeadSection)),
        new("Summary", SummaryModel.Of, typeof(SummarySection)),
        new("StateWaterfall", StateWaterfallModel.Of, typeof(StateWaterfallSection)),
        new("HourlyCurve", HourlyCurveModel.Of, typeof(HourlyCurveSection)),
        new("Heatmap", HeatmapModel.Of, typeof(HeatmapSection)),
        new("Tenants", TenantsModel.Of, typeof(TenantsSection)),
        new("Quality", QualityModel.Of, typeof(QualitySection)),
        new("Forecast", ForecastModel.Of, typeof(ForecastSection)),
        new("Claims", ClaimsModel.Of, typeof(ClaimsSection)),
        new("Definitions", DefinitionsModel.Of, typeof(DefinitionsSection)),
    ];
}
