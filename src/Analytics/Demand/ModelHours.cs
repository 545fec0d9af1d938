using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Free devices of a pool by model and hour.</summary>
public static class ModelHours
{
    /// <summary>Of the time that jobs held, so much must be known to be of one model or the other.</summary>
    private const double Told = 0.95;

    /// <param name="jobs">Of the pool, those that name none of the devices.</param>
    /// <param name="nameOf">One name for each model, however it is written; empty: not known.</param>
    /// <returns>Empty: the pool has one model, or it is not known who held which.</returns>
    public static ImmutableArray<ModelCount> Of(IEnumerable<DeviceHistory> devices, IEnumerable<JobFact> jobs, PoolId pool, ImmutableArray<ObservedHour> observed, Func<string?, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        var placed = devices.SelectMany(device => device.Placements.Where(placement => placement.Pool == pool).Select(placement => (Device: device, placement.Valid, Model: nameOf(placement.Model)))).ToList();
        if (observed.IsEmpty || placed.Select(entry => entry.Model).Distinct().Count() < 2)
        {
            return [];
        }

        var hours = (int)((observed[^1].Start - observed[0].Start) / Micros.PerHour) + 1;
        var window = new Window(observed[0].Start, observed[0].Start + (hours * Micros.PerHour));
        var (free, held, untold) = (new SortedDictionary<string, HourGrid>(StringComparer.Ordinal), 0.0, 0.0);
        foreach (var (device, valid, model) in placed)
        {
            var up = WindowSet.Minus([valid.Within(window)], WindowSet.Union(device.Down.Concat(device.Maintenance)));
            var idle = WindowSet.Minus(up, WindowSet.Union(device.Holdings.Select(holding => holding.Valid)));
            var grid = free.TryGetValue(model, out var known) ? known : free[model] = new(window.From, hours);
            foreach (var span in idle)
            {
                grid.Add(span, 1);
            }

            held += up.Sum(span => (double)span.Length.Value) - idle.Sum(span => (double)span.Length.Value);
        }

        foreach (var job in jobs)
        {
            if (job.Run is not { } run)
            {
                continue;
            }

            var time = (double)run.Within(window).Length.Value * job.Devices;
            held += time;
            if (free.TryGetValue(nameOf(job.Model), out var grid))
            {
                grid.Add(run, -job.Devices);
            }
            else
            {
                untold += time;
            }
        }

        if (untold > (1 - Told) * held || free.ContainsKey(""))
        {
            return [];
        }

        var means = free.Select(model => (Model: model.Key, Hours: model.Value.Means())).ToList();
        return
        [
            .. observed.SelectMany(hour => means.Select(model => new ModelCount(model.Model, hour.Start, Math.Max(0, model.Hours[(int)((hour.Start - window.From) / Micros.PerHour)])))),
        ];
    }
}
