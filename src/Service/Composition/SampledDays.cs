using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Reports.Language;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Composition;

/// <summary>Card-hours accounted for once more from the samples: with other holders, or of a window that cuts hours.</summary>
internal sealed class SampledDays(IStore store, TimeProvider clock, CenterDevices devices, CardCatalog catalog, long asOf)
{
    /// <param name="within">Time outside of it is not accounted for.</param>
    /// <param name="asked">The option or parameter that needs samples, for the message.</param>
    /// <exception cref="UserException">Samples of these days were removed, or are asked for as of an earlier time.</exception>
    public async Task<IReadOnlyList<CardDay>> ReadAsync(IEnumerable<DeviceHistory> histories, Window within, string asked, CancellationToken cancellationToken)
    {
        var (center, centerClock) = (devices.Center, devices.Center.Clock());
        if (asOf != Instants.Never)
        {
            throw new UserException(UserMessage.Of(MessageCode.UsageError, asked, "--as-of " + Instants.ToText(asOf), "--as-of -"));
        }

        var from = centerClock.DayOf(within.From);
        if ((await store.ReadLapsesAsync(center.Id, Instants.Never, cancellationToken)).IsRawGone(centerClock.Day(from), center.PeriodMicros))
        {
            throw new UserException(UserMessage.Of(MessageCode.UsageError, asked, Dates.Iso(from), "retention.raw_days"));
        }

        var cut = histories
            .Select(history => history with { Placements = [.. history.Placements.Select(place => place with { Valid = place.Valid.Within(within) }).Where(place => !place.Valid.IsEmpty)] })
            .Where(history => history.Placements.Length > 0)
            .ToList();
        var rules = CardHourKeeper.RulesOf(center, catalog);
        var context = CardDayAccountant.ContextMicros(center.PeriodMicros);
        var days = new List<CardDay>();
        foreach (var day in centerClock.Days(within).TakeWhile(day => centerClock.Day(day).From < clock.Now()))
        {
            var window = centerClock.Day(day);
            var open = cut.Where(history => history.Placements.Any(place => place.Valid.Overlaps(window))).ToDictionary(history => history.Device);
            await store.ReadUseAsync(
                center.Id,
                new(window.From - context, window.Until + context),
                withPower: true,
                (device, samples) =>
                {
                    if (open.Remove(device, out var history))
                    {
                        days.Add(CardDayAccountant.Account(history, samples, rules, centerClock, day, clock.Now()));
                    }
                },
                cancellationToken);
            days.AddRange(open.Values.Select(history => CardDayAccountant.Account(history, DeviceSamples.None, rules, centerClock, day, clock.Now())));
        }

        return days;
    }
}
