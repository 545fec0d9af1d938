using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Service.Explaining.Recounts;

/// <summary>What could start on the free devices of a pool, looked at anew whenever anything changes.</summary>
/// <param name="Stranded">Free device-microseconds that no waiting gang could use, of the time in which any waits.</param>
/// <param name="LargestGang">That could start at the end.</param>
internal readonly record struct PlainRoom(Int128 Stranded, int LargestGang, int Servers)
{
    public static PlainRoom Of(PlainFleet fleet, IEnumerable<Wait> waits, PoolId pool, Window window)
    {
        var gangs = waits.Where(wait => wait.IsJob && wait.Pool == pool && wait.Since < window.Until && wait.Until > window.From).ToList();
        var pieces = new List<(string Server, long From, long Until, bool IsFree)>();
        var edges = fleet.KnownEdges;
        foreach (var device in fleet.Devices.Values)
        {
            foreach (var still in device.Stills(window, edges).Where(still => still.Stay.Pool == pool))
            {
                var isFree = !still.IsClosed && still.Held.IsEmpty && fleet.IsAllocationKnown(pool, still.From);
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
        var stranded = (Int128)0;
        pieces.Sort((left, right) => left.From.CompareTo(right.From));
        var (open, next) = (new List<(string Server, long From, long Until, bool IsFree)>(), 0);
        var servers = new Dictionary<string, (int Size, int Free)>(StringComparer.Ordinal);
        for (var i = 1; i < cuts.Count; i++)
        {
            var (from, until) = (cuts[i - 1], cuts[i]);
            open.RemoveAll(piece => piece.Until <= from);
            for (; next < pieces.Count && pieces[next].From <= from; next++)
            {
                open.Add(pieces[next]);
            }

            servers.Clear();
            foreach (var piece in open)
            {
                var (size, free) = servers.GetValueOrDefault(piece.Server);
                servers[piece.Server] = (size + 1, free + (piece.IsFree ? 1 : 0));
            }

            var sizes = gangs.Where(gang => gang.Since <= from && from < gang.Until).Select(gang => gang.Devices).ToHashSet();
            stranded += sizes.Count == 0 ? 0 : (Int128)(until - from) * OfNoUse(servers.Values, sizes);
        }

        var whole = servers.Values.Where(server => server.Free == server.Size).Sum(server => server.Size);
        return new(stranded, Math.Max(whole, servers.Values.Select(server => server.Free).Append(0).Max()), servers.Count);
    }

    // A gang that fits a server stays on one; a larger one takes whole servers.
    private static int OfNoUse(IReadOnlyCollection<(int Size, int Free)> servers, HashSet<int> gangs)
    {
        var whole = servers.Where(server => server.Free == server.Size).Sum(server => server.Size);
        var largest = servers.Select(server => server.Size).Append(0).Max();
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
