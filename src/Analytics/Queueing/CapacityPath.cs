using System.Collections.Immutable;

namespace Headroom.Analytics.Queueing;

/// <summary>From this instant until the next step, this many devices.</summary>
public readonly record struct CapacityStep(long FromMicros, int Devices);

/// <summary>How many devices there are, as steps over time. Before the first step there are none.</summary>
public sealed class CapacityPath
{
    private readonly ImmutableArray<int> _largestFromStep;

    /// <exception cref="ArgumentException">No step, a negative count, or instants that do not rise.</exception>
    public CapacityPath(params ReadOnlySpan<CapacityStep> steps)
    {
        if (steps.IsEmpty)
        {
            throw new ArgumentException("A capacity path needs at least one step.", nameof(steps));
        }

        var largest = new int[steps.Length];
        for (var i = steps.Length - 1; i >= 0; i--)
        {
            if (steps[i].Devices < 0)
            {
                throw new ArgumentException($"Step {i} has {steps[i].Devices} devices; a count is 0 or more.", nameof(steps));
            }

            if (i > 0 && steps[i].FromMicros <= steps[i - 1].FromMicros)
            {
                throw new ArgumentException($"Step {i} does not come after step {i - 1}.", nameof(steps));
            }

            largest[i] = Math.Max(steps[i].Devices, i + 1 < steps.Length ? largest[i + 1] : 0);
        }

        Steps = [.. steps];
        _largestFromStep = [.. largest];
    }

    public ImmutableArray<CapacityStep> Steps { get; }

    /// <summary>The same count at every instant.</summary>
    public static CapacityPath Constant(int devices) => new(new CapacityStep(long.MinValue, devices));

    /// <summary>The count at an instant. O(log steps).</summary>
    public int DevicesAt(long micros)
    {
        var (low, high) = (0, Steps.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Steps[middle].FromMicros <= micros ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? 0 : Steps[low - 1].Devices;
    }

    /// <summary>The largest count from a step to the end of the path; -1 stands for the time before the first step.</summary>
    internal int LargestFrom(int step) => _largestFromStep[Math.Max(0, step)];
}
