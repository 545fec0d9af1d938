using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Randomness;
using Headroom.Domain.Time;

namespace Headroom.Analytics.Saturation;

/// <summary>What saturation is asked of.</summary>
/// <param name="Observed">The hours <paramref name="Demand"/> speaks of, with the devices installed in them.</param>
/// <param name="Clock">Local days.</param>
public sealed record SaturationInput(DemandAnswer Demand, ImmutableArray<ObservedHour> Observed, CenterClock Clock)
{
    /// <summary>What of the demand was applied for, and what is to come of it: drawn in every path.</summary>
    public AppliedDemand Applied { get; init; } = AppliedDemand.None;

    public CapacityPlan Capacity { get; init; } = CapacityPlan.Unchanged;

    /// <summary>How full it gets while jobs wait, calibrated from data; null: not calibrated, capacity is usable capacity.</summary>
    public PackingEfficiency? Packing { get; init; }

    /// <summary>Share of capacity that counts as full, above 0 to 1.</summary>
    public double Theta { get; init; } = 0.9;

    /// <summary>Days to look ahead, 1 or more.</summary>
    public int HorizonDays { get; init; } = 365;

    public ulong Seed { get; init; }
}

/// <summary>Saturation T(theta) of METRICS section 6, over sample paths of demand and capacity.</summary>
public static class SaturationForecast
{
    private const int Paths = 1_000;
    private const int DaysPerStep = 30;

    /// <summary>A tenth of the paths must saturate for the first quantile to exist.</summary>
    private const double LeastShare = 0.1;

    public static SaturationAnswer Of(SaturationInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input is not { Theta: > 0 and <= 1, HorizonDays: >= 1, Packing: null or { Factor: > 0 and <= 1 } })
        {
            throw new ArgumentOutOfRangeException(nameof(input), input, "Theta and packing efficiency are above 0 to 1, the horizon is 1 day or more.");
        }

        var last = input.Observed.IsEmpty ? DateOnly.MinValue : input.Clock.DayOf(input.Observed[^1].Start);
        if (input.Demand is DemandAnswer.Refused refused)
        {
            return new SaturationAnswer.NotIdentifiable(refused.Because, refused.WouldHelp) { Basis = Basis(input, null, last) };
        }

        if (DailySeries.Of(input.Demand.Hourly!.Observed, input.Observed, input.Clock) is not { } daily)
        {
            return new SaturationAnswer.NotIdentifiable(DemandReason.NothingObserved, [WouldHelp.Telemetry]) { Basis = Basis(input, null, last) };
        }

