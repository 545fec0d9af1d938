using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Service.Explaining.Recounts;

/// <summary>What could start on the free devices of a pool, looked at anew whenever anything changes.</summary>
/// <param name="Free">Free device-microseconds.</param>
/// <param name="Stranded">Those that no waiting gang could use, of the time in which any waits.</param>
/// <param name="LargestGang">That could start at the end.</param>
/// <param name="Times">How long so many devices stood on whole free servers, so many were free on the best one, and the largest server was so large.</param>
internal sealed record PlainRoom(Int128 Free, Int128 Stranded, int LargestGang, int Servers, IReadOnlyDictionary<(int Whole, int Part, int Size), long> Times)
{
    /// <summary>The largest gang that could start, added up over time. Unit: device-microseconds.</summary>
    public Int128 Gangs
    {
        get
        {
            Int128 sum = 0;
            foreach (var (room, micros) in Times)
            {
                sum += (Int128)micros * Math.Max(room.Whole, room.Part);
            }

            return sum;
        }
    }

    /// <summary>How long a gang of so many devices could have started. Unit: microseconds.</summary>
    public long CouldStart(int gang) => Times.Where(time => gang <= (gang <= time.Key.Size ? time.Key.Part : time.Key.Whole)).Sum(time => time.Value);

    public static PlainRoom Of(PlainFleet fleet, IEnumerable<Wait> waits, PoolId pool, Window window)
    {
        var gangs = waits.Where(wait => wait.IsJob && wait.Pool == pool && wait.Since < window.Until && wait.Until > window.From).ToList();
        var pieces = new List<(string Server, long From, long Until, bool IsFree)>();
        var edges = fleet.KnownEdges;
        foreach (var device in fleet.Devices.Values)
        {
            foreach (var still in device.Stills(window, edges).Where(still => still.Stay.Pool == pool))
            {
                var isFree = !still.IsClosed && still.Held.IsEmpty && fleet.IsAllocationKnown(device, pool, still.From);
                pieces.Add((still.Stay.Host ?? "\n" + device.Id.Value, still.From, still.Until, isFree));
            }
        }

        var cuts = pieces.SelectMany(piece => (long[])[piece.From, piece.Until])
            .Concat(gangs.SelectMany(gang => (long[])[gang.Since, gang.Until]))
            .Append(window.From)
            .Append(window.Until)
            .Where(cut => cut >= window.From && cut <= window.Until)
            .Distinct()
            .Order()
            .ToList();
        Int128 free = 0, stranded = 0;
        var times = new Dictionary<(int Whole, int Part, int Size), long>();
        pieces.Sort((left, right) => left.From.CompareTo(right.From));
        gangs.Sort((left, right) => left.Since.CompareTo(right.Since));
        var (open, next) = (new List<(string Server, long From, long Until, bool IsFree)>(), 0);
        var (waiting, nextGang) = (new List<Wait>(), 0);
        var servers = new Dictionary<string, (int Size, int Free)>(StringComparer.Ordinal);
        for (var i = 1; i < cuts.Count; i++)
        {
            var (from, until) = (cuts[i - 1], cuts[i]);
            open.RemoveAll(piece => piece.Until <= from);
            for (; next < pieces.Count && pieces[next].From <= from; next++)
            {
                open.Add(pieces[next]);
            }

            waiting.RemoveAll(gang => gang.Until <= from);
            for (; nextGang < gangs.Count && gangs[nextGang].Since <= from; nextGang++)
            {
                waiting.Add(gangs[nextGang]);
            }

            servers.Clear();
            foreach (var piece in open)
            {
                var (size, unheld) = servers.GetValueOrDefault(piece.Server);
                servers[piece.Server] = (size + 1, unheld + (piece.IsFree ? 1 : 0));
            }

            var room = RoomOf(servers.Values);
            times[room] = times.GetValueOrDefault(room) + until - from;
            free += (Int128)(until - from) * servers.Values.Sum(server => server.Free);
            stranded += waiting.Count == 0 ? 0 : (Int128)(until - from) * OfNoUse(servers.Values, [.. waiting.Select(gang => gang.Devices)]);
        }

        var (whole, part, _) = RoomOf(servers.Values);
        return new(free, stranded, Math.Max(whole, part), servers.Count, times);
    }

    private static (int Whole, int Part, int Size) RoomOf(IReadOnlyCollection<(int Size, int Free)> servers)
    {
        var (whole, part, largest) = (0, 0, 0);
        foreach (var (size, free) in servers)
        {
            whole += free == size ? size : 0;
            part = Math.Max(part, free);
            largest = Math.Max(largest, size);
        }

        return (whole, part, largest);
    }

    // A gang that fits a server stays on one; a larger one takes whole servers.
    private static int OfNoUse(IReadOnlyCollection<(int Size, int Free)> servers, HashSet<int> gangs)
    {
        var (whole, _, largest) = RoomOf(servers);
        var useless = 0;
        foreach (var (size, free) in servers)
        {
            var fitsOne = gangs.Any(gang => gang <= free);
            var fitsWhole = free == size && gangs.Any(gang => gang > largest && gang <= whole);
            useless += fitsOne || fitsWhole ? 0 : free;
        }

        return useless;
    }
}
