using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Service.Explaining.Recounts;

/// <summary>A pool's allocation by jobs and by contract, from records alone. Unit: the pool's weight x microseconds.</summary>
internal sealed class PlainHeld
{
    private const int Whole = 1_000_000;

    public Int128 Available { get; private set; }

    public Int128 ByJobs { get; private set; }

    public Int128 ByJobsKnown { get; private set; }

    public Int128 ByContract { get; private set; }

    public Int128 ByContractKnown { get; private set; }

    /// <summary>Held by reservation or contract, and no job ran there.</summary>
    public Int128 ContractOnly { get; private set; }

    public long Devices { get; private set; }

    public static PlainHeld Of(PlainFleet fleet, PeriodRows rows, PoolId pool, Window window)
    {
        var (sum, edges) = (new PlainHeld(), fleet.KnownEdges);
        foreach (var device in fleet.Devices.Values.Where(device => device.Stays.Exists(stay => stay.Pool == pool && stay.From < window.Until && stay.Until > window.From)))
        {
            sum.Devices++;
            foreach (var still in device.Stills(window, edges).Where(still => still.Stay.Pool == pool && !still.IsClosed))
            {
                sum.Add(fleet, device, still, rows.WeightOf(pool, still.Stay.Model));
            }
        }

        return sum;
    }

    private void Add(PlainFleet fleet, PlainDevice device, Still still, long weight)
    {
        var length = (Int128)(still.Until - still.From) * weight;
        var wanted = Math.Min(Whole, device.Holds.Where(hold => !hold.IsJob && hold.From <= still.From && still.From < hold.Until).Sum(hold => (long)hold.SharePpm));
        var (jobs, contract) = (Part(still, still.Held.Where(held => held.Hold.IsJob).Sum(held => held.Ppm)) * weight, Part(still, wanted) * weight);
        Available += length;
        ByJobs += jobs;
        ByJobsKnown += fleet.IsAllocationKnown(device, still.Stay.Pool, still.From) ? length : jobs;
        ByContract += contract;
        ByContractKnown += fleet.Register.Exists(span => span.Contains(still.From)) ? length : contract;
        ContractOnly += Part(still, still.Held.Where(held => !held.Hold.IsJob).Sum(held => held.Ppm)) * weight;
    }

    // Whole microseconds of a slice, so that pieces add up.
    private static Int128 Part(Still still, long ppm) => ((Int128)still.Until * ppm / Whole) - ((Int128)still.From * ppm / Whole);
}
