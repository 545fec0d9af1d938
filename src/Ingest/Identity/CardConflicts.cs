using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using Headroom.Storage;

namespace Headroom.Ingest.Identity;

/// <summary>What a person should look at. The names are printed as they are, in snake case, in every language.</summary>
public enum CardConflictKind
{
    /// <summary>Telemetry names a card that the inventory, which has others, does not: its time counts from its first sample, and is not attributed to any record.</summary>
    Unattributed,

    /// <summary>Two names, at the same time in one slot of one host: most likely one card, counted twice.</summary>
    OnePlaceTwoNames,

    /// <summary>Two names that differ in writing alone.</summary>
    OneIdTwoWritings,

    /// <summary>One name, told by two hosts at the same time: one card seen twice, or two cards of one name.</summary>
    TwoHostsAtOnce,

    /// <summary>Telemetry sees it on another host than the inventory.</summary>
    OtherHost,

    /// <summary>In the inventory, and telemetry has never named it.</summary>
    NeverSeen,
}

/// <summary>One of them.</summary>
/// <param name="Other">The other device, the hosts, or the host of the inventory; null: there is none.</param>
public sealed record CardConflict(CardConflictKind Kind, DeviceId Device, string? Other);

/// <summary>Finds what does not fit in the cards of a center and nobody has settled.</summary>
public static class CardConflicts
{
    /// <summary>Ordered by kind, then device. Devices of pools without a gauge are not missed in telemetry.</summary>
    public static ImmutableArray<CardConflict> Of(CenterDefinition center, CenterFacts facts)
    {
        var pools = facts.Inventory.Where(fact => fact.Pool is not null).GroupBy(fact => fact.Device).ToDictionary(group => group.Key, group => group.MaxBy(fact => fact.Valid.From)!.Pool!.Value);
        return [.. Of(facts).Where(conflict => conflict.Kind != CardConflictKind.NeverSeen || center.Find(pools.GetValueOrDefault(conflict.Device, center.FallbackPool)) is not { HasGauge: false })];
    }

    /// <summary>Ordered by kind, then device; every device of the inventory is taken to have a gauge.</summary>
    public static ImmutableArray<CardConflict> Of(CenterFacts facts)
    {
        var hosts = HostsByInventory(facts);
        var conflicts = new List<CardConflict>();
        foreach (var device in facts.Devices)
        {
            var id = new DeviceId(device.Sighting.Id);
            if (!hosts.TryGetValue(id, out var host))
            {
                if (hosts.Count > 0)
                {
                    conflicts.Add(new(CardConflictKind.Unattributed, id, Other: null));
                }
            }
            else if (host is not null && device.Sighting.Host is { } seen && seen != host && Settled(facts, id) is null)
            {
                conflicts.Add(new(CardConflictKind.OtherHost, id, host));
            }
        }

        var named = facts.Devices.Select(device => new DeviceId(device.Sighting.Id)).ToHashSet();
        conflicts.AddRange(hosts.Keys.Where(id => !named.Contains(id)).Select(id => new CardConflict(CardConflictKind.NeverSeen, id, Other: null)));
        conflicts.AddRange(Pairs(facts.Devices.GroupBy(device => CardName.KeyOf(device.Sighting.Id)), CardConflictKind.OneIdTwoWritings, atOnce: false));
        conflicts.AddRange(Pairs(
            facts.Devices.Where(device => device.Sighting is { Host: not null, Slot: not null }).GroupBy(device => $"{device.Sighting.Host}\n{device.Sighting.Slot}"),
            CardConflictKind.OnePlaceTwoNames,
            atOnce: true));
        conflicts.AddRange(
            from device in facts.Devices
            where Settled(facts, new(device.Sighting.Id)) is null
            let together = AtOnce(device.Hosts)
            where together.Length > 1
            select new CardConflict(CardConflictKind.TwoHostsAtOnce, new(device.Sighting.Id), string.Join(' ', together)));
        conflicts.RemoveAll(conflict => conflict.Kind is CardConflictKind.OneIdTwoWritings or CardConflictKind.OnePlaceTwoNames
            && facts.Settlements.Any(settlement => settlement.Holds && settlement.IsAbout(conflict.Device, new(conflict.Other!))));
        return [.. conflicts.OrderBy(conflict => conflict.Kind).ThenBy(conflict => conflict.Device.Value, StringComparer.Ordinal)];
    }

    private static SettlementFact? Settled(CenterFacts facts, DeviceId device) =>
        facts.Settlements.FirstOrDefault(settlement => settlement.Holds && settlement.Device == device && settlement.Other is null);

    // Hosts whose times meet; a card that was moved, or a host that was renamed, leaves one before it is on the other.
    private static string[] AtOnce(ImmutableArray<SeenOnHost> hosts) =>
        [.. hosts.Where(one => hosts.Any(other => other != one && other.First <= one.Last && one.First <= other.Last)).Select(seen => seen.Host)];

    // The host each installed device is on now; null: not said.
    private static Dictionary<DeviceId, string?> HostsByInventory(CenterFacts facts)
    {
        var hosts = new Dictionary<DeviceId, string?>();
        foreach (var fact in facts.Inventory.OrderBy(fact => fact.Valid.From))
        {
            switch (fact.Event)
            {
                case InventoryEvent.Installed or InventoryEvent.Moved:
                    hosts[fact.Device] = fact.Host ?? hosts.GetValueOrDefault(fact.Device);
                    break;
                case InventoryEvent.Retired:
                    hosts.Remove(fact.Device);
                    break;
            }
        }

        return hosts;
    }

    private static IEnumerable<CardConflict> Pairs(IEnumerable<IGrouping<string, SightedDevice>> groups, CardConflictKind kind, bool atOnce)
    {
        foreach (var group in groups)
        {
            var devices = group.OrderBy(device => device.FirstSample).ThenBy(device => device.Sighting.Id, StringComparer.Ordinal).ToArray();
            for (var i = 1; i < devices.Length; i++)
            {
                // A card that was swapped ends before the next one begins.
                if (!atOnce || devices[i].FirstSample + Micros.PerMinute < devices[i - 1].LastSample)
                {
                    yield return new(kind, new(devices[i].Sighting.Id), devices[i - 1].Sighting.Id);
                }
            }
        }
    }
}
