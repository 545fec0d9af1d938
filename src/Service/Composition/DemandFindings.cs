using System.Collections.Immutable;
using Headroom.Analytics.Demand;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Reports.Language;
using Headroom.Reports.Saturation;

namespace Headroom.Service.Composition;

/// <summary>What is found of the demand of one pool: commands and the API print the same.</summary>
/// <param name="Day">The last local day that was looked at; null: nothing was.</param>
/// <param name="Recent">Mean demand of the recent days with its band. Unit: devices. Null: refused.</param>
/// <param name="Backlog">Null: there is no job log, or too few runtimes in it.</param>
/// <param name="Retries">Null: no job was submitted again, or nobody could tell.</param>
internal sealed record DemandFindings(DemandAnswer Answer, QueueCauses Causes, DateOnly? Day, (double Mean, double Low, double High)? Recent, Backlog? Backlog, RetryEffect? Retries)
{
    /// <summary>Mean devices observed, and of them allocated; null: nothing was.</summary>
    public (double Installed, double Allocated)? Observed { get; init; }

    public static DemandFindings Of(DemandInput input, CenterClock clock)
    {
        var answer = LatentDemand.Of(input);
        if (input.Observed.IsEmpty)
        {
            return new(answer, QueueCauses.None, null, null, null, null);
        }

        var observed = new Window(input.Observed[0].Start, input.Observed[^1].Start + Micros.PerHour);
        var day = clock.DayOf(observed.Until - 1);
        return new(answer, QueueCauses.Of(input), day, RecentOf(answer, PoolScale.RecentOf(observed, clock, day)), Analytics.Demand.Backlog.Of(input), RetryEffect.Of(input))
        {
            Observed = MeanOf(input.Observed),
        };
    }

    /// <summary>What a report found of a pool.</summary>
    public static DemandFindings Of(PoolSaturation pool, SaturationReportInput report) =>
        new(pool.Demand, pool.Causes, report.Day, RecentOf(pool.Demand, PoolScale.RecentOf(report.Observed, report.Center.Clock(), report.Day)), pool.Backlog, pool.Retries) { Observed = pool.Observed };

    public static (double Installed, double Allocated)? MeanOf(ImmutableArray<ObservedHour> observed) =>
        observed.IsEmpty ? null : (observed.Average(hour => hour.Installed), observed.Average(hour => hour.Allocated));

    private static (double Mean, double Low, double High)? RecentOf(DemandAnswer answer, Window recent)
    {
        var hours = (answer.Hourly?.Observed ?? []).Where(hour => recent.Contains(hour.Start)).ToList();
        return hours.Count == 0 ? null : (hours.Average(hour => hour.Mean), hours.Average(hour => hour.Low80), hours.Average(hour => hour.High80));
    }

    /// <summary>The capacity that serves demand and clears what waits, by when. Unit: devices. Empty: demand is no estimate, or nothing waits.</summary>
    public ImmutableArray<(DateOnly By, int Days, (double Mean, double Low80, double High80) Devices)> Required(DateOnly? clearBy) =>
        this is { Answer: DemandAnswer.Estimate, Day: { } day, Recent: { } recent, Backlog: { DeviceDays: > 0 } backlog }
            ? [.. ClearingDates.Of(day, clearBy).Select(date => (date.By, date.Days, backlog.Required(recent, date.Days)))]
            : [];

    /// <exception cref="UserException">The day is not one of the ten years after the last that was looked at.</exception>
    public static void Check(string name, DateOnly? clearBy, DateOnly? day)
    {
        if (clearBy is { } by && day is { } last && (by <= last || by > last.AddYears(10)))
        {
            throw new UserException(UserMessage.Of(MessageCode.UsageError, name, Dates.Iso(by), $"{Dates.Iso(last.AddDays(1))} - {Dates.Iso(last.AddYears(10))}"));
        }
    }
}
