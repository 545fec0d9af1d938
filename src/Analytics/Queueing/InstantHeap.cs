namespace Headroom.Analytics.Queueing;

/// <summary>Jobs by instant, earliest first; equal instants in order of job. A four-ary heap in two columns.</summary>
internal sealed class InstantHeap
{
    private long[] _instants = new long[64];
    private int[] _jobs = new int[64];

    public int Count { get; private set; }

    public ReadOnlySpan<long> Instants => _instants.AsSpan(0, Count);

    public ReadOnlySpan<int> Jobs => _jobs.AsSpan(0, Count);

    /// <summary>The earliest instant; <see cref="long.MaxValue"/> when empty.</summary>
    public long EarliestMicros => Count == 0 ? long.MaxValue : _instants[0];

    public void Push(long instant, int job)
    {
        if (Count == _jobs.Length)
        {
            Array.Resize(ref _instants, Count * 2);
            Array.Resize(ref _jobs, Count * 2);
        }

        var hole = Count++;
        while (hole > 0)
        {
            var parent = (hole - 1) / 4;
            if (!Before(instant, job, parent))
            {
                break;
            }

            (_instants[hole], _jobs[hole]) = (_instants[parent], _jobs[parent]);
            hole = parent;
        }

        (_instants[hole], _jobs[hole]) = (instant, job);
    }

    public int Pop()
    {
        var top = _jobs[0];
        var last = --Count;
        var (instant, job) = (_instants[last], _jobs[last]);
        var hole = 0;
        for (var child = 1; child < last; child = (4 * hole) + 1)
        {
            var earliest = child;
            for (var sibling = child + 1; sibling < Math.Min(child + 4, last); sibling++)
            {
                if (Before(_instants[sibling], _jobs[sibling], earliest))
                {
                    earliest = sibling;
                }
            }

            if (Before(instant, job, earliest))
            {
                break;
            }

            (_instants[hole], _jobs[hole]) = (_instants[earliest], _jobs[earliest]);
            hole = earliest;
        }

        (_instants[hole], _jobs[hole]) = (instant, job);
        return top;
    }

    private bool Before(long instant, int job, int place) =>
        instant < _instants[place] || (instant == _instants[place] && job < _jobs[place]);
}
