using System.Collections.Concurrent;

namespace Headroom.Service.Endpoints;

/// <summary>Requests since the start, by route and status.</summary>
internal sealed class RequestCounts
{
    private readonly ConcurrentDictionary<(string Route, int Status), (long Count, TimeSpan Time)> _counts = new();

    public IEnumerable<(string Route, int Status, long Count, TimeSpan Time)> All =>
        _counts.Select(pair => (pair.Key.Route, pair.Key.Status, pair.Value.Count, pair.Value.Time)).OrderBy(entry => entry.Route, StringComparer.Ordinal).ThenBy(entry => entry.Status);

    public void Add(string route, int status, TimeSpan time) => _counts.AddOrUpdate((route, status), (1, time), (_, sum) => (sum.Count + 1, sum.Time + time));
}
