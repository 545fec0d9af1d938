namespace Headroom.Analytics.Saturation;

/// <summary>Finds spells of saturation in daily demand against daily thresholds (theta x capacity).</summary>
/// <remarks>
/// A spell begins with the first of 7 days in a row above the threshold (METRICS section 6) and ends, by the same patience,
/// with the first of 7 days in a row not above it; or at once, on the first day not above a threshold that a phase has lifted.
/// A day without a value is neither above nor below.
/// </remarks>
internal static class Spells
{
    public const int Days = 7;

    /// <summary>So that a threshold computed in doubles is met exactly.</summary>
    private const double Rounding = 1e-9;

    /// <summary>A threshold that rises by more than this was lifted by a phase.</summary>
    private const double Lift = 1.01;

    /// <summary>First day from <paramref name="from"/> on that begins 7 days above, or -1.</summary>
    public static int FirstStart(ReadOnlySpan<double> demand, ReadOnlySpan<double> threshold, int from)
    {
        var run = 0;
        for (var day = Math.Max(0, from); day < demand.Length; day++)
        {
            run = IsAbove(demand[day], threshold[day]) ? run + 1 : 0;
            if (run == Days)
            {
                return day - Days + 1;
            }
        }

        return -1;
    }

    /// <summary>All spells, oldest first; <c>Until</c> is the first day after, or -1 where it is still on at the end.</summary>
    public static List<(int From, int Until)> All(ReadOnlySpan<double> demand, ReadOnlySpan<double> threshold)
    {
        var spells = new List<(int, int)>();
        for (var start = FirstStart(demand, threshold, 0); start >= 0;)
        {
            var end = End(demand, threshold, start);
            spells.Add((start, end));
            start = end < 0 ? -1 : FirstStart(demand, threshold, end);
        }

        return spells;
    }

    private static int End(ReadOnlySpan<double> demand, ReadOnlySpan<double> threshold, int start)
    {
        var (run, lastAbove) = (0, threshold[start]);
        for (var day = start; day < demand.Length; day++)
        {
            if (IsAbove(demand[day], threshold[day]))
            {
                (run, lastAbove) = (0, threshold[day]);
            }
            else if (double.IsFinite(demand[day]))
            {
                run++;
                if (threshold[day] > Lift * lastAbove)
                {
                    return day;
                }
            }
            else
            {
                run = 0;
            }

            if (run == Days)
            {
                return day - Days + 1;
            }
        }

        return -1;
    }

    private static bool IsAbove(double demand, double threshold) => demand > threshold * (1 + Rounding);
}
