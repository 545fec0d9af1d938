using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Metrics;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Saturation;

namespace Headroom.Reports.Sections.Pipeline;

/// <summary>What was turned away, newest first, and what is applied for and not decided, soonest first; each as many as fit on the page, and how many more.</summary>
public sealed record PipelineModel(ImmutableArray<PipelineRow> Lost, Figure LostCount, ImmutableArray<PipelineRow> Open, Figure OpenCount) : ISectionModel
{
    /// <summary>Rows of each list.</summary>
    private const int Most = 3;

    public IEnumerable<Figure> Figures => [.. Lost.SelectMany(row => row.Figures), LostCount, .. Open.SelectMany(row => row.Figures), OpenCount];

    public int MoreLost => (int)LostCount.Value!.Value - Lost.Length;

    public int MoreOpen => (int)OpenCount.Value!.Value - Open.Length;

    public static PipelineModel Of(SaturationReportInput input)
    {
        var lost = input.Pools.SelectMany(pool => pool.Lost.Select(note => Row(input, pool, note, MetricCatalog.DRejected))).OrderByDescending(row => row.Day).ToList();
        var open = input.Pools.SelectMany(pool => pool.Open.Select(note => Row(input, pool, note, MetricCatalog.DQueued))).OrderBy(row => row.Day).ToList();
        var maker = new FigureMaker(input.Center.Id, input.Observed, input.AsOf);
        return new(
            [.. lost.Take(Most)],
            maker.Count("requests.lost", maker.Scope(), MetricCatalog.RequestCount, lost.Count),
            [.. open.Take(Most)],
            maker.Count("requests.open", maker.Scope(), MetricCatalog.RequestCount, open.Count));
    }

    private static PipelineRow Row(SaturationReportInput input, PoolSaturation pool, RequestNote note, MetricDefinition size)
    {
        var scale = new PoolScale(input, pool);
        var cell = $"{scale.Cell}.request.{note.Id}";
        return new(
            note.Id,
            note.Tenant,
            PoolDay.NameOf(input.Center, pool.Pool),
            note.Day,
            note.Reason,
            scale.Maker.Given($"{cell}.{size.Id.Name}", scale.Scope, size.Id, scale.Unit, scale.Of(note.Devices)),
            note.Probability is { } chance ? scale.Maker.Given($"{cell}.P_request", scale.Scope, MetricCatalog.PRequest.Id, MetricUnit.Share, chance) : null,
            note.IsGiven);
    }
}

/// <param name="Chance">That it comes; null: it was lost.</param>
/// <param name="IsGiven">False: the chance is the share granted so far.</param>
public sealed record PipelineRow(string Id, LocalText Tenant, LocalText Pool, DateOnly Day, string? Reason, Figure Size, Figure? Chance, bool IsGiven)
{
    public IEnumerable<Figure> Figures => Chance is { } chance ? [Size, chance] : [Size];
}
