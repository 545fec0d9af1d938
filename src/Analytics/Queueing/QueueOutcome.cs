namespace Headroom.Analytics.Queueing;

/// <summary>How far a job came by the horizon.</summary>
public enum JobFate
{
    /// <summary>Submitted at or after the horizon: the run never saw it.</summary>
    NotSubmitted,

    /// <summary>In line at the horizon.</summary>
    Waiting,

    /// <summary>Started, and holding its devices at the horizon.</summary>
    Running,

    /// <summary>Started and ended at or before the horizon.</summary>
    Finished,

    /// <summary>Its patience ran out in line.</summary>
    Left,

    /// <summary>It asks for more devices than the capacity path has from then on; set aside so that it does not block the line for ever.</summary>
    TooLarge,
}

/// <summary>What became of one job.</summary>
/// <param name="AtMicros">The start (running, finished), the instant it left or was set aside (left, too large), the horizon (waiting, not submitted).</param>
public readonly record struct QueueOutcome(JobFate Fate, long AtMicros)
{
    /// <summary>Null where the job did not start.</summary>
    public long? StartMicros => Fate is JobFate.Running or JobFate.Finished ? AtMicros : null;

    /// <summary>Null where the job did not give up.</summary>
    public long? LeftAtMicros => Fate is JobFate.Left ? AtMicros : null;
}
