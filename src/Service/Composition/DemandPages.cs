using System.Runtime.CompilerServices;
using System.Text;
using Headroom.Domain.Messages;
using Headroom.Reports.Language;
using Headroom.Reports.Saturation;
using Headroom.Service.Pages;

namespace Headroom.Service.Composition;

/// <summary>Demand pages: what the saturation report of the same day is made of, and where demand of a young center grows to.</summary>
internal sealed class DemandPages(ServedStore store, CenterDesk desk, SaturationPages saturations, TimeProvider clock)
{
    // Forgotten with the input it was made from.
    private readonly ConditionalWeakTable<SaturationReportInput, SaturationReportInput> _grown = [];

    /// <summary>The page up to a day, UTF-8.</summary>
    /// <param name="day">The last local day that counts; null: the newest that is whole.</param>
    /// <param name="clearBy">A local day by which the backlog is to be cleared; null: nobody asked for one.</param>
    /// <exception cref="UserException">No such center, no whole day yet, the day is not over, nothing was installed on it, or the backlog is to be cleared before it.</exception>
    public async Task<byte[]> PageAsync(string center, DateOnly? day, DateOnly? clearBy, TextLookup text, CancellationToken cancellationToken)
    {
        var view = await desk.ViewAsync(center, cancellationToken);
        var input = await saturations.InputAsync(center, day ?? view.LastWholeDay ?? view.Today, cancellationToken);
        DemandFindings.Check("clear", clearBy, input.Day);
        if (!_grown.TryGetValue(input, out var grown))
        {
            grown = await new SaturationReportBuilder(store, clock).WithGrowthAsync(input, view.Catalog, cancellationToken);
            _grown.AddOrUpdate(input, grown);
        }

        return Encoding.UTF8.GetBytes(await PageRenderer.RenderAsync<DemandPage>(
            new() { [nameof(DemandPage.Input)] = grown with { ClearBy = clearBy }, [nameof(DemandPage.Text)] = text }, cancellationToken));
    }
}
