using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Service.Composition;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Endpoints;

/// <summary><c>/api/utilization</c>: U1s, U2, U3, U4 per pool with coverage and bounds, by hour or by day.</summary>
internal static class UtilizationEndpoint
{
    private const int MostDays = 3_700;
    private const int MostDaysByHour = 400;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/utilization", AskAsync)
            .WithSummary("Utilization per pool, or by anything else")
            .WithDescription(
                "from and to are local days of the center, both included; to defaults to from, from to the last whole day. grain: hour or day. "
                + "by: device, host, model, pool, tenant, sector, platform, priority, center or network, one account each over the whole time; "
                + "from and to may then be instants, to excluded, and may cut hours.")
            .Produces<UtilizationAnswer>()
            .WithTags("Utilization")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<object> AskAsync(
        string? center, string? from, string? to, string? grain, string? by, CenterDesk desk, ServedStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var definition = await desk.CenterAsync(Questions.Center(center, "/api/utilization"), cancellationToken);
        var view = await desk.ViewAsync(definition.Id.Value, cancellationToken);
        var (centerClock, now) = (view.Clock, clock.Now());
        if (by is { Length: > 0 } && from?.Contains('T', StringComparison.Ordinal) == true)
        {
            var window = new Window(Questions.Instant(from, "from")!.Value, Questions.Instant(to, "to") ?? now);
            return window.IsEmpty || window.Length.Value > MostDays * Micros.PerDay
                ? throw new UserException(UserMessage.Of(MessageCode.ParameterUnusable, "to", Instants.ToText(window.Until), $"> {Instants.ToText(window.From)}"))
                : await AccountsAsync(view, by, window, _ => window, desk, store, clock, cancellationToken);
        }

        var today = centerClock.DayOf(now);
        var first = Questions.Day(from, "from") ?? Questions.Day(to, "to") ?? view.LastWholeDay ?? today;
        var last = Questions.Day(to, "to") ?? first;
        var byHour = grain switch
        {
            null or "" or "day" => false,
            "hour" => true,
            _ => throw new UserException(UserMessage.Of(MessageCode.ParameterUnusable, "grain", grain, "hour, day")),
        };
        var (span, most) = (last.DayNumber - first.DayNumber + 1, byHour ? MostDaysByHour : MostDays);
        if (span < 1 || span > most)
        {
            throw new UserException(UserMessage.Of(MessageCode.ParameterUnusable, "to", $"{last:O}", $"{first:O} - {first.AddDays(most - 1):O}"));
        }

        if (first > today)
        {
            throw new UserException(UserMessage.Of(MessageCode.DayNotBegun, definition.Id.Value, $"{first:O}", $"{today:O}"));
        }

        if (by is { Length: > 0 })
        {
            Window Days(CenterClock own) => new(own.Day(first).From, own.Day(last).Until);
            return await AccountsAsync(view, by, Days(centerClock), Days, desk, store, clock, cancellationToken);
        }

        var hours = await desk.HoursAsync(view, first, last < today ? last.AddDays(1) : today, cancellationToken);
        var all = last >= today ? [.. hours, .. await desk.RunningAsync(view, cancellationToken)] : hours;
        return new UtilizationAnswer(
            definition.Id.Value,
            definition.Zone,
            view.Facts.Simulated,
            first,
            last,
            last >= today ? Instants.ToText(now) : null,
            byHour ? "hour" : "day",
            [.. PoolDay.Of(all, definition).Select(pool => PoolUse.Of(pool, definition, all, centerClock, byHour))]);
    }

    private static async Task<AccountsAnswer> AccountsAsync(
        CenterView view, string by, Window window, Func<CenterClock, Window> windowOf, CenterDesk desk, ServedStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse<UsageBy>(by, ignoreCase: true, out var kind) || !Enum.IsDefined(kind) || char.IsAsciiDigit(by[0]))
        {
            throw new UserException(UserMessage.Of(MessageCode.ParameterUnusable, "by", by, string.Join(", ", Enum.GetNames<UsageBy>()).ToLowerInvariant()));
        }

        var centers = new List<CenterDevices> { view.Devices };
        if (kind == UsageBy.Network)
        {
            foreach (var other in (await desk.CentersAsync(cancellationToken)).Where(other => other.Id != view.Center.Id))
            {
                centers.Add((await desk.ViewAsync(other.Id.Value, cancellationToken)).Devices);
            }
        }

