using System.Collections.Immutable;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Each hour of each wait of a job log, by tenant, size and model.</summary>
internal static class QueueWaits
{
    public static IEnumerable<QueueWait> Of(ImmutableArray<Episode> episodes, DemandInput input)
    {
        if (input.Observed.IsEmpty)
        {
            yield break;
        }

        var from = input.Observed[0].Start;
        var hours = (int)((input.Observed[^1].Start - from) / Micros.PerHour) + 1;
        var runtimes = input.LawsOf(episodes);
        var known = runtimes.Ends < LatentDemand.FewestRuntimes ? null : runtimes;
        var weights = new WouldHaveRun(episodes);
        var quotas = input.Tenants.Where(hour => hour.Quota is not null).ToLookup(hour => (hour.Tenant, hour.Start));
        var sums = new Dictionary<(string Tenant, int Gang, string Model), Sum>();
        foreach (var episode in episodes.Where(episode => episode.Waited > 0))
        {
            var key = (episode.Tenant, episode.Devices, input.Models.IsEmpty ? "" : episode.Model);
            if (!sums.TryGetValue(key, out var sum))
            {
                sums[key] = sum = new(from, hours);
            }

            sum.Add(episode, known, weights);
        }

        foreach (var ((tenant, gang, model), sum) in sums)
        {
            foreach (var (hour, devices) in sum.Waiting.Index().Where(hour => hour.Item >= QueueWait.Somebody))
            {
                var quota = quotas[(tenant, from + (hour * Micros.PerHour))].FirstOrDefault();
                yield return new(tenant, from + (hour * Micros.PerHour), devices)
                {
                    Gang = gang,
                    Model = model,
                    Quota = quota.Quota,
                    Allocated = quota.Allocated,
                    Unserved = known is null ? null : Math.Min(devices, sum.Unserved[hour]),
                };
            }
        }
    }

    private sealed class Sum(long from, int hours)
    {
        private readonly HourGrid _waiting = new(from, hours);
        private readonly HourGrid _unserved = new(from, hours);
        private readonly double[] _expected = new double[hours];
        private double[]? _waitingMeans;
        private double[]? _unservedMeans;

        /// <summary>Mean devices by hour.</summary>
        public double[] Waiting => _waitingMeans ??= _waiting.Means();

        /// <summary>Of them those of work that would have run in the hour.</summary>
        public double[] Unserved => _unservedMeans ??= [.. _unserved.Means().Zip(_expected, (certain, expected) => certain + expected)];

        public void Add(in Episode episode, RuntimeLaws? runtimes, WouldHaveRun weights)
        {
            foreach (var stay in episode.InQueue)
            {
                _waiting.Add(stay, episode.Devices);
                var certain = stay.Within(new(episode.Wanted, episode.Wanted + episode.Served));
                _unserved.Add(certain, episode.Devices);
                if (!episode.IsOver && runtimes is not null)
                {
                    AddExpected(episode, new(Math.Max(stay.From, episode.Wanted + episode.Served), stay.Until), runtimes.Of(episode), episode.Devices * weights.Of(episode));
                }
            }
        }

        /// <summary>By the chance, in the middle of what of an hour it waited, that it would still have run.</summary>
        private void AddExpected(in Episode episode, Window stay, RuntimeOf runtime, double devices)
        {
            var inside = stay.Within(new(from, _waiting.Until));
            for (var at = inside.From; at < inside.Until;)
            {
                var hour = (int)((at - from) / Micros.PerHour);
                var until = Math.Min(inside.Until, _waiting.Start(hour + 1));
                var age = at + ((until - at) / 2) - episode.Wanted;
                var longest = episode.Requested is { } requested && requested > episode.Served ? requested : long.MaxValue;
                _expected[hour] += age < longest ? devices * runtime.Survival(episode.Served, age) * (until - at) / Micros.PerHour : 0;
                at = until;
            }
        }
    }
}
