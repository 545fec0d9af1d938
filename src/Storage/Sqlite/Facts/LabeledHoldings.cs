using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage.Sqlite.Telemetry;

namespace Headroom.Storage.Sqlite.Facts;

/// <summary>Who holds a device, each with since when, and up to which sample that is known.</summary>
internal sealed record HeldState(ImmutableDictionary<LabeledHolder, long> Holders, long Last)
{
    /// <summary>What was told last of a time before <see cref="Last"/>: the next late page may go on with it. Null: nothing.</summary>
    public LateRun? Late { get; init; }

    public bool IsOf(ImmutableArray<LabeledHolder> holders) => Holders.Count == holders.Length && holders.All(Holders.ContainsKey);
}

/// <summary>One kind of holders over a time that was told of late.</summary>
internal readonly record struct LateRun(DeviceHeld First, long Since, long Last);

/// <summary>Makes facts of what labels tell: one where a holder begins, one where he ends, and none while nothing changes, so that a label on every sample costs a fact a job.</summary>
internal static class LabeledHoldings
{
    /// <summary>A label holds from the sample before where that is no older than this. Unit: microseconds.</summary>
    private const long LongestStep = 30 * Micros.PerMinute;

    // Else it holds from shortly before its own.
    private const long Lead = 15 * Micros.PerSecond;

    public static FactBatch Of(CenterState center, List<DeviceHeld> held)
    {
        if (held.Count == 0 || (center.LabeledHosts.Count == 0 && held.TrueForAll(seen => seen.Holders.IsEmpty)))
        {
            return FactBatch.Empty;
        }

        var facts = ImmutableArray.CreateBuilder<AllocationFact>();
        center.LabeledHosts.UnionWith(held.Where(seen => !seen.Holders.IsEmpty).Select(seen => seen.Host).OfType<string>());
        foreach (var device in held.Where(seen => !seen.Holders.IsEmpty || (seen.Host is { } host && center.LabeledHosts.Contains(host))).GroupBy(seen => center.NameOf(new(seen.Device, seen.Host, null, null, null), seen.Instant), StringComparer.Ordinal))
        {
            Follow(center, device.Key, [.. device.OrderBy(seen => seen.Instant)], facts);
        }

        return FactBatch.Empty with { Allocations = facts.ToImmutable() };
    }

    /// <summary>Takes up what was told before.</summary>
    public static void Load(CenterState center, IReadOnlyCollection<AllocationFact> facts)
    {
        var devices = center.Devices.ToDictionary(device => device.Name, StringComparer.Ordinal);
        foreach (var device in facts.GroupBy(fact => fact.Device.Value, StringComparer.Ordinal))
        {
            var entry = devices[device.Key];
            if (entry.Host.Text is { } host)
            {
                center.LabeledHosts.Add(host);
            }

            var open = device.Where(fact => fact.Valid.Until == Instants.Never).ToLookup(fact => new LabeledHolder(fact.Tenant.Value.Length > 0 ? fact.Tenant.Value : null, fact.JobId, fact.SharePpm), fact => fact.Valid.From);
            var known = device.Max(fact => fact.Valid.Until == Instants.Never ? fact.Valid.From : fact.Valid.Until);
            center.Held[device.Key] = new(open.ToImmutableDictionary(holder => holder.Key, holder => holder.Max()), Math.Max(entry.Last, known));
        }
    }

    private static void Follow(CenterState center, string device, DeviceHeld[] seen, ImmutableArray<AllocationFact>.Builder facts)
    {
        var state = center.Held.GetValueOrDefault(device);
        var late = state?.Late;
        var hasLate = false;
        foreach (var one in seen)
        {
            if (state is not null && one.Instant <= state.Last)
            {
                (late, hasLate) = (Late(device, late, one, state, facts), true);
                continue;
            }

            if (state is null || !state.IsOf(one.Holders))
            {
                var since = state is not null && one.Instant - state.Last <= LongestStep ? state.Last : one.Instant - Lead;
                state = new(Changed(device, state, one, since, facts), one.Instant);
            }

            state = state with { Last = one.Instant };
        }

        if (hasLate)
        {
            End(device, late, facts);
        }

        center.Held[device] = state! with { Late = late };
    }

    // Who stays is not told again.
    private static ImmutableDictionary<LabeledHolder, long> Changed(string device, HeldState? before, DeviceHeld now, long since, ImmutableArray<AllocationFact>.Builder facts)
    {
        var holders = before?.Holders ?? ImmutableDictionary<LabeledHolder, long>.Empty;
        foreach (var (holder, from) in holders.Where(entry => !now.Holders.Contains(entry.Key)))
        {
            facts.Add(Fact(device, holder, new(from, Math.Max(from, before!.Last))));
            holders = holders.Remove(holder);
        }

        foreach (var holder in now.Holders.Where(holder => !holders.ContainsKey(holder)))
        {
            facts.Add(Fact(device, holder, new(since, Instants.Never)));
            holders = holders.Add(holder, since);
        }

        return holders;
    }

    // Told of a time that is over: each run of one kind ends with what is told of it.
    private static LateRun? Late(string device, LateRun? run, DeviceHeld one, HeldState now, ImmutableArray<AllocationFact>.Builder facts)
    {
        var goesOn = run is { } before && one.Instant >= before.Last && one.Instant - before.Last <= LongestStep;
        if (goesOn && run!.Value.First.Holders.SequenceEqual(one.Holders))
        {
            return run.Value with { Last = one.Instant };
        }

        End(device, run, facts);
        return now.IsOf(one.Holders) && now.Holders.Values.All(since => since < one.Instant)
            ? null
            : new(one, goesOn ? run!.Value.Last : one.Instant - Lead, one.Instant);
    }

    private static void End(string device, LateRun? run, ImmutableArray<AllocationFact>.Builder facts)
    {
        if (run is { } over)
        {
            facts.AddRange(over.First.Holders.Select(holder => Fact(device, holder, new(over.Since, over.Last))));
        }
    }

    private static AllocationFact Fact(string device, LabeledHolder holder, Window valid) =>
        new(new(device), valid, new TenantId(holder.Tenant ?? ""), holder.Job, AllocationKind.Labeled, holder.SharePpm);
}
