using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Service.Explaining.Recounts;

/// <summary>A job or application that could have started and waits, in [Since, Until).</summary>
internal sealed record Wait(string Id, PoolId Pool, bool IsJob, int Devices, long Since, long Until)
{
    /// <summary>Every wait there ever was, from the rows of jobs and applications.</summary>
    public static List<Wait> Of(IReadOnlyCollection<JobFact> jobs, IEnumerable<RequestFact> requests, PoolId fallback)
    {
        var waits = new List<Wait>();
        var firstSubmitted = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var attempts in jobs.GroupBy(job => (job.Cluster, Root: job.AttemptOf ?? job.JobId)))
        {
            JobFact? next = null;
            foreach (var job in attempts.OrderByDescending(job => job.Submitted).ThenByDescending(job => job.JobId, StringComparer.Ordinal))
            {
                // A later attempt takes the place of an earlier one.
                Add(new(job.JobId, job.Pool ?? fallback, true, job.Devices, Math.Max(job.Submitted, job.Eligible ?? job.Submitted), Math.Min(job.Started ?? job.Ended ?? Instants.Never, next?.Submitted ?? Instants.Never)));
                next = job;
            }

            firstSubmitted[attempts.Key.Root] = Math.Min(next!.Submitted, firstSubmitted.GetValueOrDefault(attempts.Key.Root, Instants.Never));
        }

        foreach (var request in requests)
        {
            // A job that carries the id of an application takes its place.
            var decided = request.State == RequestState.Pending ? Instants.Never : request.Decided ?? request.Submitted;
            var until = Math.Min(Math.Min(decided, request.WantedTo ?? Instants.Never), firstSubmitted.GetValueOrDefault(request.RequestId, Instants.Never));
            Add(new(request.RequestId, request.Pool ?? fallback, false, request.Devices, Math.Max(request.Submitted, request.WantedFrom ?? request.Submitted), until));
        }

        return waits;

        void Add(Wait wait)
        {
            if (wait.Since < wait.Until)
            {
                waits.Add(wait);
            }
        }
    }
}
