using System.Collections.Immutable;
using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>What is applied for or under contract, beyond what the jobs of the same tenants ask for. Unit: devices.</summary>
/// <param name="Past">Mean of an observed hour, by its start; an hour without it has none.</param>
/// <param name="Tenants">What comes after the observed hours.</param>
public sealed record AppliedDemand(ImmutableDictionary<long, double> Past, ImmutableArray<TenantPlan> Tenants)
{
    public static AppliedDemand None { get; } = new(ImmutableDictionary<long, double>.Empty, []);

    /// <summary>Hours with what was applied for in them added.</summary>
    internal ImmutableArray<DemandHour> AddedTo(ImmutableArray<DemandHour> hours) => Past.IsEmpty ? hours : [.. hours.Select(hour => Plus(hour, Past.GetValueOrDefault(hour.Start)))];

    /// <summary>Hours without it: what a forecast of jobs continues.</summary>
    internal ImmutableArray<DemandHour> TakenFrom(ImmutableArray<DemandHour> hours) => Past.IsEmpty ? hours : [.. hours.Select(hour => Plus(hour, -Past.GetValueOrDefault(hour.Start)))];

    /// <summary>One future: each request comes or does not, each tenant whose contract ends leaves or does not. Mean devices in each step, below zero where more leave than come.</summary>
    /// <param name="steps">Following each other, oldest first.</param>
    internal double[] Draw(ReadOnlySpan<Window> steps, SplitMix random)
    {
        var sums = new double[steps.Length];
        foreach (var tenant in Tenants)
        {
            tenant.Draw(steps, random, sums);
        }

        return sums;
    }

    private static DemandHour Plus(DemandHour hour, double devices) => new(hour.Start, hour.Mean + devices, hour.Low80 + devices, hour.High80 + devices);
}

/// <summary>What one tenant has applied for or has under contract.</summary>
/// <param name="Jobs">Mean devices its jobs asked for of late: its contracts count only beyond them (METRICS section 5: by maximum, not by sum).</param>
public sealed record TenantPlan(double Jobs, ImmutableArray<PlannedRequest> Requests)
{
    /// <summary>Contracts in force that end, and nothing is known that follows them.</summary>
    public ImmutableArray<Departure> Departures { get; init; } = [];

    internal void Draw(ReadOnlySpan<Window> steps, SplitMix random, double[] sums)
    {
        var contracts = new double[steps.Length];
        foreach (var request in Requests)
        {
            if (random.Share() < request.Probability)
            {
                request.AddTo(steps, request.IsContract ? contracts : sums);
            }
        }

        for (var step = 0; step < contracts.Length; step++)
        {
            sums[step] += Math.Max(0, contracts[step] - Jobs);
        }

        foreach (var departure in Departures)
        {
            if (random.Share() < departure.Probability)
            {
                departure.TakeFrom(steps, sums);
            }
        }
    }
}

/// <summary>A tenant whose contract ends may leave, and what its jobs hold by it goes with it.</summary>
/// <param name="At">The end of the contract. Unit: microseconds since the Unix epoch, UTC.</param>
/// <param name="Devices">That are demanded now and would not be; 0 or more.</param>
/// <param name="Probability">That it leaves, 0 to 1.</param>
public sealed record Departure(long At, double Devices, double Probability)
{
    internal void TakeFrom(ReadOnlySpan<Window> steps, double[] sums)
    {
        for (var step = 0; step < steps.Length; step++)
        {
            var after = steps[step].Within(new(At, Instants.Never));
            if (!after.IsEmpty)
            {
                sums[step] -= Devices * ((double)after.Length.Value / steps[step].Length.Value);
            }
        }
    }
}

/// <param name="Wanted">From when to when it wants its devices.</param>
/// <param name="Probability">That it comes, 0 to 1. It is drawn, never multiplied: half a request does not exist.</param>
/// <param name="IsContract">Approved or in force; else an application, which asks on top of what its tenant runs.</param>
public sealed record PlannedRequest(int Devices, Window Wanted, double Probability, bool IsContract)
{
    internal void AddTo(ReadOnlySpan<Window> steps, double[] sums)
    {
        for (var step = 0; step < steps.Length; step++)
        {
            var inside = steps[step].Within(Wanted);
            if (!inside.IsEmpty)
            {
                sums[step] += Devices * ((double)inside.Length.Value / steps[step].Length.Value);
            }
        }
    }
}
