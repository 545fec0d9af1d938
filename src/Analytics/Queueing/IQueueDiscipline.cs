namespace Headroom.Analytics.Queueing;

/// <summary>Who starts next. Asked again after each start, so it names one job at a time.</summary>
public interface IQueueDiscipline
{
    string Name { get; }

    /// <summary>The waiting job to start now; it must fit in <see cref="QueueView.FreeDevices"/>.</summary>
    /// <returns>A job of the line, or <see cref="QueueView.None"/> to wait until something changes.</returns>
    int Next(in QueueView view);
}

/// <summary>What a discipline may look at: the line in order of submission, the free devices, and when running jobs give theirs back.</summary>
/// <remarks>Jobs are positions in <see cref="Jobs"/>. Valid during one call only.</remarks>
public readonly ref struct QueueView
{
    /// <summary>No job.</summary>
    public const int None = -1;

    private readonly ReadOnlySpan<int> _after;

    internal QueueView(long nowMicros, int freeDevices, ReadOnlySpan<QueuedJob> jobs, int head, ReadOnlySpan<int> after, InstantHeap running)
    {
        NowMicros = nowMicros;
        FreeDevices = freeDevices;
        Jobs = jobs;
        Head = head;
        _after = after;
        ReleaseMicros = running.Instants;
        ReleaseJobs = running.Jobs;
    }

    public long NowMicros { get; }

    /// <summary>Negative while more devices are held than the capacity, which has just fallen, has.</summary>
    public int FreeDevices { get; }

    public ReadOnlySpan<QueuedJob> Jobs { get; }

    /// <summary>The job that has waited longest, or <see cref="None"/>.</summary>
    public int Head { get; }

    /// <summary>When each running job ends, in no particular order; parallel to <see cref="ReleaseJobs"/>.</summary>
    public ReadOnlySpan<long> ReleaseMicros { get; }

    public ReadOnlySpan<int> ReleaseJobs { get; }

    /// <summary>When a running job ends, as far as a scheduler knows: at the end of the time it asks for.</summary>
    /// <param name="running">Its place in <see cref="ReleaseMicros"/>.</param>
    public long ToldReleaseMicros(int running)
    {
        ref readonly var job = ref Jobs[ReleaseJobs[running]];
        return job.RequestedMicros is { } requested ? Math.Max(ReleaseMicros[running], ReleaseMicros[running] - job.RuntimeMicros + requested) : ReleaseMicros[running];
    }

    /// <summary>The job behind this one in line, or <see cref="None"/>.</summary>
    public int After(int job) => _after[job];
}
