using Headroom.Domain.Devices;

namespace Headroom.Service.Composition;

/// <summary>How the forecasts of a center did, for the page and the API: read once for what is recorded of it up to its last whole day.</summary>
internal sealed class TrackPages(ServedStore store, CenterDesk desk, TimeProvider clock)
{
    private const int MostKept = 100;

    private readonly Fresh<CenterId, (CenterView View, TrackReading Reading)> _readings = new(clock, MostKept);

    /// <exception cref="Domain.Messages.UserException">There is no such center.</exception>
    public async Task<(CenterView View, TrackReading Reading)> AskAsync(string center, CancellationToken cancellationToken)
    {
        var view = await desk.ViewAsync(center, cancellationToken);
        return await _readings.GetAsync(
            view.Center.Id,
            (store.FactsVersion(view.Center.Id), store.DaysVersion(view.Center.Id), store.ForecastsVersion(view.Center.Id), view.LastWholeDay),
            pulse: 0,
            TimeSpan.Zero,
            async token =>
            {
                var now = view.LastWholeDay is { } day ? view.Clock.Day(day).Until : long.MinValue;
                var reading = await new TrackDesk(store, view.Center, Domain.Time.Instants.Never).ReadAsync(
                    async (from, until) => await desk.HoursAsync(view, from, until, token), now, mayKeep: true, token);
                return (view, reading);
            },
            cancellationToken);
    }
}
