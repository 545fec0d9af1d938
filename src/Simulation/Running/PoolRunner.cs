using Headroom.Analytics.Queueing;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using Headroom.Simulation.Demand;
using Headroom.Simulation.Draws;
using Headroom.Simulation.Fleets;

namespace Headroom.Simulation.Running;

/// <summary>Runs the requests of one pool: who starts when is the queueing engine's answer, on which devices is <see cref="Placement"/>'s.</summary>
/// <remarks>
/// The engine stops no running job when capacity falls, and does not know which device a job sits on. So it runs from one outage to the next:
/// at the outage the jobs on the failed devices end and come back as new attempts, and the engine goes on with whoever runs and waits.
/// </remarks>
internal sealed class PoolRunner
{
    private const long CheckpointEvery = Micros.PerHour;

    private readonly Window _window;
    private readonly Placement _placement;
    private readonly List<Transition> _transitions;
    private readonly int _installedEver;
    private readonly PriorityQueue<Attempt, (long Eligible, int Order)> _coming = new();
    private readonly PriorityQueue<Attempt, (long End, int Order)> _ending = new();
    private readonly List<Attempt> _attempts = [];
    private List<Attempt> _running = [];
    private List<Attempt> _waiting = [];
    private int _nextTransition;
    private int _started;

    /// <param name="from">Begin of the warm-up: devices that are installed when the plan begins are there from here on.</param>
    public PoolRunner(Fleet fleet, int pool, IEnumerable<SimulatedRequest> requests, long from, Window plan)
    {
        _window = new(from, plan.Until);
        var hosts = fleet.Hosts.Where(host => host.Pool == pool).ToList();
        var devices = hosts.SelectMany(host => host.Devices).Select(ordinal => fleet.Devices[ordinal]).ToList();
        _placement = new(hosts);
        _installedEver = devices.Count;
        _transitions = Transition.Of(devices, from, plan);
        foreach (var request in requests)
        {
            Expect(new(request, 0, request.Submitted, request.Eligible, request.Runtime));
        }
    }

    /// <summary>All attempts made before the plan ends.</summary>
    public List<Attempt> Run()
    {
        for (var now = _window.From; now < _window.Until;)
        {
            Apply(now);
            var outage = _transitions.FindIndex(_nextTransition, t => !t.Up);
            var stop = outage < 0 ? _window.Until : Math.Min(_window.Until, _transitions[outage].At);
            Advance(now, stop);
            now = stop;
        }

        return _attempts;
    }

    private void Expect(Attempt attempt)
    {
        if (attempt.Submitted < _window.Until)
        {
            _attempts.Add(attempt);
        }

        _coming.Enqueue(attempt, (attempt.Eligible, _attempts.Count));
    }

    /// <summary>Devices that go and come at this instant.</summary>
    private void Apply(long now)
    {
        for (; _nextTransition < _transitions.Count && _transitions[_nextTransition].At <= now; _nextTransition++)
        {
            var transition = _transitions[_nextTransition];
            if (transition.Up)
            {
                _placement.SetUp(transition.Device);
                continue;
            }

            if (_placement.HolderOf(transition.Device) is { } victim)
            {
                Interrupt(victim, transition);
            }

            _placement.SetDown(transition.Device);
        }
    }

    /// <summary>Ends an attempt; its tenant submits the work since the last checkpoint and the rest again, some minutes later.</summary>
    private void Interrupt(Attempt attempt, Transition because)
    {
        _placement.Release(attempt);
        _running.Remove(attempt);
        attempt.Ended = because.At;
        attempt.State = because.Planned ? JobState.Preempted : JobState.NodeFail;

        var saved = (because.At - attempt.Started!.Value) / CheckpointEvery * CheckpointEvery;
        var draw = new DrawStream(attempt.Request.Key, Purpose.Job, (ulong)attempt.Number + 1);
        var again = because.At + (draw.Between(120, 900) * Micros.PerSecond);
        Expect(new(attempt.Request, attempt.Number + 1, again, again, attempt.Runtime - saved));
    }

    private void Advance(long now, long stop)
    {
        var line = new List<Attempt>([.. _running, .. _waiting]);
        var running = _running.Count;
        while (_coming.TryPeek(out var next, out _) && next.Eligible < stop)
        {
            line.Add(_coming.Dequeue());
        }

        var jobs = new QueuedJob[line.Count];
        for (var i = 0; i < jobs.Length; i++)
        {
            var attempt = line[i];
            var submitted = Math.Max(now, attempt.Eligible);
            jobs[i] = i < running
                ? new(now, attempt.Started!.Value + attempt.Runtime - now, attempt.Request.Devices)
                : new(submitted, attempt.Runtime, attempt.Request.Devices, attempt.LeavesAt == Instants.Never ? QueuedJob.NeverLeaves : Math.Max(0, attempt.LeavesAt - submitted));
        }

        var outcomes = QueueingEngine.Run(jobs, Capacity(now, stop), stop);
        Start(line, outcomes, running, stop);
        Sort(line, outcomes, running);
    }

    /// <summary>Devices in service until <paramref name="stop"/>; beyond it all that were ever installed, so that a large gang waits for repairs.</summary>
    private CapacityPath Capacity(long now, long stop)
    {
        var steps = new List<CapacityStep> { new(now, _placement.Up) };
        for (var i = _nextTransition; i < _transitions.Count && _transitions[i].At < stop; i++)
        {
            var more = steps[^1].Devices + 1;
            if (steps[^1].FromMicros == _transitions[i].At)
            {
                steps.RemoveAt(steps.Count - 1);
            }

            steps.Add(new(_transitions[i].At, more));
        }

        steps.Add(new(stop, _installedEver));
        return new([.. steps]);
    }

    private void Start(List<Attempt> line, QueueOutcome[] outcomes, int running, long stop)
    {
        var starts = Enumerable.Range(running, line.Count - running).Where(i => outcomes[i].StartMicros is not null).OrderBy(i => outcomes[i].AtMicros).ThenBy(i => i);
        foreach (var i in starts)
        {
            EndUpTo(outcomes[i].AtMicros);
            Apply(outcomes[i].AtMicros);
            var attempt = line[i];
            attempt.Started = outcomes[i].AtMicros;
            attempt.State = JobState.Running;
            _placement.Place(attempt);
            _ending.Enqueue(attempt, (attempt.Started.Value + attempt.Runtime, _started++));
        }

        EndUpTo(stop);
    }

    private void EndUpTo(long now)
    {
        while (_ending.TryPeek(out var attempt, out var key) && key.End <= now)
        {
            _ending.Dequeue();
            if (attempt.Ended is null)
            {
                attempt.Ended = key.End;
                attempt.State = attempt.Request.Outcome;
                _placement.Release(attempt);
            }
        }
    }

    private void Sort(List<Attempt> line, QueueOutcome[] outcomes, int running)
    {
        for (var i = running; i < line.Count; i++)
        {
            if (outcomes[i].Fate is JobFate.Left or JobFate.TooLarge)
            {
                line[i].Ended = outcomes[i].AtMicros;
                line[i].State = JobState.Cancelled;
            }
        }

        _running = [.. line.Where(attempt => attempt.State == JobState.Running)];
        _waiting = [.. line.Where(attempt => attempt.State == JobState.Pending)];
    }
}
