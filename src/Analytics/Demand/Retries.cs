using System.Runtime.InteropServices;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Finds which jobs of a log are attempts of one demand: those that say so, and those that were given up and submitted again, under the same id or another.</summary>
/// <remarks>
/// A job was submitted again where one before it never came to run, or was stopped by the center (a failed node, a preemption, a requeue), and it follows within a day
/// with the same cluster, tenant and name, and half to twice the devices. Each job follows one at most and is followed by one at most: of ten given up and eleven submitted, one is new.
/// What ran and failed by itself, or was canceled while it ran, is a demand that was served, and what is run after it is another. Jobs without a name are never taken for each other.
/// Source: SCIENCE.md section 2a.
/// </remarks>
internal static class Retries
{
    /// <summary>Later than this it is another demand. Unit: microseconds.</summary>
    public const long Within = Micros.PerDay;

    /// <param name="jobs">Each once, by submission and id.</param>
    /// <param name="within">Unit: microseconds. Below 0: only jobs that say so.</param>
    /// <returns>For each job the number of the first of its demand, as far as it is in the log.</returns>
    public static int[] Roots(IReadOnlyList<JobFact> jobs, long within)
    {
        var (sets, follows, followed) = (new Sets(jobs.Count), new bool[jobs.Count], new bool[jobs.Count]);
        LinkById(jobs, within, sets, follows, followed);
        if (within >= 0)
        {
            LinkByName(jobs, within, sets, follows, followed);
        }

        return sets.Roots();
    }

    /// <summary>Whether its demand was not met, so that a job after it may be the same demand.</summary>
    private static bool IsUnmet(JobFact job) =>
        job.Ended is not null && (job.Started is null || job.State is JobState.NodeFail or JobState.Preempted or JobState.Requeued);

    private static void LinkById(IReadOnlyList<JobFact> jobs, long within, Sets sets, bool[] follows, bool[] followed)
    {
        var newest = new Dictionary<(string Cluster, string Id), int>();
        for (var i = 0; i < jobs.Count; i++)
        {
            ref var before = ref CollectionsMarshal.GetValueRefOrAddDefault(newest, (jobs[i].Cluster, jobs[i].JobId), out var isKnown);
            if (isKnown && IsAgain(jobs[before], jobs[i]))
            {
                Link(before, i);
            }

            before = i;
        }

        // An attempt may name a job that is not in the log: all that name it are attempts of that one.
        for (var i = 0; i < jobs.Count; i++)
        {
            if (jobs[i].AttemptOf is not { } first || first == jobs[i].JobId)
            {
                continue;
            }

            ref var named = ref CollectionsMarshal.GetValueRefOrAddDefault(newest, (jobs[i].Cluster, first), out var isKnown);
            named = isKnown ? named : i;
            if (named != i)
            {
                Link(named, i);
            }

            follows[i] = true;
        }

        // A scheduler gives no second job the id of one that it still knows; what it requeues keeps its id.
        bool IsAgain(JobFact before, JobFact after) =>
            before.Ended is not { } ended || (IsUnmet(before) && (within >= 0 || before.Started is not null) && after.Submitted - ended <= Within);

        void Link(int before, int after)
        {
            sets.Join(before, after);
            (followed[before], follows[after]) = (true, true);
        }
    }

    private static void LinkByName(IReadOnlyList<JobFact> jobs, long within, Sets sets, bool[] follows, bool[] followed)
    {
        var byName = new Dictionary<(string Cluster, TenantId Tenant, string Name), Offers>();
        foreach (var i in Enumerable.Range(0, jobs.Count).Where(i => !followed[i] && jobs[i].Name is not null && IsUnmet(jobs[i])).OrderBy(i => jobs[i].Ended).ThenBy(i => i))
        {
            var key = (jobs[i].Cluster, jobs[i].Tenant, jobs[i].Name!);
            (CollectionsMarshal.GetValueRefOrAddDefault(byName, key, out _) ??= new(jobs, within)).Add(i);
        }

        for (var i = 0; i < jobs.Count && byName.Count > 0; i++)
        {
            if (!follows[i] && jobs[i].Name is { } name && byName.TryGetValue((jobs[i].Cluster, jobs[i].Tenant, name), out var offers) && offers.Take(i) is { } before)
            {
                sets.Join(before, i);
            }
        }
    }

    /// <summary>Unmet jobs of one name by their size, each in the order of their ends.</summary>
    private sealed class Offers(IReadOnlyList<JobFact> jobs, long within)
    {
        private readonly SortedDictionary<int, Queue<int>> _bySize = [];

        public void Add(int job)
        {
            if (!_bySize.TryGetValue(jobs[job].Devices, out var queue))
            {
                _bySize[jobs[job].Devices] = queue = new();
            }

            queue.Enqueue(job);
        }

        /// <summary>The one that a job submitted anew follows: nearest in size, then the one that ended first. Null: none, and it is new.</summary>
        public int? Take(int job)
        {
            var (submitted, devices) = (jobs[job].Submitted, (long)jobs[job].Devices);
            (double Ratio, long Ended, Queue<int>? Queue) best = (double.PositiveInfinity, 0, null);
            foreach (var (size, queue) in _bySize)
            {
                while (queue.TryPeek(out var old) && submitted - jobs[old].Ended > within)
                {
                    queue.Dequeue();
                }

                if (size > 2 * devices || devices > 2L * size || !queue.TryPeek(out var first) || first >= job || jobs[first].Ended > submitted)
                {
                    continue;
                }

                var (ratio, ended) = ((double)Math.Max(size, devices) / Math.Min(size, devices), jobs[first].Ended!.Value);
                best = (ratio, ended).CompareTo((best.Ratio, best.Ended)) < 0 ? (ratio, ended, queue) : best;
            }

            return best.Queue?.Dequeue();
        }
    }

    /// <summary>Sets of numbers, joined pair by pair; the smallest stands for its set.</summary>
    private sealed class Sets(int count)
    {
        private readonly int[] _parents = [.. Enumerable.Range(0, count)];

        public void Join(int one, int other)
        {
            var (a, b) = (RootOf(one), RootOf(other));
            _parents[Math.Max(a, b)] = Math.Min(a, b);
        }

        public int[] Roots()
        {
            for (var i = 0; i < _parents.Length; i++)
            {
                _parents[i] = RootOf(i);
            }

            return _parents;
        }

        private int RootOf(int item)
        {
            while (_parents[item] != item)
            {
                item = _parents[item] = _parents[_parents[item]];
            }

            return item;
        }
    }
}
