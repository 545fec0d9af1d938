using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.StateWaterfall;

/// <summary>Where the installed capacity of each pool went.</summary>
public sealed record StateWaterfallModel(ImmutableArray<PoolWaterfall> Pools) : ISectionModel
{
    /// <summary>From what is lost first to what is used.</summary>
    public static ImmutableArray<ReportedState> Order { get; } =
    [
        ReportedState.Down, ReportedState.Maintenance, ReportedState.Unknown, ReportedState.Free, ReportedState.AllocIdle, ReportedState.Unattributed, ReportedState.Busy,
    ];

    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Steps.Select(step => step.Amount).Prepend(pool.Installed));

    public static StateWaterfallModel Of(DailyReportInput input) => new([.. PoolDay.Of(input.DayHours, input.Center).Select(day => OfPool(input, day))]);

    private static PoolWaterfall OfPool(DailyReportInput input, PoolDay day)
    {
        var maker = new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf);
        return new(
            day.Pool,
            PoolDay.NameOf(input.Center, day.Pool),
            day.Amount(maker, $"pool.{day.Pool}.C_installed", MetricCatalog.CInstalled, day.Weighed.Installed),
            [
                .. Order.Select(state => new StateStep(
                    state,
                    day.Amount(maker, $"pool.{day.Pool}.state.{state}", MetricCatalog.State, day.Weighed.Of(state), part: state.ToString()))),
            ]);
    }
}

/// <param name="Steps">In <see cref="StateWaterfallModel.Order"/>; their exact sums add up to <paramref name="Installed"/>.</param>
public sealed record PoolWaterfall(PoolId Pool, LocalText Name, Figure Installed, ImmutableArray<StateStep> Steps);

public sealed record StateStep(ReportedState State, Figure Amount);
