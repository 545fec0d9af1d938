using System.Collections.Immutable;
using Headroom.Domain.Metrics;
using Headroom.Domain.Operations;
using Headroom.Reports.Charts;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.Changes;

/// <summary>What changed in the inventory.</summary>
/// <param name="Rows">By event, pool, host and card, with their local time.</param>
/// <param name="More">Changes that are not listed.</param>
public sealed record ChangesModel(ImmutableArray<(DeviceEvent Event, Figure Count)> Counts, ImmutableArray<(InventoryChange Change, string When)> Rows, int More) : ISectionModel
{
    private const int MostRows = 12;

    public IEnumerable<Figure> Figures => Counts.Select(entry => entry.Count);

    public static ChangesModel Of(DailyReportInput input)
    {
        var (maker, changes, clock) = (new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf), input.Operations.Changes, input.Center.Clock());
        return new(
            [
                .. changes.GroupBy(change => change.Event).OrderBy(group => group.Key).Select(group =>
                {
                    var word = group.Key.ToString().ToLowerInvariant();
                    return (group.Key, maker.Amount($"changes.{word}", maker.Scope(part: word), MetricCatalog.Changes.Id, MetricUnit.Count, group.Count(), 1));
                }),
            ],
            [.. changes.Take(MostRows).Select(change => (change, LocalTimes.Moment(clock.Local(change.At))))],
            Math.Max(0, changes.Length - MostRows));
    }
}
