using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Jobs whose runtimes are compared, and the unit in which their ages are counted.</summary>
/// <remarks>
/// Where a job says how long it asks for, its age is a share of that, among jobs that ask for about as long: the request is a covariate,
/// never the estimate. Cutting runtimes of other jobs off at its request instead would make demand too small; one law of shares
/// for all would make it too large, because those who ask for longest use the least of it.
/// </remarks>
/// <param name="Index">Its place among all: sizes (ages in seconds), then requested times by powers of two (ages in shares of them).</param>
/// <param name="Unit">Microseconds in one unit of age.</param>
internal readonly record struct RuntimeStratum(int Index, double Unit)
{
    /// <summary>An age of all the requested time, in units: as fine on the bins as a day in seconds.</summary>
    private const double WholeRequest = 100_000;

    public const int Count = 2 * SizeClasses.Count;

    public bool IsByShare => Index >= SizeClasses.Count;

    public static RuntimeStratum BySeconds(int sizeClass) => new(sizeClass, Micros.PerSecond);

    /// <param name="requested">Above 0. Unit: microseconds.</param>
    public static RuntimeStratum ByShare(long requested) =>
        new(SizeClasses.Count + Math.Min(SizeClasses.Count - 1, (int)Math.Log2(1 + (requested / Micros.PerSecond))), requested / WholeRequest);

    /// <param name="micros">Unit: microseconds.</param>
    public double Age(double micros) => micros / Unit;
}
