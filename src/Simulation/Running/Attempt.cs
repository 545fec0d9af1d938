using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using Headroom.Simulation.Demand;

namespace Headroom.Simulation.Running;

/// <summary>One try of one request in the queue and on devices. Instants are whole seconds.</summary>
public sealed class Attempt
{
    internal Attempt(SimulatedRequest request, int number, long submitted, long eligible, long runtime)
    {
        Request = request;
        Number = number;
        Submitted = submitted;
        Eligible = eligible;
        Runtime = runtime;
        LeavesAt = request.Patience > Instants.Never - eligible ? Instants.Never : eligible + request.Patience;
    }

    public SimulatedRequest Request { get; }

    /// <summary>0 for the first; 1 after the first interruption.</summary>
    public int Number { get; }

    public string JobId => Number == 0 ? Request.JobId : FormattableString.Invariant($"{Request.JobId}-r{Number}");

    public long Submitted { get; }

    public long Eligible { get; }

    /// <summary>How long it holds its devices unless it is interrupted. Unit: microseconds.</summary>
    public long Runtime { get; }

    public long LeavesAt { get; }

    /// <summary>Null: has not started.</summary>
    public long? Started { get; internal set; }

    /// <summary>Null: waits or runs when the plan ends.</summary>
    public long? Ended { get; internal set; }

    public JobState State { get; internal set; } = JobState.Pending;

    /// <summary>Ordinals of the devices it runs or ran on; empty before it starts.</summary>
    public int[] Devices { get; internal set; } = [];

    /// <summary>The devices' time it holds; empty when it never started.</summary>
    public Window Run(long horizon) => Started is { } start ? new(start, Ended ?? horizon) : default;
}