        var threshold = Array.ConvertAll(daily.Installed, installed => Threshold(input, installed));
        var seen = Spells.All(daily.Demand, threshold);
        var now = seen.Count > 0 && seen[^1].Until < 0 ? seen[^1].From : -1;
        var past = seen.Where(spell => spell.Until >= 0).Select(spell => Dated(spell, daily.First)).ToImmutableArray();
        return input.Demand switch
        {
            DemandAnswer.LowerBound bound => Bounded(input, bound, daily, now, past),
            _ => Estimated(input, daily, threshold, now, past),
        };
    }

    private static SaturationAnswer Bounded(SaturationInput input, DemandAnswer.LowerBound bound, DailySeries daily, int now, ImmutableArray<SaturationSpell> past)
    {
        var from = now >= 0 ? now : Math.Max(0, daily.Demand.Length - Spells.Days);
        var basis = Basis(input, daily.Demand.AsSpan(from).ToArray().Where(double.IsFinite).Average(), daily.Last);
        return now >= 0
            ? new SaturationAnswer.SaturatedSince(daily.First.AddDays(now), []) { Basis = basis, Past = past }
            : new SaturationAnswer.NotIdentifiable(bound.Because, bound.WouldHelp) { Basis = basis, Past = past };
    }

    private static SaturationAnswer Estimated(SaturationInput input, DailySeries daily, double[] threshold, int now, ImmutableArray<SaturationSpell> past)
    {
        // Beyond the horizon lie the days that show whether a spell begins on its last ones.
        var days = input.HorizonDays + Spells.Days - 1;
        var (random, demands, limits) = (new SplitMix(input.Seed), new double[Paths][], new double[Paths][]);
        var jobs = DailySeries.Of(input.Applied.TakenFrom(input.Demand.Hourly!.Observed), input.Observed, input.Clock)!;
        var paths = new DemandPaths(jobs.Demand, days, jobs.Deviation);
        Window[] steps = [.. Enumerable.Range(1, days).Select(day => input.Clock.Day(daily.Last.AddDays(day)))];
        var installed = input.Observed[^1].Installed;
        for (var path = 0; path < Paths; path++)
        {
            demands[path] = paths.Draw(random);
            var applied = input.Applied.Draw(steps, random);
            for (var day = 0; day < days; day++)
            {
                demands[path][day] = Math.Max(0, demands[path][day] + applied[day]);
            }

            limits[path] = Thresholds(input, input.Capacity.Draw(daily.Last, installed, days, random));
        }

        var ahead = Ahead(demands, daily.Last, input.HorizonDays);
        var (basis, central) = (Basis(input, null, daily.Last), Central(input, daily, threshold, demands, installed, days));
        SaturationAnswer answer = now >= 0
            ? new SaturationAnswer.SaturatedSince(daily.First.AddDays(now), central) { Basis = basis, Past = past }
            : Distribution(input, daily, Starts(daily, threshold, demands, limits, past), central, basis, past);
        return answer with { Ahead = ahead };
    }

    /// <summary>By path, the first day of saturation as days from the first observed one, in order; the greatest integer where there is none.</summary>
    private static int[] Starts(DailySeries daily, double[] threshold, double[][] demands, double[][] limits, ImmutableArray<SaturationSpell> past)
    {
        var seenUntil = past.IsEmpty ? 0 : past[^1].Until!.Value.DayNumber - daily.First.DayNumber;
        var from = Math.Max(seenUntil, daily.Demand.Length - Spells.Days + 1);
        var (demand, limit) = (Extended(daily.Demand, demands[0].Length), Extended(threshold, demands[0].Length));
        var starts = new int[demands.Length];
        for (var path = 0; path < starts.Length; path++)
        {
            demands[path].CopyTo(demand, daily.Demand.Length);
            limits[path].CopyTo(limit, threshold.Length);
            var start = Spells.FirstStart(demand, limit, from);
            starts[path] = start < 0 ? int.MaxValue : start;
        }

        Array.Sort(starts);
        return starts;
    }

    private static ImmutableArray<DemandDay> Ahead(double[][] demands, DateOnly last, int days)
    {
        var (ahead, column) = (ImmutableArray.CreateBuilder<DemandDay>(days), new double[demands.Length]);
        for (var day = 0; day < days; day++)
        {
            for (var path = 0; path < column.Length; path++)
            {
                column[path] = demands[path][day];
            }

            Array.Sort(column);
            ahead.Add(new(last.AddDays(day + 1), column[column.Length / 2], column[column.Length / 10], column[(9 * column.Length / 10) - 1]));
        }

        return ahead.MoveToImmutable();
    }

    private static SaturationAnswer Distribution(
        SaturationInput input, DailySeries daily, int[] starts, ImmutableArray<SaturationSpell> spells, SaturationBasis basis, ImmutableArray<SaturationSpell> past)
    {
        var ahead = Enumerable.Range(1, (input.HorizonDays - 1) / DaysPerStep).Select(step => step * DaysPerStep).Append(input.HorizonDays);
        ImmutableArray<DatedProbability> by =
        [
            .. ahead.Select(days => new DatedProbability(daily.Last.AddDays(days), (double)starts.Count(start => start <= daily.Demand.Length - 1 + days) / Paths)),
        ];
        var never = (double)starts.Count(start => start == int.MaxValue) / Paths;
        return 1 - never < LeastShare
            ? new SaturationAnswer.NotWithinHorizon(by, never) { Basis = basis, Past = past }
            : new SaturationAnswer.Distribution(Quantile(0.1), Quantile(0.5), Quantile(0.9), by, never, spells) { Basis = basis, Past = past };

        DateOnly? Quantile(double share)
        {
            var start = starts[(int)Math.Ceiling(share * Paths) - 1];
            return start == int.MaxValue ? null : daily.First.AddDays(start);
        }
    }

    /// <summary>Spells of the median of all paths, day by day, that reach beyond the last observed day.</summary>
    private static ImmutableArray<SaturationSpell> Central(SaturationInput input, DailySeries daily, double[] threshold, double[][] demands, double installed, int days)
    {
        var (demand, limit) = (Extended(daily.Demand, days), Extended(threshold, days));
        Ahead(demands, daily.Last, days).Select(day => day.Median).ToArray().CopyTo(demand, daily.Demand.Length);
        Thresholds(input, input.Capacity.Likely(daily.Last, installed, days)).CopyTo(limit, threshold.Length);
        return [.. Spells.All(demand, limit).Where(spell => spell.Until < 0 || spell.Until > daily.Demand.Length).Select(spell => Dated(spell, daily.First))];
    }

    private static double[] Extended(double[] observed, int days)
    {
        var extended = new double[observed.Length + days];
        observed.CopyTo(extended, 0);
        return extended;
    }

    private static double[] Thresholds(SaturationInput input, double[] capacity) => Array.ConvertAll(capacity, installed => Threshold(input, installed));

    private static double Threshold(SaturationInput input, double installed) => input.Theta * (input.Packing?.Factor ?? 1) * installed;

    private static SaturationSpell Dated((int From, int Until) spell, DateOnly first) =>
        new(first.AddDays(spell.From), spell.Until < 0 ? null : first.AddDays(spell.Until));

    private static SaturationBasis Basis(SaturationInput input, double? atLeast, DateOnly last) => new(
        input.Theta,
        input.Packing is null ? CapacityKind.Usable : CapacityKind.Effective,
        input.Demand.Kind,
        atLeast,
        last.AddDays(input.HorizonDays))
    {
        Packing = input.Packing,
    };
}
