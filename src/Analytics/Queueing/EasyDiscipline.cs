namespace Headroom.Analytics.Queueing;

/// <summary>EASY backfilling: the head of the line has a reservation, and whoever does not delay it may pass.</summary>
/// <remarks>
/// Lifka, The ANL/IBM SP scheduling system, JSSPP 1995. The reservation is the shadow time: when enough running jobs have ended for the head.
/// A job behind it starts if it fits now and either ends by then or needs no more than what the head leaves over. A job runs for as long as it asks, as far as is known; where it asks for nothing its runtime is known.
/// </remarks>
public sealed class EasyDiscipline : IQueueDiscipline
{
    public static readonly EasyDiscipline Instance = new();

    /// <summary>How far behind the head a job may be.</summary>
    private const int Depth = 100;

    public string Name => "easy";

    public int Next(in QueueView view)
    {
        if (view.Head == QueueView.None || view.FreeDevices <= 0)
        {
            return QueueView.None;
        }

        if (view.Jobs[view.Head].Devices <= view.FreeDevices)
        {
            return view.Head;
        }

        var first = Fitting(view, view.After(view.Head), Depth, out var left);
        return first == QueueView.None ? QueueView.None : Backfill(view, first, left);
    }

    private static int Backfill(in QueueView view, int first, int left)
    {
        var (shadow, extra) = Reservation(view);
        for (var job = first; job != QueueView.None; job = Fitting(view, view.After(job), left, out left))
        {
            var (devices, runtime) = (view.Jobs[job].Devices, view.Jobs[job].ToldMicros);
            if (devices <= extra || runtime <= shadow - view.NowMicros)
            {
                return job;
            }
        }

        return QueueView.None;
    }

    private static int Fitting(in QueueView view, int from, int depth, out int left)
    {
        left = depth;
        for (var job = from; job != QueueView.None && left > 0; job = view.After(job))
        {
            left--;
            if (view.Jobs[job].Devices <= view.FreeDevices)
            {
                return job;
            }
        }

        return QueueView.None;
    }

    /// <summary>When the head can start at the latest, and what is free then beside it.</summary>
    private static (long Shadow, int Extra) Reservation(in QueueView view)
    {
        var needed = view.Jobs[view.Head].Devices - view.FreeDevices;
        var earliest = new PriorityQueue<int, long>();
        var sum = 0;
        for (var i = 0; i < view.ReleaseMicros.Length; i++)
        {
            var (instant, devices) = (view.ToldReleaseMicros(i), view.Jobs[view.ReleaseJobs[i]].Devices);
            if (sum >= needed && earliest.TryPeek(out _, out var latest) && instant >= -latest)
            {
                continue;
            }

            earliest.Enqueue(devices, -instant);
            sum += devices;
            while (sum - earliest.Peek() >= needed)
            {
                sum -= earliest.Dequeue();
            }
        }

        // Not enough is running: the head waits for capacity, and nobody can delay it.
        if (sum < needed || !earliest.TryPeek(out _, out var last))
        {
            return (long.MaxValue, view.FreeDevices);
        }

        var shadow = -last;
        var free = view.FreeDevices - view.Jobs[view.Head].Devices;
        for (var i = 0; i < view.ReleaseMicros.Length; i++)
        {
            free += view.ToldReleaseMicros(i) <= shadow ? view.Jobs[view.ReleaseJobs[i]].Devices : 0;
        }

        return (shadow, free);
    }
}
