using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Storage;

/// <summary>The time to which a fact can matter.</summary>
public static class FactTime
{
    /// <summary>From when it was submitted until it ended, that instant included. An attempt of a request matters to all time: when it came tells how long the one before it waited.</summary>
    public static Window Of(JobFact job) => job.AttemptOf is null
        ? new(Math.Min(job.Submitted, job.Started ?? job.Submitted), job.Ended is { } end ? Math.Max(end, job.Submitted) + 1 : Instants.Never)
        : Window.Always;

    public static Window Of(CountFact count) => new(count.Hour, count.Hour + Micros.PerHour);

    public static Window Of(MeterFact reading) => reading.Valid;
}
