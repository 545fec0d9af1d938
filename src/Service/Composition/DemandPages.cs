using System.Text;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Reports.Language;
using Headroom.Reports.Saturation;
using Headroom.Service.Pages;

namespace Headroom.Service.Composition;

/// <summary>Demand pages: what they are made of is gathered once, and kept while it stays as it is.</summary>
internal sealed class DemandPages(ServedStore store, CenterDesk desk, TimeProvider clock)
{
    private const int MostKept = 48;

    /// <summary>How old a page may be while samples keep coming in.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Fresh<(CenterId Center, DateOnly Day), SaturationReportInput> _inputs = new(clock, MostKept);

    /// <summary>The page up to a day, UTF-8.</summary>
    /// <param name="day">The last local day that counts; null: the newest that is whole.</param>
    /// <exception cref="UserException">No such center, no whole day yet, the day is not over, or nothing was installed on it.</exception>
    public async Task<byte[]> PageAsync(string center, DateOnly? day, TextLookup text, CancellationToken cancellationToken)
    {
        var view = await desk.ViewAsync(center, cancellationToken);
        var (id, last) = (view.Center.Id, day ?? view.LastWholeDay ?? view.Today);
        var input = await _inputs.GetAsync(
            (id, last),
            (store.FactsVersion(id), store.DayVersion(id, last)),
            store.SamplesVersion(id),
            Period,
            async token => await new SaturationReportBuilder(store, clock).BuildAsync(view.Center, view.Catalog, last, Instants.Never, withGrowth: true, token),
            cancellationToken);
        return Encoding.UTF8.GetBytes(await PageRenderer.RenderAsync<DemandPage>(
            new() { [nameof(DemandPage.Input)] = input, [nameof(DemandPage.Text)] = text }, cancellationToken));
    }
}
