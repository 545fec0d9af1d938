using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Storage.Accounting;

/// <summary>Facts that come after the samples of their time were removed: what was computed stays, and is marked as not recomputed.</summary>
internal sealed class LateFacts(IStore store, CenterDefinition center, IReadOnlyList<DirtySpan> dirty)
{
    private readonly CenterClock _clock = center.Clock();
    private readonly List<DirtySpan> _marks = [];

    /// <summary>Takes one day: devices that have nothing stored of it are computed from what there is; the others keep what they have. Returns how many were computed.</summary>
    public async Task<int> TakeAsync(IEnumerable<DeviceHistory> histories, AccountingRules rules, DateOnly day, long now, CancellationToken cancellationToken)
    {
        var (window, context) = (_clock.Day(day), CardDayAccountant.ContextMicros(center.PeriodMicros));
        var stored = (await store.ReadCardDaysAsync(center.Id, day, day.AddDays(1), Instants.Never, cancellationToken).ConfigureAwait(false)).Select(entry => entry.Device).ToHashSet();
        var fresh = new List<CardDay>();
        foreach (var history in histories.Where(history => !stored.Contains(history.Device)))
        {
            var samples = await ReadableSamples.ReadAsync(store, center.Id, history.Device, new(window.From - context, window.Until + context), cancellationToken).ConfigureAwait(false);
            fresh.Add(CardDayAccountant.Account(history, samples, rules, _clock, day, now));
        }

        if (fresh.Count > 0)
        {
            await store.SaveCardDaysAsync(center.Id, fresh, cancellationToken).ConfigureAwait(false);
        }

        foreach (var span in dirty.Where(span => span.Window.Overlaps(window) && (span.Device is { } device ? stored.Contains(device) : stored.Count > 0)))
        {
            Mark(span with { Window = span.Window.Within(window) });
        }

        return fresh.Count;
    }

    /// <summary>Records the marks of all days taken.</summary>
    public Task MarkAsync(CancellationToken cancellationToken) =>
        _marks.Count == 0 ? Task.CompletedTask : store.MarkNotRecomputedAsync(center.Id, _marks, cancellationToken);

    // Days come in order: a mark that goes on from the day before is one with it.
    private void Mark(DirtySpan mark)
    {
        var before = _marks.FindIndex(known => known.Device == mark.Device && known.Recorded == mark.Recorded && known.Window.Until == mark.Window.From);
        if (before >= 0)
        {
            _marks[before] = _marks[before] with { Window = new(_marks[before].Window.From, mark.Window.Until) };
        }
        else
        {
            _marks.Add(mark);
        }
    }
}
