using System.Collections.Immutable;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>One demand, however often it was tried: its attempts are one episode. Instants: microseconds since the Unix epoch, UTC.</summary>
/// <param name="Wanted">When its demand starts: when it could have started.</param>
/// <param name="Devices">At least 1.</param>
/// <param name="Started">When it first held its devices; null: never did.</param>
/// <param name="Served">How long it held them so far, over all attempts. Unit: microseconds.</param>
/// <param name="Requested">An upper bound of its runtime. Unit: microseconds. Null: not known.</param>
/// <param name="Settled">When it last changed: it ended, left, or (still open) the end of what is known.</param>
public readonly record struct Episode(long Wanted, int Devices, long? Started, long Served, EpisodeState State, long? Requested, long Settled)
{
    /// <summary>Whose it is; empty: not known.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>As the scheduler names it; empty: not known.</summary>
    public string Priority { get; init; } = "";

    /// <summary>The model it asks for; empty: any, or not known.</summary>
    public string Model { get; init; } = "";

    /// <summary>When each of several attempts stood in the queue, in their order; default: it is one attempt.</summary>
    public ImmutableArray<Window> Stays { get; init; }

    public bool IsOver => State == EpisodeState.Over;

    /// <summary>It never held a device, and gave up.</summary>
    public bool HasLeft => State == EpisodeState.Left && Started is null;

    /// <summary>How long it waited before it first started, left, or until now. Unit: microseconds.</summary>
    public long Waited => Math.Max(0, (Started ?? Settled) - Wanted);

    /// <summary>When it stood in the queue: between two attempts it did not.</summary>
    public IEnumerable<Window> InQueue => Stays.IsDefault ? [new(Wanted, Wanted + Waited)] : Stays;

    internal int SizeClass => SizeClasses.Of(Devices);
}

public enum EpisodeState
{
    /// <summary>It ran to its end: its runtime is known.</summary>
    Over,
    Running,
    Waiting,

    /// <summary>It gave up while it waited.</summary>
    Left,
}
