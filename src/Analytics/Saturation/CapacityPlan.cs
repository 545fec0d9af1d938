using System.Collections.Immutable;
using Headroom.Analytics.Randomness;
using Headroom.Domain.Centers;

namespace Headroom.Analytics.Saturation;

/// <summary>Devices that are there from one local day to another.</summary>
/// <param name="Until">First local day without them; null: they stay.</param>
/// <param name="SlipDays">Triangular slip of <paramref name="From"/>: least, most likely, most. Only what is committed slips.</param>
public sealed record CapacityPhase(DateOnly From, DateOnly? Until, double Devices, PhaseStatus Status, (int Least, int Likely, int Most) SlipDays);

/// <summary>Capacity to come. What is there now was measured; phases say how it changes from now on. Candidates do not count.</summary>
/// <param name="Phases">Levels that follow each other, or steps on top of what is there: only differences to the last observed day matter.</param>
public sealed record CapacityPlan(ImmutableArray<CapacityPhase> Phases)
{
    public static CapacityPlan Unchanged { get; } = new([]);

    /// <summary>Capacity with every phase at its most likely slip.</summary>
    /// <param name="last">The last observed day.</param>
    /// <param name="installed">Devices then.</param>
    internal double[] Likely(DateOnly last, double installed, int days) => Path(last, installed, days, phase => phase.SlipDays.Likely);

    /// <summary>Capacity with every phase at a slip of its own.</summary>
    internal double[] Draw(DateOnly last, double installed, int days, SplitMix random) => Path(
        last, installed, days, phase => (int)Math.Round(random.Triangular(phase.SlipDays.Least, phase.SlipDays.Likely, phase.SlipDays.Most)));

    private double[] Path(DateOnly last, double installed, int days, Func<CapacityPhase, int> slip)
    {
        var firm = Phases.Where(phase => phase.Status != PhaseStatus.Candidate).ToList();
        var from = firm.ConvertAll(phase => phase.Status == PhaseStatus.Committed && phase.From > last ? phase.From.AddDays(slip(phase)) : phase.From);
        var until = firm.ConvertAll(phase => phase.Until);

        // A level that another follows stays until that one comes.
        for (var i = 0; i < firm.Count; i++)
        {
            var next = firm.FindIndex(phase => phase.From == firm[i].Until);
            until[i] = next >= 0 ? from[next] : until[i];
        }

        var path = new double[days];
        for (var day = 0; day < days; day++)
        {
            var date = last.AddDays(day + 1);
            path[day] = installed;
            for (var i = 0; i < firm.Count; i++)
            {
                path[day] += firm[i].Devices * (Holds(from[i], until[i], date) - Holds(from[i], until[i], last));
            }

            path[day] = Math.Max(0, path[day]);
        }

        return path;
    }

    private static int Holds(DateOnly from, DateOnly? until, DateOnly day) => from <= day && (until is null || day < until) ? 1 : 0;
}
