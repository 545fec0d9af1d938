using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Reports.Feeds;

namespace Headroom.Service.Composition;

/// <summary>Quality reports for pages and files: made once for what is recorded, and of a running day again while samples come in.</summary>
internal sealed class QualityPages(ServedStore store, CenterDesk desk, TimeProvider clock)
{
    private const int MostKept = 50;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    private readonly Fresh<(CenterId Center, DateOnly Day), FeedsReport> _reports = new(clock, MostKept);

    /// <param name="day">Null: the day that runs where telemetry has reached it, else the last that it reached.</param>
    /// <exception cref="Domain.Messages.UserException">There is no such center.</exception>
    public async Task<(CenterView View, FeedsReport Report)> AskAsync(string center, DateOnly? day, CancellationToken cancellationToken)
    {
        var view = await desk.ViewAsync(center, cancellationToken);
        var reached = view.Facts.Telemetry.IsEmpty ? view.Today : view.Clock.DayOf(Math.Min(view.Now, view.Facts.Telemetry.Until - 1));
        var (id, asked) = (view.Center.Id, day ?? reached);
        var report = await _reports.GetAsync(
            (id, asked),
            (store.FactsVersion(id), store.DayVersion(id, asked), view.Today),
            store.SamplesVersion(id),
            Period,
            token => QualityReader.ReadAsync(store, view.Center, view.Catalog, asked, Instants.Never, clock, token),
            cancellationToken);
        return (view, report);
    }
}
