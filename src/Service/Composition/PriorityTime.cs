using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Reports.Language;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Composition;

/// <summary>Card-hours whose holders are priority classes instead of tenants: accounted for once more from the samples.</summary>
internal sealed class PriorityTime(IStore store, TimeProvider clock, CenterDevices devices, CardCatalog catalog)
{
    /// <summary>The class of a holding that names none.</summary>
    public const string None = "none";

    /// <exception cref="UserException">Samples of these days were removed.</exception>
    public async Task<IReadOnlyList<CardDay>> ReadAsync(DateOnly from, DateOnly until, CancellationToken cancellationToken)
    {
        var (center, centerClock) = (devices.Center, devices.Center.Clock());
        var lapses = await store.ReadLapsesAsync(center.Id, Instants.Never, cancellationToken);
        if (lapses.IsRawGone(centerClock.Day(from), center.PeriodMicros))
        {
            throw new UserException(UserMessage.Of(MessageCode.UsageError, "--by priority", Dates.Iso(from), "retention.raw_days"));
        }

        var priorities = devices.Facts.Jobs.GroupBy(job => job.JobId).ToDictionary(group => group.Key, group => group.First().Priority ?? None, StringComparer.Ordinal);
        var histories = devices.Histories.ToDictionary(
            history => history.Device,
            history => history with { Holdings = [.. history.Holdings.Select(holding => holding with { Tenant = new(priorities.GetValueOrDefault(holding.JobId, None)) })] });
        var rules = CardHourKeeper.RulesOf(center, catalog);
        var context = CardDayAccountant.ContextMicros(center.PeriodMicros);
        var days = new List<CardDay>();
        for (var day = from; day < until && centerClock.Day(day).From < clock.Now(); day = day.AddDays(1))
        {
            var window = centerClock.Day(day);
            var open = histories.Values.Where(history => history.Placements.Any(place => place.Valid.Overlaps(window))).ToDictionary(history => history.Device);
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
