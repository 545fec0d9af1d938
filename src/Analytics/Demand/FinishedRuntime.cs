namespace Headroom.Analytics.Demand;

/// <summary>A job that is over, of any log: only its size and its runtime are known.</summary>
/// <param name="Runtime">Unit: microseconds.</param>
public readonly record struct FinishedRuntime(int Devices, long Runtime)
{
    /// <summary>How long it waited before. Unit: microseconds. Null: not known.</summary>
    public long? Waited { get; init; }
}
