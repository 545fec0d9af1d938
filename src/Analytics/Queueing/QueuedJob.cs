namespace Headroom.Analytics.Queueing;

/// <summary>One request for devices, as the queue sees it: when it comes, how many it needs at once, how long it holds them, how long it waits.</summary>
/// <param name="SubmitMicros">Unit: microseconds since the Unix epoch, UTC; any origin works as long as capacity and horizon share it.</param>
/// <param name="RuntimeMicros">Time the devices are held once started. 0 or more.</param>
/// <param name="Devices">All start together (a gang). 1 or more.</param>
/// <param name="PatienceMicros">Longest wait before the job leaves unserved; 0 means now or never (a loss system).</param>
public readonly record struct QueuedJob(long SubmitMicros, long RuntimeMicros, int Devices, long PatienceMicros = QueuedJob.NeverLeaves)
{
    /// <summary>The patience of a job that waits for as long as it takes.</summary>
    public const long NeverLeaves = long.MaxValue;

    /// <summary>How long it asks to hold the devices, which is all a scheduler knows of it; null: it is known how long it runs. At least <see cref="RuntimeMicros"/>.</summary>
    public long? RequestedMicros { get; init; }

    /// <summary>How long it holds the devices, as far as a scheduler knows.</summary>
    public long ToldMicros => RequestedMicros ?? RuntimeMicros;

    /// <summary>The instant at which the job gives up; <see cref="NeverLeaves"/> where it does not.</summary>
    public long LeavesAtMicros =>
        PatienceMicros > NeverLeaves - Math.Max(0, SubmitMicros) ? NeverLeaves : SubmitMicros + PatienceMicros;
}
