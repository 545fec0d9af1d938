using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Time;
using Headroom.Simulation.Demand;
using Headroom.Simulation.Fleets;
using Headroom.Simulation.Gauges;
using Headroom.Simulation.Plans;
using Headroom.Simulation.Running;
using Headroom.Simulation.Telemetry;
using Headroom.Simulation.Truths;

namespace Headroom.Simulation;

/// <summary>A simulated center: what happened in it, and the files and pages that tell of it.</summary>
public sealed class SimulatedCenter
{
    private readonly CenterClock _clock;
    private readonly RowWriter _rows;

    internal SimulatedCenter(
        CenterDefinition center,
        SimulationPlan plan,
        CenterClock clock,
        Fleet fleet,
        ImmutableArray<SimulatedRequest> requests,
        ImmutableArray<Attempt> attempts,
        GaugeModel gauges)
    {
        (Center, Plan, _clock, Fleet, Requests, Attempts, Gauges) = (center, plan, clock, fleet, requests, attempts, gauges);
        Window = new(clock.Day(plan.From).From, clock.Day(plan.Until).From);
        _rows = new(fleet);
        Truth = new(fleet, Window, requests, attempts);
    }

    public CenterDefinition Center { get; }

    public SimulationPlan Plan { get; }

    /// <summary>The plan's days, as instants.</summary>
    public Window Window { get; }

    public Fleet Fleet { get; }

    /// <summary>Hidden: all that was wanted, from the warm-up on, by eligible instant.</summary>
    public ImmutableArray<SimulatedRequest> Requests { get; }

    /// <summary>All attempts that waited or ran inside the plan's days, by submission.</summary>
    public ImmutableArray<Attempt> Attempts { get; }

    /// <summary>Hidden: what was really the case. Its busy time is there for the days whose telemetry has been read to the end.</summary>
    public TruthTable Truth { get; }

    /// <summary>The local days of the plan that have telemetry, oldest first.</summary>
    public IEnumerable<DateOnly> Days => Enumerable.Range(0, Plan.Until.DayNumber - Plan.FirstTelemetry.DayNumber).Select(Plan.FirstTelemetry.AddDays);

    internal GaugeModel Gauges { get; }

    /// <summary>The telemetry file of one day, UTF-8 CSV, made while it is read. Days can be read in any order, each any number of times.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The plan has no telemetry of the day.</exception>
    public Stream OpenTelemetry(DateOnly day)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(day, Plan.FirstTelemetry);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(day, Plan.Until);
        var window = _clock.Day(day);
        var firstHour = (int)((window.From - Window.From) / Micros.PerHour);
        var hours = (int)((window.Until - window.From) / Micros.PerHour);
        return new TelemetryStream(new TelemetryDay(Fleet, Gauges, _rows, Plan, _clock, day, busy => Truth.SetBusy(firstHour, hours, busy)));
    }
}
