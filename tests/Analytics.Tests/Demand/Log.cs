using Headroom.Analytics.Demand;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Tests.Demand;

/// <summary>Hand-made logs and observations, in hours from a fixed Monday.</summary>
internal static class Log
{
    public static readonly long Monday = Instants.From(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero));

    public static long At(double hour) => Monday + (long)(hour * Micros.PerHour);

    /// <param name="started">Hours; null: has not.</param>
    public static JobFact Job(string id, double submitted, double? started, double? ended, int devices, JobState state = JobState.Completed, string? attemptOf = null, double? requested = null) => new(
        "c", id, new("t"), At(submitted), null, Instant(started), Instant(ended), devices, state, null, null, [], null, false,
        requested is { } hours ? (long)(hours * Micros.PerHour) : null, attemptOf);

    public static ObservedHour[] Hours(int count, Func<int, (double Installed, double Allocated, double? Queued)> at) =>
        [.. Enumerable.Range(0, count).Select(hour => new ObservedHour(At(hour), at(hour).Installed, at(hour).Allocated, at(hour).Queued))];

    /// <summary>Hours in which nobody looked at allocation, so that only the log speaks.</summary>
    public static ObservedHour[] Unseen(int count) => Hours(count, _ => (100, 0, null));

    public static DemandAnswer Demand(IEnumerable<JobFact> jobs, ObservedHour[] observed, int horizon = 0, ulong seed = 1)
    {
        var now = observed[^1].Start + Micros.PerHour;
        return LatentDemand.Of(new([.. observed], Episodes.Of(jobs, now), now) { Horizon = horizon, Seed = seed });
    }

    public static double[] Means(DemandAnswer answer) => [.. ((DemandAnswer.Estimate)answer).Series.Observed.Select(hour => hour.Mean)];

    private static long? Instant(double? hour) => hour is { } at ? At(at) : null;
}
