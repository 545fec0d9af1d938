using System.Collections.Immutable;
using Headroom.Domain.Time;
using Headroom.Simulation.Demand;
using Headroom.Simulation.Fleets;
using Headroom.Simulation.Running;

namespace Headroom.Simulation.Truths;

/// <summary>What was really the case in one local hour of one pool: means over the hour, in devices.</summary>
/// <param name="Demand">What would run if every request started as soon as it could. An interrupted job's new attempts add nothing.</param>
/// <param name="BusyDeviceHours">Duty of its gauges, integrated; null for a pool without gauges, or while the day's telemetry has not been generated.</param>
public sealed record TruthHour(long Hour, int Pool, double Demand, double Queued, double Allocated, double? BusyDeviceHours);

/// <summary>The hidden truth by hour and pool. Not safe for two threads that generate the same day.</summary>
public sealed class TruthTable
{
    private const long PercentSeconds = 100 * 3_600;

    private readonly Fleet _fleet;
    private readonly Window _plan;
    private readonly int _hours;
    private readonly long[] _demand;
    private readonly long[] _queued;
    private readonly long[] _allocated;
    private readonly long[] _busy;
    private readonly bool[] _hasBusy;

    internal TruthTable(Fleet fleet, Window plan, ImmutableArray<SimulatedRequest> requests, ImmutableArray<Attempt> attempts)
    {
        _fleet = fleet;
        _plan = plan;
        _hours = (int)((plan.Until - plan.From) / Micros.PerHour);
        var cells = _hours * fleet.Pools.Length;
        (_demand, _queued, _allocated, _busy, _hasBusy) = (new long[cells], new long[cells], new long[cells], new long[cells], new bool[_hours]);
        foreach (var request in requests)
        {
            Spread(_demand, request.Pool, request.Wanted, request.Devices);
        }

        foreach (var attempt in attempts)
        {
            Spread(_queued, attempt.Request.Pool, new(attempt.Eligible, attempt.Started ?? attempt.Ended ?? plan.Until), attempt.Request.Devices);
            Spread(_allocated, attempt.Request.Pool, attempt.Run(plan.Until), attempt.Request.Devices);
        }
    }

    /// <summary>By hour, then by pool.</summary>
    public IEnumerable<TruthHour> Rows() =>
        Enumerable.Range(0, _hours).SelectMany(hour => Enumerable.Range(0, _fleet.Pools.Length).Select(pool => Row(hour, pool)));

    /// <summary>Mean hidden demand of a pool over the plan. Unit: devices.</summary>
    public double MeanDemand(int pool) => _demand.AsSpan(pool * _hours, _hours).ToArray().Sum(v => (double)v) / Micros.PerHour / Math.Max(1, _hours);

    /// <param name="hours">First hour and number of hours whose busy time is complete now.</param>
    /// <param name="percentSeconds">By pool, then by hour of that span.</param>
    internal void SetBusy(int firstHour, int hours, long[] percentSeconds)
    {
        for (var hour = 0; hour < hours && firstHour + hour < _hours; hour++)
        {
            for (var pool = 0; pool < _fleet.Pools.Length; pool++)
            {
                _busy[(pool * _hours) + firstHour + hour] = percentSeconds[(pool * hours) + hour];
            }

            _hasBusy[firstHour + hour] = true;
        }
    }

    private TruthHour Row(int hour, int pool)
    {
        var cell = (pool * _hours) + hour;
        return new(
            _plan.From + (hour * Micros.PerHour),
            pool,
            (double)_demand[cell] / Micros.PerHour,
            (double)_queued[cell] / Micros.PerHour,
            (double)_allocated[cell] / Micros.PerHour,
            _fleet.Pools[pool].HasGauge && _hasBusy[hour] ? (double)_busy[cell] / PercentSeconds : null);
    }

    private void Spread(long[] cells, int pool, Window span, int devices)
    {
        var inside = span.Within(_plan);
        for (var at = inside.From; at < inside.Until;)
        {
            var hour = (at - _plan.From) / Micros.PerHour;
            var end = Math.Min(inside.Until, _plan.From + ((hour + 1) * Micros.PerHour));
            cells[(pool * _hours) + hour] += devices * (end - at);
            at = end;
        }
    }
}
