using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Ledger;
using Headroom.Domain.Time;

namespace Headroom.Domain.Operations;

/// <summary>Free devices of a pool, and what could start on them. A gang that fits a server stays on one; a larger one takes whole servers.</summary>
/// <param name="FreeMicros">Free time. Unit: device-microseconds, whole free devices only.</param>
/// <param name="StrandedMicros">Free time while work waited of which none could use it.</param>
/// <param name="FreeNow">Free devices when the window ends.</param>
/// <param name="LargestGang">Devices of the largest gang that could start then.</param>
public sealed record GangRoom(PoolId Pool, Int128 FreeMicros, Int128 StrandedMicros, int FreeNow, int LargestGang)
{
    /// <summary>One entry per pool with installed devices, by pool. Devices whose allocation is not known are not free.</summary>
    /// <param name="spans">Demand of every pool: what waits, and in which sizes.</param>
    public static ImmutableArray<GangRoom> Of(IEnumerable<DeviceHistory> histories, IEnumerable<DemandSpan> spans, Window window)
    {
        var waiting = spans.Where(span => span.Kind == DemandKind.JobWaits && span.Valid.Overlaps(window)).ToLookup(span => span.Pool);
        var servers = new SortedDictionary<string, Servers>(StringComparer.Ordinal);
        foreach (var device in histories)
        {
            foreach (var placement in device.Placements.Where(placement => placement.Valid.Overlaps(window)))
            {
                if (!servers.TryGetValue(placement.Pool.Value, out var pool))
                {
                    servers[placement.Pool.Value] = pool = new();
                }

                // A device that names no host stands alone.
                pool.Add(placement.Host ?? "\n" + device.Device.Value, placement.Valid.Within(window), Free(device, placement.Valid.Within(window)));
            }
        }

        return [.. servers.Select(pair => pair.Value.Sweep(new(pair.Key), waiting[new(pair.Key)], window))];
    }

    /// <summary>The largest gang that could start on servers with so many free of so many devices in service.</summary>
    public static int Largest(IEnumerable<(int Free, int Size)> servers)
    {
        var (whole, part) = (0, 0);
        foreach (var (free, size) in servers)
        {
            whole += size > 0 && free == size ? size : 0;
            part = Math.Max(part, free);
        }

        return Math.Max(whole, part);
    }

    /// <summary>Free devices that no gang of these sizes could use.</summary>
    public static int Stranded(IReadOnlyCollection<(int Free, int Size)> servers, IReadOnlyCollection<int> gangs)
    {
        if (gangs.Count == 0)
        {
            return 0;
        }

        var least = gangs.Min();
        var whole = servers.Where(server => server.Size > 0 && server.Free == server.Size).Sum(server => server.Size);
        var largest = servers.Select(server => server.Size).DefaultIfEmpty(0).Max();
        var usesWhole = gangs.Any(gang => gang > largest && gang <= whole);
        return servers.Sum(server => server.Free >= least || (usesWhole && server.Free == server.Size) ? 0 : server.Free);
    }

    // In service, known, and held by nobody, not even in part.
    private static ImmutableArray<Window> Free(DeviceHistory device, Window installed)
    {
        var taken = device.Down.Concat(device.Maintenance).Concat(device.Holdings.Select(holding => holding.Valid)).Where(window => window.Overlaps(installed));
        return WindowSet.Minus(WindowSet.Union(device.AllocationKnown.Select(known => known.Within(installed))), WindowSet.Union(taken));
    }

    private sealed class Servers
    {
        private readonly List<(long At, int Server, int Free, int Size)> _changes = [];
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

        // A server's size is what stands in it, in order or not: a gang of eight does not fit beside a bad card.
        public void Add(string host, Window installed, ImmutableArray<Window> free)
        {
            if (!_numbers.TryGetValue(host, out var number))
            {
                _numbers[host] = number = _numbers.Count;
            }

            _changes.Add((installed.From, number, 0, 1));
            _changes.Add((installed.Until, number, 0, -1));
            foreach (var window in free)
            {
                _changes.Add((window.From, number, 1, 0));
                _changes.Add((window.Until, number, -1, 0));
            }
        }

        public GangRoom Sweep(PoolId pool, IEnumerable<DemandSpan> waiting, Window window)
        {
            var servers = new (int Free, int Size)[_numbers.Count];
            var gangs = new SortedDictionary<int, int>();
            var events = _changes.Select(change => (change.At, Apply: (Action)(() =>
                {
                    var server = servers[change.Server];
                    servers[change.Server] = (server.Free + change.Free, server.Size + change.Size);
                })))
                .Concat(waiting.SelectMany(span => new[] { (span.Valid.From, 1), (span.Valid.Until, -1) }.Select(edge => (At: Math.Max(edge.Item1, window.From), Apply: (Action)(() =>
                {
                    gangs[span.Devices] = gangs.GetValueOrDefault(span.Devices) + edge.Item2;
                    if (gangs[span.Devices] == 0)
                    {
                        gangs.Remove(span.Devices);
                    }
                })))))
                .OrderBy(change => change.At)
                .ToList();
            Int128 free = 0, stranded = 0;
            for (var (next, at) = (0, window.From); at < window.Until;)
            {
                for (; next < events.Count && events[next].At <= at; next++)
                {
                    events[next].Apply();
                }

                var until = next < events.Count ? Math.Min(events[next].At, window.Until) : window.Until;
                free += (Int128)(until - at) * servers.Sum(server => server.Free);
                stranded += gangs.Count == 0 ? 0 : (Int128)(until - at) * Stranded(servers, gangs.Keys);
                at = until;
            }

            return new(pool, free, stranded, servers.Sum(server => server.Free), Largest(servers));
        }
    }
}
