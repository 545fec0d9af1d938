using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Domain.Ledger;

/// <summary>Turns jobs and requests into spans. One request is one request: attempts of a job follow each other, and a job that carries the id of an application takes its place.</summary>
public static class DemandSpans
{
    /// <param name="fallback">The pool of what names none.</param>
    public static ImmutableArray<DemandSpan> Of(IEnumerable<JobFact> jobs, IEnumerable<RequestFact> requests, PoolId fallback)
    {
        var spans = ImmutableArray.CreateBuilder<DemandSpan>();
        var takenOver = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var attempts in jobs.GroupBy(job => (job.Cluster, Root: job.AttemptOf ?? job.JobId)))
        {
            var ordered = attempts.OrderBy(job => job.Submitted).ThenBy(job => job.JobId, StringComparer.Ordinal).ToList();
            takenOver[attempts.Key.Root] = Math.Min(takenOver.GetValueOrDefault(attempts.Key.Root, Instants.Never), ordered[0].Submitted);
            for (var i = 0; i < ordered.Count; i++)
            {
                AddJob(spans, ordered[i], fallback, i + 1 < ordered.Count ? ordered[i + 1].Submitted : Instants.Never);
            }
        }

        foreach (var request in requests)
        {
            AddRequest(spans, request, fallback, takenOver.GetValueOrDefault(request.RequestId, Instants.Never));
        }

        return spans.ToImmutable();
    }

    private static void AddJob(ImmutableArray<DemandSpan>.Builder spans, JobFact job, PoolId fallback, long until)
    {
        var couldStart = Math.Max(job.Submitted, job.Eligible ?? job.Submitted);
        void Add(DemandKind kind, long from, long to)
        {
            var valid = new Window(from, Math.Min(to, until));
            if (!valid.IsEmpty)
            {
                spans.Add(new(job.Pool ?? fallback, job.Tenant, job.Preemptible, job.JobId, kind, valid, job.Devices, couldStart, Reason: null));
            }
        }

        Add(DemandKind.JobWaits, couldStart, job.Started ?? job.Ended ?? Instants.Never);
        if (job.Run is { } run)
        {
            Add(DemandKind.JobRuns, run.From, run.Until);
        }
    }

    private static void AddRequest(ImmutableArray<DemandSpan>.Builder spans, RequestFact request, PoolId fallback, long until)
    {
        var (wanted, decided) = (request.Wanted, request.Decided ?? request.Submitted);
        void Add(DemandKind kind, long from, long to, long since)
        {
            var valid = new Window(from, Math.Min(Math.Min(to, wanted.Until), until));
            if (!valid.IsEmpty)
            {
                var reason = kind == DemandKind.Refused ? request.Reason : null;
                spans.Add(new(request.Pool ?? fallback, request.Tenant, Preemptible: false, request.RequestId, kind, valid, request.Devices, since, reason));
            }
        }

        var couldStart = Math.Max(request.Submitted, wanted.From);
        Add(DemandKind.ApplicationWaits, couldStart, request.State == RequestState.Pending ? Instants.Never : decided, couldStart);
        switch (request.State)
        {
            case RequestState.Approved:
                Add(DemandKind.ContractApproved, decided, Instants.Never, couldStart);
                break;
            case RequestState.Running or RequestState.Completed:
                Add(DemandKind.ContractApproved, decided, wanted.From, couldStart);
                Add(DemandKind.ContractInForce, Math.Max(decided, wanted.From), Instants.Never, couldStart);
                break;
            case RequestState.Rejected or RequestState.Withdrawn when LackOfCapacity.Is(request.Reason):
                Add(DemandKind.Refused, decided, Instants.Never, decided);
                break;
            default:
                break;
        }
    }
}
