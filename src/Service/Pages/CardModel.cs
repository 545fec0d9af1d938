using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Service.Composition;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Pages;

/// <summary>One card and one local day of it, down to the samples.</summary>
/// <param name="Hours">Its card-hours; empty: it was not installed that day.</param>
/// <param name="Samples">Of the day, oldest first.</param>
/// <param name="ShownHour">The local hour whose samples are listed; null: there are none.</param>
/// <param name="Days">The day before and the day after, where there can be anything of it.</param>
public sealed record CardModel(
    CenterView View,
    DeviceId Device,
    DateOnly Day,
    Placement? Placement,
    ImmutableArray<CardHour> Hours,
    DeviceSamples Samples,
    Window? ShownHour,
    ImmutableArray<Holding> Holdings,
    (DateOnly? Before, DateOnly? After) Days)
{
    /// <summary>Local hours that have samples.</summary>
    public IEnumerable<Window> SampledHours => View.Clock.Hours(Day).Where(hour => Samples.Instants.Any(hour.Contains));

    /// <summary>Places of the listed samples.</summary>
    public IEnumerable<int> Listed => Enumerable.Range(0, Samples.Count).Where(i => ShownHour?.Contains(Samples.Instants[i]) == true);

    /// <param name="hour">A begin of an hour in the day, as <see cref="Instants.ToText"/>; anything else: the first hour that has samples.</param>
    /// <exception cref="UserException">There is no such card.</exception>
    public static async Task<CardModel> ReadAsync(CenterView view, string card, DateOnly day, string? hour, IStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (center, device) = (view.Center, new DeviceId(card));
        var history = view.Devices.Histories.FirstOrDefault(entry => entry.Device == device)
            ?? throw new UserException(UserMessage.Of(MessageCode.DeviceUnknown, center.Id.Value, card));
        var window = view.Clock.Day(day);
        var samples = await store.ReadSamplesAsync(center.Id, device, window, cancellationToken);
        var hours = await new CardHourKeeper(store, clock).ReadDeviceAsync(center, view.Catalog, history, day, cancellationToken);
        var model = new CardModel(
            view,
            device,
            day,
            history.Placements.LastOrDefault(placement => placement.Valid.Overlaps(window)),
            hours,
            samples,
            null,
            [.. history.Holdings.Where(holding => holding.Valid.Overlaps(window))],
            (day > view.Days.DefaultIfEmpty(day).Last() ? day.AddDays(-1) : null, day < view.Days.DefaultIfEmpty(day).First() ? day.AddDays(1) : null));
        var sampled = model.SampledHours.ToList();
        return model with { ShownHour = sampled.Count == 0 ? null : sampled.FirstOrDefault(entry => Instants.ToText(entry.From) == hour, sampled[0]) };
    }
}
