using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Service.Composition;

namespace Headroom.Service.Pages;

/// <summary>A pool's line: the last whole day, and the day that runs as far as it got.</summary>
/// <param name="Whole">U1s and U3 of the last whole day; null: there is none.</param>
/// <param name="Running">Of the running day; null: nothing of it was received.</param>
public sealed record PoolLine(string Pool, LocalText Name, Domain.Devices.Precision Precision, (Figure U1s, Figure U3)? Whole, (Figure U1s, Figure U3)? Running);

/// <summary>One center on the overview.</summary>
/// <param name="LastSample">Local time; null: no telemetry yet.</param>
/// <param name="SilentMicros">How long ago that was. Unit: microseconds.</param>
public sealed record CenterLine(
    string Id, LocalText Name, string Zone, bool Simulated, bool Draft, DateOnly? LastWholeDay, DateOnly Today, ImmutableArray<PoolLine> Pools, DateTimeOffset? LastSample, long SilentMicros)
{
    /// <summary>Whether anything of the running day was received.</summary>
    public bool HasToday => Pools.Any(pool => pool.Running is not null);

    public static CenterLine Of(CenterView view)
    {
        var (center, facts) = (view.Center, view.Facts);
        var maker = new FigureMaker(center.Id, default, Instants.Never);
        var whole = view.LastWholeDay is { } day ? PoolDay.Of(view.LastWhole, center).ToDictionary(pool => pool.Pool, pool => Pair(pool, maker.During(view.Clock.Day(day)), "last")) : [];
        var running = PoolDay.Of(view.Running, center).ToDictionary(pool => pool.Pool, pool => Pair(pool, maker.During(view.Clock.Day(view.Today) with { Until = view.Now }), "today"));
        var pools = center.Pools.Select(pool => pool.Id).Concat(whole.Keys).Concat(running.Keys).Distinct();
        var last = facts.Telemetry.IsEmpty ? (long?)null : facts.Telemetry.Until - 1;
        return new(
            center.Id.Value,
            center.Name,
            center.Zone,
            facts.Simulated,
            center.Draft,
            view.LastWholeDay,
            view.Today,
            [.. pools.Select(pool => new PoolLine(
                pool.Value,
                PoolDay.NameOf(center, pool),
                center.PrecisionOf(pool),
                whole.TryGetValue(pool, out var known) ? known : null,
                running.TryGetValue(pool, out var now) ? now : null))],
            last is { } instant ? view.Clock.Local(instant) : null,
            last is { } seen ? Math.Max(0, view.Now - seen) : 0);
    }

    private static (Figure U1s, Figure U3) Pair(PoolDay pool, FigureMaker maker, string when) =>
        (pool.U1s(maker, $"pool.{pool.Pool}.{when}.U1s"), pool.U3(maker, $"pool.{pool.Pool}.{when}.U3"));
}
