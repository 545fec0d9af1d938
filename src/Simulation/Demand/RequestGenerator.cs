using System.Collections.Immutable;
using System.Globalization;
using Headroom.Domain.Centers;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using Headroom.Simulation.Draws;
using Headroom.Simulation.Fleets;
using Headroom.Simulation.Plans;
using Headroom.Simulation.Tenants;

namespace Headroom.Simulation.Demand;

/// <summary>Requests of all tenants: a Poisson process whose rate follows each tenant's week, holidays, growth and a level shift.</summary>
internal sealed class RequestGenerator(CenterDefinition center, SimulationPlan plan, CenterClock clock, Fleet fleet)
{
    private const double ShortestSeconds = 120;
    private const double LongestSeconds = 6 * 86_400;
    private const int LargestGang = 64;
    private const double RuntimeGrowsWithSize = 0.25;

    private readonly Window _window = new(clock.Day(plan.From).From, clock.Day(plan.Until).From);
    private readonly ImmutableArray<TenantProfile> _tenants =
        [.. (center.Tenants.IsDefaultOrEmpty ? InventedTenants.All : center.Tenants).Select(t => TenantProfile.Draw(plan.Seed, t.Id))];

    /// <summary>All requests from the warm-up to the end, by eligible instant; the mean demand of each pool is the plan's.</summary>
    public ImmutableArray<SimulatedRequest> Generate()
    {
        var requests = Enumerable.Range(0, fleet.Pools.Length).SelectMany(Pool).ToList();
        requests.Sort((a, b) => (a.Submitted, a.Key).CompareTo((b.Submitted, b.Key)));
        return
        [
            .. requests
                .Select((request, i) => request with { JobId = (100_001 + i).ToString(CultureInfo.InvariantCulture) })
                .OrderBy(request => request.Eligible).ThenBy(request => request.Submitted).ThenBy(request => request.Key),
        ];
    }

    private List<SimulatedRequest> Pool(int pool)
    {
        var mean = fleet.Pools[pool].MeanDemand;
        var requests = new List<SimulatedRequest>();
        if (mean <= 0)
        {
            return requests;
        }

        var largest = Math.Clamp(fleet.Pools[pool].Devices / 6, 1, LargestGang);
        var totalWeight = _tenants.Sum(t => t.Weight);
        var perJob = _tenants.Sum(t => t.Weight / totalWeight * MeanDeviceSeconds(t, largest));
        foreach (var tenant in _tenants)
        {
            Tenant(tenant, pool, largest, mean * 3_600 / perJob * tenant.Weight / totalWeight, requests);
        }

        var shown = _window with { From = clock.Day(plan.FirstTelemetry).From };
        return DemandScale.ToMean([.. requests.Where(IsThere)], mean, shown, ShortestSeconds, LongestSeconds);
    }

    // Who gave up before the doors opened never met the center.
    private bool IsThere(SimulatedRequest request) => !plan.Opens || request.Patience > _window.From - request.Eligible;

    /// <param name="perHour">Mean number of requests per hour over the plan.</param>
    private void Tenant(TenantProfile tenant, int pool, int largest, double perHour, List<SimulatedRequest> into)
    {
        var warm = _window.From - (plan.WarmUpDays * Micros.PerDay);
        var hours = (int)((_window.Until - warm) / Micros.PerHour);
        var rates = new double[hours];
        var (sum, counted) = (0.0, 0);
        for (var hour = 0; hour < hours; hour++)
        {
            var start = warm + (hour * Micros.PerHour);
            rates[hour] = tenant.Rhythm(clock, start) * Trend(pool, start);
            if (start >= _window.From)
            {
                sum += rates[hour];
                counted++;
            }
        }

        var entity = Draw.Name(tenant.Id.Value) ^ Draw.Name(fleet.Pools[pool].Id.Value + "/");
        for (var hour = 0; hour < hours; hour++)
        {
            var start = warm + (hour * Micros.PerHour);
            var key = Draw.At(plan.Seed, Purpose.Arrivals, entity, (ulong)(start / Micros.PerHour));
            var count = new DrawStream(key, Purpose.Arrivals, 0).Poisson(perHour * rates[hour] * counted / sum);
            for (var k = 0; k < count; k++)
            {
                into.Add(Request(tenant, pool, largest, start, Draw.At(key, (ulong)k + 1)));
            }
        }
    }

    private double Trend(int pool, long instant)
    {
        var months = (double)(instant - _window.From) / (30 * Micros.PerDay);
        var growth = StableMath.Power(1 + plan.For(fleet.Pools[pool].Id).GrowthPerMonth, months);
        return plan.Shift is { } shift && instant >= clock.Day(shift.Day).From ? growth * (1 + shift.Size) : growth;
    }

    private SimulatedRequest Request(TenantProfile tenant, int pool, int largest, long hour, ulong key)
    {
        var draw = new DrawStream(key, Purpose.Job, 0);
        var submitted = hour + (draw.Between(0, 3_599) * Micros.PerSecond);
        var held = draw.Chance(0.03) ? draw.Between(10, 360) * Micros.PerMinute : 0;
        var devices = Size(tenant, largest, ref draw);
        var seconds = Clamp(draw.LogNormal(Median(tenant, devices), tenant.Sigma));
        var patience = draw.Chance(plan.LeaveShare) ? Seconds(draw.Exponential(plan.MeanPatienceHours * 3_600)) : Instants.Never;
        var outcome = draw.Unit() switch
        {
            < 0.78 => JobState.Completed,
            < 0.88 => JobState.Failed,
            < 0.96 => JobState.Cancelled,
            _ => JobState.Timeout,
        };
        return new(
            key, string.Empty, pool, tenant.Id, submitted, submitted + held, devices, Seconds(seconds), patience, outcome,
            Requested: Seconds(draw.Between(1.2, 4.0) * seconds), WellTuned: draw.Chance(tenant.WellTuned));
    }

    /// <summary>Powers of two mostly; one gang in eight takes three quarters of one.</summary>
    private static int Size(TenantProfile tenant, int largest, ref DrawStream draw)
    {
        var size = Math.Min(1 << draw.Pick(tenant.SizeWeights.AsSpan()), 1 << System.Numerics.BitOperations.Log2((uint)largest));
        return size >= 4 && draw.Chance(0.125) ? size * 3 / 4 : size;
    }

    private static double MeanDeviceSeconds(TenantProfile tenant, int largest)
    {
        const int quantiles = 64;
        var (total, weights) = (0.0, 0.0);
        for (var power = 0; power < tenant.SizeWeights.Length; power++)
        {
            var size = Math.Min(1 << power, 1 << System.Numerics.BitOperations.Log2((uint)largest));
            var seconds = 0.0;
            for (var q = 0; q < quantiles; q++)
            {
                seconds += Clamp(Median(tenant, size) * StableMath.Exp(tenant.Sigma * StableMath.NormalQuantile((q + 0.5) / quantiles)));
            }

            total += tenant.SizeWeights[power] * size * seconds / quantiles;
            weights += tenant.SizeWeights[power];
        }

        return total / weights;
    }

    private static double Median(TenantProfile tenant, int devices) => tenant.MedianMinutes * 60 * StableMath.Power(devices, RuntimeGrowsWithSize);

    private static double Clamp(double seconds) => Math.Clamp(seconds, ShortestSeconds, LongestSeconds);

    private static long Seconds(double seconds) => (long)Math.Max(1, seconds) * Micros.PerSecond;
}
