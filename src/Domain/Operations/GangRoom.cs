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
    /// <summary>The largest gang that could start, over the window: divided by its length the time-weighted mean. Unit: device-microseconds.</summary>
    public Int128 GangMicros { get; init; }

    /// <summary>How long gangs could have started, by size: one device, two, four, as far as the pool goes. Unit: microseconds.</summary>
    public ImmutableArray<(int Devices, long Micros)> Starts { get; init; } = [];

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
    public static int Largest(IEnumerable<(int Free, int Size)> servers) => RoomNow.Of(servers.Select(server => (server, 1))).Largest;

    /// <summary>Free devices that no gang of these sizes could use.</summary>
    public static int Stranded(IReadOnlyCollection<(int Free, int Size)> servers, IReadOnlyCollection<int> gangs)
    {
        var alike = servers.Select(server => (server, 1)).ToList();
        return RoomNow.Of(alike).Stranded(alike, gangs);
    }

    // In service, known, and held by nobody, not even in part.
    private static ImmutableArray<Window> Free(DeviceHistory device, Window installed)
    {
        var taken = device.Down.Concat(device.Maintenance).Concat(device.Holdings.Select(holding => holding.Valid)).Where(window => window.Overlaps(installed));
        return WindowSet.Minus(WindowSet.Union(device.AllocationKnown.Select(known => known.Within(installed))), WindowSet.Union(taken));
    }

    /// <summary>One instant.</summary>
    /// <param name="Free">Free devices.</param>
    /// <param name="Whole">Devices of servers that are free as a whole.</param>
    /// <param name="Part">Free devices of the server that has most.</param>
    /// <param name="Size">Devices of the largest server.</param>
    private readonly record struct RoomNow(int Free, int Whole, int Part, int Size)
    {
        public int Largest => Math.Max(Whole, Part);

        /// <param name="servers">How many there are of each kind.</param>
        public static RoomNow Of(IEnumerable<((int Free, int Size) Server, int Count)> servers)
        {
            var (all, whole, part, largest) = (0, 0, 0, 0);
            foreach (var ((free, size), count) in servers)
            {
                all += free * count;
                whole += size > 0 && free == size ? size * count : 0;
                part = Math.Max(part, free);
                largest = Math.Max(largest, size);
            }

            return new(all, whole, part, largest);
        }

        public bool CanStart(int gang) => gang <= Size ? gang <= Part : gang <= Whole;

        public int Stranded(IEnumerable<((int Free, int Size) Server, int Count)> servers, IEnumerable<int> gangs)
        {
            var (least, usesWhole) = (int.MaxValue, false);
            foreach (var gang in gangs)
            {
                least = Math.Min(least, gang);
                usesWhole |= gang > Size && gang <= Whole;
            }

            var stranded = 0;
            foreach (var ((free, size), count) in least == int.MaxValue ? [] : servers)
            {
                stranded += free >= least || (usesWhole && free == size) ? 0 : free * count;
            }

            return stranded;
        }
    }

    /// <summary>Something changes: on a server, or in what waits.</summary>
    /// <param name="Server">-1: gangs of <paramref name="Gang"/> devices wait, <paramref name="Free"/> more than before.</param>
    private readonly record struct Change(long At, int Server, int Free, int Size, int Gang);

    private sealed class Servers
    {
        private readonly List<Change> _changes = [];
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

        // A server's size is what stands in it, in order or not: a gang of eight does not fit beside a bad card.
        public void Add(string host, Window installed, ImmutableArray<Window> free)
        {
            if (!_numbers.TryGetValue(host, out var number))
            {
                _numbers[host] = number = _numbers.Count;
            }

            _changes.Add(new(installed.From, number, 0, 1, 0));
            _changes.Add(new(installed.Until, number, 0, -1, 0));
            foreach (var window in free)
            {
                _changes.Add(new(window.From, number, 1, 0, 0));
                _changes.Add(new(window.Until, number, -1, 0, 0));
            }
        }

        public GangRoom Sweep(PoolId pool, IEnumerable<DemandSpan> waiting, Window window)
        {
            foreach (var span in waiting)
            {
                _changes.Add(new(Math.Max(span.Valid.From, window.From), -1, 1, 0, span.Devices));
                _changes.Add(new(span.Valid.Until, -1, -1, 0, span.Devices));
            }

            _changes.Sort((left, right) => left.At.CompareTo(right.At));
            var standing = new Standing(_numbers.Count);
            var sizes = Sizes();
            var starts = new long[sizes.Length];
            Int128 free = 0, stranded = 0, gang = 0;
            var room = default(RoomNow);
            for (var (next, at) = (0, window.From); at < window.Until;)
            {
                for (; next < _changes.Count && _changes[next].At <= at; next++)
                {
                    standing.Apply(_changes[next]);
                }

                var until = next < _changes.Count ? Math.Min(_changes[next].At, window.Until) : window.Until;
                room = RoomNow.Of(standing.Alike);
                free += (Int128)(until - at) * room.Free;
                gang += (Int128)(until - at) * room.Largest;
                stranded += room.Free == 0 || standing.Waiting.Count == 0 ? 0 : (Int128)(until - at) * room.Stranded(standing.Alike, standing.Waiting);
                for (var i = 0; i < sizes.Length; i++)
                {
                    starts[i] += room.CanStart(sizes[i]) ? until - at : 0;
                }

                at = until;
            }

            return new(pool, free, stranded, room.Free, room.Largest) { GangMicros = gang, Starts = [.. sizes.Zip(starts)] };
        }

        private ImmutableArray<int> Sizes()
        {
            var devices = _changes.Count(change => change.Size > 0);
            var sizes = ImmutableArray.CreateBuilder<int>();
            for (var size = 1; size <= devices; size *= 2)
            {
                sizes.Add(size);
            }

            return sizes.ToImmutable();
        }
    }

    /// <summary>Servers by what is free on them, and the sizes that wait, at one instant after another.</summary>
    private sealed class Standing(int count)
    {
        private readonly (int Free, int Size)[] _servers = new (int Free, int Size)[count];
        private readonly Dictionary<(int Free, int Size), int> _alike = [];
        private readonly Dictionary<int, int> _gangs = [];

        /// <summary>How many servers there are of each kind; those without devices are left out.</summary>
        public IEnumerable<((int Free, int Size) Server, int Count)> Alike => _alike.Select(pair => (pair.Key, pair.Value));

        /// <summary>Sizes of the gangs that wait.</summary>
        public Dictionary<int, int>.KeyCollection Waiting => _gangs.Keys;

        public void Apply(Change change)
        {
            if (change.Server < 0)
            {
                Add(_gangs, change.Gang, change.Free);
                return;
            }

            var before = _servers[change.Server];
            var after = (Free: before.Free + change.Free, Size: before.Size + change.Size);
            _servers[change.Server] = after;
            if (before != default)
            {
                Add(_alike, before, -1);
            }

            if (after != default)
            {
                Add(_alike, after, 1);
            }
        }

        private static void Add<TKey>(Dictionary<TKey, int> counts, TKey key, int more)
            where TKey : notnull
        {
            ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _);
            count += more;
            if (count == 0)
            {
                counts.Remove(key);
            }
        }
    }
}
