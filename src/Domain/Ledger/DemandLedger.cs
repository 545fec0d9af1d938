using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Domain.Ledger;

/// <summary>Where demand stands: every device of it served, queued, reserved or rejected. Definitions: METRICS.md section 5.</summary>
public sealed class DemandLedger(ImmutableArray<DemandSpan> spans)
{
    /// <param name="fallback">The pool of what names none.</param>
    public static DemandLedger Of(IEnumerable<JobFact> jobs, IEnumerable<RequestFact> requests, PoolId fallback) => new(DemandSpans.Of(jobs, requests, fallback));

    /// <summary>Every stage of every request.</summary>
    public ImmutableArray<DemandSpan> Spans => spans;

    /// <summary>The accounts that have demand at <paramref name="instant"/>, by pool, tenant, firm first. Unit: devices.</summary>
    public ImmutableArray<LedgerLine> At(long instant)
    {
        var accounts = new Dictionary<LedgerAccount, OpenDemand>();
        foreach (var span in spans.Where(span => span.Valid.Contains(instant)))
        {
            Of(accounts, span).Add(span.Kind, span.Devices);
        }

        return [.. Ordered(accounts).Select(pair => new LedgerLine(pair.Key, pair.Value.Attributed()))];
    }

    /// <summary>What waits at <paramref name="instant"/>, oldest first.</summary>
    public ImmutableArray<DemandSpan> WaitingAt(long instant) =>
    [
        .. spans
            .Where(span => span.Kind is DemandKind.JobWaits or DemandKind.ApplicationWaits && span.Valid.Contains(instant))
            .OrderBy(span => span.Since)
            .ThenBy(span => span.Id, StringComparer.Ordinal),
    ];

    /// <summary>What had been refused for lack of capacity by <paramref name="instant"/> and would still be wanted, newest first.</summary>
    public ImmutableArray<DemandSpan> RefusedAt(long instant) =>
    [
        .. spans
            .Where(span => span.Kind == DemandKind.Refused && span.Valid.Contains(instant))
            .OrderByDescending(span => span.Since)
            .ThenBy(span => span.Id, StringComparer.Ordinal),
    ];

    /// <summary>Each account in each hour that it has demand in, hour by hour. The hours are counted from <paramref name="window"/>'s start.</summary>
    /// <param name="window">Whole hours.</param>
    public ImmutableArray<LedgerHour> Hours(Window window)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(window.Length.Value % Micros.PerHour, 0, nameof(window));
        var changes = Changes(window);
        var open = new Dictionary<LedgerAccount, OpenDemand>();
        var hours = ImmutableArray.CreateBuilder<LedgerHour>();
        var next = 0;
        for (var hour = window.From; hour < window.Until; hour += Micros.PerHour)
        {
            var sums = new Dictionary<LedgerAccount, LedgerAmounts>();
            for (var now = hour; now < hour + Micros.PerHour;)
            {
                for (; next < changes.Count && changes[next].At <= now; next++)
                {
                    Of(open, changes[next].Span).Add(changes[next].Span.Kind, changes[next].Devices);
                }

                var until = next < changes.Count ? Math.Min(changes[next].At, hour + Micros.PerHour) : hour + Micros.PerHour;
                foreach (var (account, demand) in open.Where(pair => !pair.Value.IsEmpty))
                {
                    sums[account] = sums.GetValueOrDefault(account) + (demand.Attributed() * (until - now));
                }

                now = until;
            }

            hours.AddRange(Ordered(sums).Select(pair => new LedgerHour(pair.Key, hour, pair.Value)));
        }

        return hours.DrainToImmutable();
    }

    private List<(long At, long Devices, DemandSpan Span)> Changes(Window window)
    {
        var changes = new List<(long At, long Devices, DemandSpan Span)>();
        foreach (var span in spans)
        {
            var inside = span.Valid.Within(window);
            if (!inside.IsEmpty)
            {
                changes.Add((inside.From, span.Devices, span));
                changes.Add((inside.Until, -span.Devices, span));
            }
        }

        changes.Sort((left, right) => left.At.CompareTo(right.At));
        return changes;
    }

    private static OpenDemand Of(Dictionary<LedgerAccount, OpenDemand> accounts, DemandSpan span)
    {
        var account = new LedgerAccount(span.Pool, span.Tenant, span.Preemptible);
        if (!accounts.TryGetValue(account, out var demand))
        {
            accounts[account] = demand = new();
        }

        return demand;
    }

    private static IEnumerable<KeyValuePair<LedgerAccount, T>> Ordered<T>(Dictionary<LedgerAccount, T> accounts) => accounts
        .OrderBy(pair => pair.Key.Pool.Value, StringComparer.Ordinal)
        .ThenBy(pair => pair.Key.Tenant.Value, StringComparer.Ordinal)
        .ThenBy(pair => pair.Key.Preemptible);
}
