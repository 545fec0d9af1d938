using System.Collections.Immutable;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Why somebody waits.</summary>
public enum QueueCause
{
    /// <summary>The center is full.</summary>
    Center,

    /// <summary>The tenant holds what it may hold, while others' devices are free.</summary>
    Quota,

    /// <summary>Too few devices of the model that was asked for are free, while enough of another model are.</summary>
    Model,

    /// <summary>Some devices are free, and too few of them for the gang that waits.</summary>
    Gang,

    /// <summary>The center is full because devices are down or drained: with them it would not be.</summary>
    Drained,

    /// <summary>Enough devices are free: a placement rule or a priority keeps them.</summary>
    BesideFree,
}

/// <summary>Where the queue comes from.</summary>
/// <param name="FullWhileWaiting">How full the center gets while somebody waits: the effective capacity factor, 0 to 1. Null: too few such hours.</param>
/// <param name="Causes">Largest first.</param>
/// <param name="Tenants">Who waits, longest queue first; empty: tenants are not known.</param>
public sealed record QueueCauses(double? FullWhileWaiting, ImmutableArray<CauseShare> Causes, ImmutableArray<TenantQueue> Tenants)
{
    /// <summary>From this share of its quota on a tenant holds all it may: the rest is less than its next job.</summary>
    private const double AtQuota = 0.9;

    private const int FewestHours = 24;

    /// <summary>From three days of such hours on, what the pool itself could not give is a measure of it.</summary>
    private const int CalibratedHours = 72;

    /// <summary>Of the hours with a queue, how full it gets: their third quartile.</summary>
    private const double Quartile = 0.75;

    public static QueueCauses None { get; } = new(null, [], []);

    /// <summary>The effective capacity factor; null: not calibrated, too few hours in which somebody waited for the pool itself.</summary>
    public PackingEfficiency? Packing { get; init; }

    /// <summary>Hours that were observed, those in which nobody waited among them.</summary>
    public int Observed { get; init; }

    /// <summary>Hours in which the center itself was full while somebody waited.</summary>
    public double SaturationHours => Causes.FirstOrDefault(share => share.Cause == QueueCause.Center).Hours;

    /// <summary>From the job log where there is one, else from counts by tenant, else from those of the center.</summary>
    public static QueueCauses Of(DemandInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var observed = input.Observed.ToDictionary(hour => hour.Start);
        var models = input.Models.ToLookup(model => model.Start);
        var entries = (input.Episodes, input.Tenants.IsEmpty) switch
        {
            ({ } episodes, _) => QueueWaits.Of(episodes, input),
            (_, false) => input.Tenants.Select(hour => new QueueWait(hour.Tenant, hour.Start, hour.Queued ?? 0) { Quota = hour.Quota, Allocated = hour.Allocated }),
            _ => input.Observed.Select(hour => new QueueWait("", hour.Start, hour.Queued ?? 0)),
        };
        var caused = entries.Where(wait => wait.Devices >= QueueWait.Somebody && observed.ContainsKey(wait.Hour)).Select(wait => (Wait: wait, Cause: CauseOf(wait, observed[wait.Hour], [.. models[wait.Hour]], input))).ToList();
        return new(Full(caused.Select(entry => entry.Wait), observed), Shares(caused, observed.Count), Queues(caused, observed.Count)) { Observed = observed.Count, Packing = Packed(caused, observed) };
    }

    private static QueueCause CauseOf(QueueWait wait, ObservedHour hour, ModelCount[] models, DemandInput input)
    {
        var own = models.Where(model => model.Model == wait.Model).Select(model => (double?)model.Free).FirstOrDefault();
        if (own < wait.Gang && models.Any(model => model.Model != wait.Model && model.Free >= wait.Gang))
        {
            return QueueCause.Model;
        }

        var free = hour.Installed - hour.Allocated;
        if (hour.IsFull)
        {
            var down = input.Down.GetValueOrDefault(hour.Start);
            return down >= 1 && free + down >= wait.Devices ? QueueCause.Drained : QueueCause.Center;
        }

        if (wait.Quota is { } quota && wait.Allocated >= AtQuota * quota)
        {
            return QueueCause.Quota;
        }

        return wait.Gang > (own ?? free) ? QueueCause.Gang : QueueCause.BesideFree;
    }

