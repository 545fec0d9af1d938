using System.Collections.Immutable;
using Headroom.Reports.Daily;
using Headroom.Reports.Saturation;
using Headroom.Reports.Sections.ActOn;
using Headroom.Reports.Sections.Asked;
using Headroom.Reports.Sections.Basis;
using Headroom.Reports.Sections.Cards;
using Headroom.Reports.Sections.Changes;
using Headroom.Reports.Sections.Claims;
using Headroom.Reports.Sections.Counts;
using Headroom.Reports.Sections.Definitions;
using Headroom.Reports.Sections.DemandCurve;
using Headroom.Reports.Sections.DemandHead;
using Headroom.Reports.Sections.DemandParts;
using Headroom.Reports.Sections.Energy;
using Headroom.Reports.Sections.Forecasts;
using Headroom.Reports.Sections.Head;
using Headroom.Reports.Sections.Heatmap;
using Headroom.Reports.Sections.HourlyCurve;
using Headroom.Reports.Sections.Idle;
using Headroom.Reports.Sections.Pipeline;
using Headroom.Reports.Sections.Quality;
using Headroom.Reports.Sections.Queue;
using Headroom.Reports.Sections.QueueOrigin;
using Headroom.Reports.Sections.SaturationHead;
using Headroom.Reports.Sections.Standing;
using Headroom.Reports.Sections.StateWaterfall;
using Headroom.Reports.Sections.Summary;
using Headroom.Reports.Sections.Tenants;
using Headroom.Reports.Sections.Verdict;

namespace Headroom.Reports.Sections;

/// <summary>The sections of each report, in their order. A new one is one line here.</summary>
public static class ReportSections
{
    public static ImmutableArray<ReportSection<DailyReportInput>> Daily { get; } =
    [
        new("Head", HeadModel.Of, typeof(HeadSection)),
        new("ActOn", ActOnModel.Of, typeof(ActOnSection)),
        new("Summary", SummaryModel.Of, typeof(SummarySection)),
        new("StateWaterfall", StateWaterfallModel.Of, typeof(StateWaterfallSection)),
        new("HourlyCurve", HourlyCurveModel.Of, typeof(HourlyCurveSection)),
        new("Heatmap", HeatmapModel.Of, typeof(HeatmapSection)),
        new("Tenants", TenantsModel.Of, typeof(TenantsSection)),
        new("Counts", CountsModel.Of, typeof(CountsSection)),
        new("Idle", IdleModel.Of, typeof(IdleSection)),
        new("Queue", QueueModel.Of, typeof(QueueSection)),
        new("Cards", CardsModel.Of, typeof(CardsSection)),
        new("Energy", EnergyModel.Of, typeof(EnergySection)),
        new("Changes", ChangesModel.Of, typeof(ChangesSection)),
        new("Quality", QualityModel.Of, typeof(QualitySection)),
        new("Forecast", ForecastModel.Of, typeof(ForecastSection)),
        new("Claims", ClaimsModel.Of, typeof(ClaimsSection)),
        new("Definitions", DefinitionsModel.Of, typeof(DefinitionsSection)),
    ];

    private static readonly string[] DailyAlone = ["Forecast"];

    /// <summary>Those of the daily report, except for what is issued for single days.</summary>
    public static IEnumerable<ReportSection<DailyReportInput>> Of(PeriodKind kind) =>
        Daily.Where(section => kind == PeriodKind.Day || !DailyAlone.Contains(section.Name));

    public static ImmutableArray<ReportSection<SaturationReportInput>> Demand { get; } =
    [
        new("DemandHead", DemandHeadModel.Of, typeof(DemandHeadSection)),
        new("Asked", AskedModel.Of, typeof(AskedSection)),
        new("DemandCurve", DemandCurveModel.Of, typeof(DemandCurveSection)),
        new("Standing", StandingModel.WithLatent, typeof(StandingSection)),
        new("QueueOrigin", QueueOriginModel.Of, typeof(QueueOriginSection)),
        new("DemandParts", DemandPartsModel.Of, typeof(DemandPartsSection)),
    ];

    public static ImmutableArray<ReportSection<SaturationReportInput>> Saturation { get; } =
    [
        new("SaturationHead", SaturationHeadModel.Of, typeof(SaturationHeadSection)),
        new("Verdict", VerdictModel.Of, typeof(VerdictSection)),
        new("DemandCurve", DemandCurveModel.Of, typeof(DemandCurveSection)),
        new("Standing", StandingModel.Of, typeof(StandingSection)),
        new("Pipeline", PipelineModel.Of, typeof(PipelineSection)),
        new("Basis", BasisModel.Of, typeof(BasisSection)),
    ];
}