        var lines = await new UsageQuery(store, clock, view.Catalog, Instants.Never).ReadAsync(centers, kind, windowOf, cancellationToken);
        return new(
            view.Center.Id.Value,
            centers.Exists(entry => entry.Facts.Simulated),
            by.ToLowerInvariant(),
            view.Clock.DayOf(window.From),
            view.Clock.DayOf(window.Until - 1),
            [.. lines.Select(line => new AccountUse(line.Key, line.Precision.ToString().ToLowerInvariant(), line.Rated is null ? "device" : "P", UseOfTime.Of(window, new(new(line.Key), line.Devices, line.Rated))))]);
    }
}

/// <param name="Until">Where a running day was cut off, ISO 8601; null: every day is over.</param>
internal sealed record UtilizationAnswer(string Center, string Zone, bool Simulated, DateOnly From, DateOnly To, string? Until, string Grain, IReadOnlyList<PoolUse> Pools);

/// <param name="Accounts">Ordered by key and precision; precisions are never added.</param>
internal sealed record AccountsAnswer(string Center, bool Simulated, string By, DateOnly From, DateOnly To, IReadOnlyList<AccountUse> Accounts);

/// <param name="Weight">As in <see cref="PoolUse"/>.</param>
internal sealed record AccountUse(string Key, string Precision, string Weight, UseOfTime Total);

/// <param name="Weight">What devices count for: their rating (<c>P</c>), or one each (<c>device</c>).</param>
internal sealed record PoolUse(string Pool, LocalText Name, string Precision, string Weight, UseOfTime Total, IReadOnlyList<UseOfTime> Points)
{
    public static PoolUse Of(PoolDay total, CenterDefinition center, ImmutableArray<PoolHour> hours, CenterClock clock, bool byHour)
    {
        var own = hours.Where(hour => hour.Pool == total.Pool).OrderBy(hour => hour.HourStart).ToList();
        var points = own
            .GroupBy(hour => byHour ? new Window(hour.HourStart, hour.HourStart + Micros.PerHour) : clock.Day(clock.DayOf(hour.HourStart)))
            .Select(group => UseOfTime.Of(group.Key, PoolDay.Of(group, center)[0]));
        return new(
            total.Pool.Value,
            PoolDay.NameOf(center, total.Pool),
            center.PrecisionOf(total.Pool).ToString().ToLowerInvariant(),
            total.Rated is null ? "device" : "P",
            UseOfTime.Of(new(own[0].HourStart, own[^1].HourStart + Micros.PerHour), total),
            [.. points]);
    }
}

/// <param name="From">ISO 8601.</param>
internal sealed record UseOfTime(string From, string Until, Share U1s, Share U2, Share U3, Share U4)
{
    public static UseOfTime Of(Window window, PoolDay pool)
    {
        var (sums, hasSource) = (pool.Weighed, pool.Devices.HasAllocationSource);
        return new(
            Instants.ToText(window.From),
            Instants.ToText(window.Until),
            hasSource ? Share.Of(sums.U1s) : Share.Without(MetricCatalog.U1s),
            Share.Of(sums.U2),
            Share.Of(sums.U3),
            hasSource ? Share.Of(sums.U4) : Share.Without(MetricCatalog.U4));
    }
}

/// <param name="Metric">Name and version, such as <c>U3@1</c>.</param>
/// <param name="Value">0 to 1, over known time; null: see <paramref name="Gap"/>.</param>
/// <param name="Coverage">Known time over time that should be known, 0 to 1.</param>
/// <param name="Low">If all that is unknown were idle.</param>
/// <param name="High">If all that is unknown were busy.</param>
/// <param name="Gap"><c>bounds_only</c>, <c>no_allocation_source</c>, <c>nothing</c>; null: there is a value.</param>
internal sealed record Share(string Metric, double? Value, double? Coverage, double? Low, double? High, string? Gap)
{
    public static Share Of(MetricValue value) => value.IsEmpty
        ? new(value.Id.ToString(), null, null, null, null, "nothing")
        : new(value.Id.ToString(), value.Point, value.Coverage, value.Low, value.High, value.Point is null ? "bounds_only" : null);

    public static Share Without(MetricDefinition metric) => new(metric.Id.ToString(), null, null, null, null, "no_allocation_source");
}
