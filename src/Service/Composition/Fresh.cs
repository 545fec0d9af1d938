using System.Collections.Concurrent;

namespace Headroom.Service.Composition;

/// <summary>Answers that are made once and kept while they hold. Many who ask at once wait for one making.</summary>
/// <remarks>An answer is never given past its version. Past its pulse it is given until it is old, while the next one is made: a page of live numbers does not wait.</remarks>
internal sealed class Fresh<TKey, TValue>(TimeProvider clock, int atMost)
    where TKey : notnull
{
    private const int PeriodsUntilOld = 6;

    private readonly ConcurrentDictionary<TKey, Entry> _entries = new();

    /// <param name="version">Of what the answer is made from.</param>
    /// <param name="pulse">Of what goes on all the time.</param>
    /// <param name="period">An answer younger than this is not made again for another pulse.</param>
    /// <param name="make">Must not depend on the asker: others get its answer.</param>
    public Task<TValue> GetAsync(TKey key, object version, object pulse, TimeSpan period, Func<CancellationToken, Task<TValue>> make, CancellationToken cancellationToken)
    {
        var known = _entries.GetValueOrDefault(key);
        if (known is null || !known.Version.Equals(version) || known.Making.IsFaulted || known.Making.IsCanceled)
        {
            return Begin(key, new(version, pulse, clock.GetTimestamp(), Make(make), Before: null)).WaitAsync(cancellationToken);
        }

        known.Used = clock.GetTimestamp();
        if (!known.Making.IsCompleted)
        {
            return known.Before is { } before && !IsOld(before, period) ? before.Making : known.Making.WaitAsync(cancellationToken);
        }

        if (known.Pulse.Equals(pulse) || clock.GetElapsedTime(known.Begun) < period)
        {
            return known.Making;
        }

        var next = Begin(key, new(version, pulse, clock.GetTimestamp(), Make(make), known with { Before = null }));
        return IsOld(known, period) ? next.WaitAsync(cancellationToken) : known.Making;
    }

    private static Task<TValue> Make(Func<CancellationToken, Task<TValue>> make) => Task.Run(() => make(CancellationToken.None));

    private bool IsOld(Entry entry, TimeSpan period) => clock.GetElapsedTime(entry.Begun) > period * PeriodsUntilOld;

    private Task<TValue> Begin(TKey key, Entry entry)
    {
        entry.Used = clock.GetTimestamp();
        _entries[key] = entry;
        foreach (var (unused, _) in _entries.OrderBy(pair => pair.Value.Used).Take(_entries.Count - atMost).ToList())
        {
            _entries.TryRemove(unused, out _);
        }

        return entry.Making;
    }

    private sealed record Entry(object Version, object Pulse, long Begun, Task<TValue> Making, Entry? Before)
    {
        public long Used { get; set; }
    }
}
