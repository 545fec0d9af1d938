namespace Headroom.Analytics.Queueing;

/// <summary>The state of one run of the engine, and the loop over its instants.</summary>
internal ref struct QueueRun
{
    private const int None = QueueView.None;

    private readonly ReadOnlySpan<QueuedJob> _jobs;
    private readonly CapacityPath _capacity;
    private readonly long _horizon;
    private readonly IQueueDiscipline _discipline;
    private readonly Span<QueueOutcome> _outcomes;
    private readonly int[] _arrivals;
    private readonly InstantHeap _running = new();
    private readonly InstantHeap _impatient = new();

    // The line: a doubly linked list over job positions, so that leaving and backfilling cost O(1).
    private readonly int[] _after;
    private readonly int[] _before;
    private int _head = None;
    private int _tail = None;

    private int _arrived;
    private int _step = -1;
    private int _free;

    public QueueRun(ReadOnlySpan<QueuedJob> jobs, CapacityPath capacity, long horizon, IQueueDiscipline discipline, Span<QueueOutcome> outcomes)
    {
        _jobs = jobs;
        _capacity = capacity;
        _horizon = horizon;
        _discipline = discipline;
        _outcomes = outcomes;
        _arrivals = InOrderOfSubmission(jobs);
        _after = new int[jobs.Length];
        _before = new int[jobs.Length];
        outcomes.Fill(new(JobFate.NotSubmitted, horizon));
    }

    public void ToHorizon()
    {
        for (var now = NextInstant(); now < _horizon; now = NextInstant())
        {
            EndRunning(now);
            ChangeCapacity(now);
            Join(now);
            Start(now);
            Leave(now);
        }

        EndRunning(_horizon);
    }

    private readonly long NextInstant()
    {
        var next = Math.Min(_running.EarliestMicros, _impatient.EarliestMicros);
        if (_arrived < _arrivals.Length)
        {
            next = Math.Min(next, _jobs[_arrivals[_arrived]].SubmitMicros);
        }

        return _step + 1 < _capacity.Steps.Length ? Math.Min(next, _capacity.Steps[_step + 1].FromMicros) : next;
    }

    private void EndRunning(long now)
    {
        while (_running.Count > 0 && _running.EarliestMicros <= now)
        {
            var job = _running.Pop();
            _free += _jobs[job].Devices;
            _outcomes[job] = _outcomes[job] with { Fate = JobFate.Finished };
        }
    }

    private void ChangeCapacity(long now)
    {
        while (_step + 1 < _capacity.Steps.Length && _capacity.Steps[_step + 1].FromMicros <= now)
        {
            var before = _step < 0 ? 0 : _capacity.Steps[_step].Devices;
            _free += _capacity.Steps[++_step].Devices - before;
        }
    }

    private void Join(long now)
    {
        for (; _arrived < _arrivals.Length && _jobs[_arrivals[_arrived]].SubmitMicros <= now; _arrived++)
        {
            var job = _arrivals[_arrived];
            if (_jobs[job].Devices > _capacity.LargestFrom(_step))
            {
                _outcomes[job] = new(JobFate.TooLarge, now);
                continue;
            }

            Append(job);
            if (_jobs[job].LeavesAtMicros != QueuedJob.NeverLeaves)
            {
                _impatient.Push(_jobs[job].LeavesAtMicros, job);
            }
        }
    }

    private void Start(long now)
    {
        while (true)
        {
            SetAsideTooLarge(now);
            if (_head == None)
            {
                return;
            }

            var job = _discipline.Next(new QueueView(now, _free, _jobs, _head, _after, _running));
            if (job == None)
            {
                return;
            }

            if (_outcomes[job].Fate != JobFate.Waiting || _jobs[job].Devices > _free)
            {
                throw new InvalidOperationException($"Discipline {_discipline.Name} chose job {job}, which does not wait or does not fit.");
            }

            Remove(job);
            _outcomes[job] = new(JobFate.Running, now);
            _free -= _jobs[job].Devices;
            _running.Push(SaturatingAdd(now, _jobs[job].RuntimeMicros), job);
            if (_jobs[job].RuntimeMicros == 0)
            {
                EndRunning(now);
            }
        }
    }

    private void Leave(long now)
    {
        while (_impatient.EarliestMicros <= now)
        {
            var job = _impatient.Pop();
            if (_outcomes[job].Fate == JobFate.Waiting)
            {
                Remove(job);
                _outcomes[job] = new(JobFate.Left, now);
                Start(now);
            }
        }
    }

    /// <summary>Capacity may have fallen for good while a large job waited.</summary>
    private void SetAsideTooLarge(long now)
    {
        while (_head != None && _jobs[_head].Devices > _capacity.LargestFrom(_step))
        {
            _outcomes[_head] = new(JobFate.TooLarge, now);
            Remove(_head);
        }
    }

    private void Append(int job)
    {
        _outcomes[job] = new(JobFate.Waiting, _horizon);
        (_before[job], _after[job]) = (_tail, None);
        if (_tail == None)
        {
            _head = job;
        }
        else
        {
            _after[_tail] = job;
        }

        _tail = job;
    }

    private void Remove(int job)
    {
        var (before, after) = (_before[job], _after[job]);
        if (before == None)
        {
            _head = after;
        }
        else
        {
            _after[before] = after;
        }

        if (after == None)
        {
            _tail = before;
        }
        else
        {
            _before[after] = before;
        }
    }

    private static int[] InOrderOfSubmission(ReadOnlySpan<QueuedJob> jobs)
    {
        var order = new int[jobs.Length];
        var submits = new (long Submit, int Job)[jobs.Length];
        var sorted = true;
        for (var i = 0; i < jobs.Length; i++)
        {
            order[i] = i;
            submits[i] = (jobs[i].SubmitMicros, i);
            sorted &= i == 0 || jobs[i - 1].SubmitMicros <= jobs[i].SubmitMicros;
        }

        if (!sorted)
        {
            Array.Sort(submits, order);
        }

        return order;
    }

    private static long SaturatingAdd(long instant, long duration) =>
        instant > 0 && duration > long.MaxValue - instant ? long.MaxValue : instant + duration;
}