    private static double? Full(IEnumerable<QueueWait> waits, Dictionary<long, ObservedHour> observed) =>
        Fills(waits, observed) is { Length: >= FewestHours } fills ? At(fills, Quartile) : null;

    /// <summary>Who waits for a quota, or beside devices that would do, does not show how full the pool gets.</summary>
    private static PackingEfficiency? Packed(List<(QueueWait Wait, QueueCause Cause)> caused, Dictionary<long, ObservedHour> observed) =>
        Fills(caused.Where(entry => entry.Cause is QueueCause.Center or QueueCause.Gang or QueueCause.Drained).Select(entry => entry.Wait), observed) is { Length: >= CalibratedHours } fills && fills[^1] > 0
            ? new(At(fills, Quartile), At(fills, 0.1), At(fills, 0.9), fills.Length)
            : null;

    /// <summary>Of the hours of waits, how full each was, rising.</summary>
    private static double[] Fills(IEnumerable<QueueWait> waits, Dictionary<long, ObservedHour> observed) =>
        [.. waits.Select(wait => wait.Hour).Distinct().Select(hour => observed[hour]).Where(hour => hour.Installed > 0).Select(hour => Math.Min(1, hour.Allocated / hour.Installed)).Order()];

    private static double At(double[] rising, double share) => rising[(int)(share * (rising.Length - 1))];

    private static ImmutableArray<CauseShare> Shares(List<(QueueWait Wait, QueueCause Cause)> caused, int hours) =>
    [
        .. caused.GroupBy(entry => entry.Cause)
            .Select(group => new CauseShare(group.Key, group.Select(entry => entry.Wait.Hour).Distinct().Count(), group.Sum(entry => entry.Wait.Devices) / 24) { Unserved = Unserved(group, hours) })
            .OrderByDescending(share => share.DeviceDays),
    ];

    private static ImmutableArray<TenantQueue> Queues(List<(QueueWait Wait, QueueCause Cause)> caused, int hours) =>
    [
        .. caused.Where(entry => entry.Wait.Tenant.Length > 0).GroupBy(entry => entry.Wait.Tenant)
            .Select(group =>
            {
                var (waited, sum) = (group.Select(entry => entry.Wait.Hour).Distinct().Count(), group.Sum(entry => entry.Wait.Devices));
                var cause = group.GroupBy(entry => entry.Cause).OrderByDescending(part => part.Sum(entry => entry.Wait.Devices)).ThenBy(part => part.Key).First();
                return new TenantQueue(group.Key, cause.Key, cause.Sum(entry => entry.Wait.Devices) / sum, waited, sum / 24, sum / waited) { Unserved = Unserved(group, hours) };
            })
            .OrderByDescending(queue => queue.DeviceDays).ThenBy(queue => queue.Tenant, StringComparer.Ordinal),
    ];

    private static double? Unserved(IEnumerable<(QueueWait Wait, QueueCause Cause)> waits, int hours) =>
        waits.Aggregate((double?)0, (sum, entry) => sum + entry.Wait.Unserved) / hours;
}

/// <summary>How full a pool gets while somebody waits for it: the factor between usable and effective capacity.</summary>
/// <param name="Factor">Third quartile of such hours, above 0 to 1.</param>
/// <param name="Low80">Their 10th percentile.</param>
/// <param name="High80">Their 90th percentile.</param>
/// <param name="Hours">How many there were.</param>
public sealed record PackingEfficiency(double Factor, double Low80, double High80, int Hours);

/// <param name="Hours">Hours in which somebody waited for it.</param>
/// <param name="DeviceDays">Devices asked for, times how long they were waited for. A stock over time: it is no demand to plan on.</param>
public readonly record struct CauseShare(QueueCause Cause, double Hours, double DeviceDays)
{
    /// <summary>Demand that was not served for it: devices asked for by who waited, for as long as each would have held them. Mean of all hours observed. Null: how long each would have run is not known.</summary>
    public double? Unserved { get; init; }
}

/// <param name="Cause">What it waited for most.</param>
/// <param name="Share">Of its waiting that is due to it, 0 to 1.</param>
/// <param name="Hours">Hours in which it waited.</param>
/// <param name="Mean">Mean devices that waited in them.</param>
public readonly record struct TenantQueue(string Tenant, QueueCause Cause, double Share, double Hours, double DeviceDays, double Mean)
{
    /// <summary>See <see cref="CauseShare.Unserved"/>.</summary>
    public double? Unserved { get; init; }
}
