using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Runtimes by grades, each 1.65 times as long as the one before: fine enough for what patience makes of them.</summary>
internal static class RuntimeGrades
{
    public const int Count = 40;

    private const double PerE = 2;

    /// <param name="micros">Unit: microseconds.</param>
    public static int Of(long micros) => Math.Clamp((int)(PerE * Math.Log(Math.Max(1, micros / (double)Micros.PerSecond))), 0, Count - 1);

    /// <summary>Natural logarithm of a runtime of the grade in seconds.</summary>
    public static double Log(int grade) => (grade + 0.5) / PerE;
}
