using System.Globalization;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Service.Commands;
using Headroom.Storage;

namespace Headroom.Service.Exports;

/// <summary>Which time an export is asked for, and which time there is.</summary>
internal static class ExportWindow
{
    /// <summary>The window [from, to) of the options; without end where one is not given.</summary>
    /// <exception cref="UserException">Not a time, or an end that is not after the begin.</exception>
    public static Window Parse(string? from, string? to, CenterClock clock)
    {
        var window = new Window(
            from is null ? long.MinValue : Instant(from, "--from", clock),
            to is null ? Instants.Never : Instant(to, "--to", clock));
        return window.IsEmpty
            ? throw new UserException(UserMessage.Of(MessageCode.UsageError, "--to", to, $"> {from}"))
            : window;
    }

    /// <summary>Card-hours cannot be cut: their windows begin and end with an hour of the center.</summary>
    /// <exception cref="UserException">One of the ends lies inside an hour.</exception>
    public static void MustBeWholeHours(Window window, CenterClock clock, string expected)
    {
        foreach (var (instant, option) in ((long, string)[])[(window.From, "--from"), (window.Until, "--to")])
        {
            if (instant is not (long.MinValue or Instants.Never) && clock.HourOf(instant).From != instant)
            {
                throw new UserException(UserMessage.Of(MessageCode.UsageError, option, Instants.ToText(instant), expected));
            }
        }
    }

    /// <summary>The part of the asked window that has card-hours: as far as feeds reach where no end was given, else as far as anything does.</summary>
    /// <remarks>A sample stands for the time before it: the last one begins no hour.</remarks>
    public static Window Reached(Window asked, CenterFacts facts, long now)
    {
        var fed = facts.Coverage.Select(span => span.Valid).Concat(facts.Telemetry.IsEmpty ? [] : [facts.Telemetry with { Until = facts.Telemetry.Until - 1 }]).ToList();
        var installed = facts.Inventory.Select(fact => fact.Valid.From).DefaultIfEmpty(now).Min();
        var first = fed.Count == 0 ? installed : fed.Min(span => span.From);
        var last = fed.Count == 0 ? now : fed.Max(span => span.Until);
        return new(
            asked.From == long.MinValue ? first : Math.Max(asked.From, Math.Min(first, installed)),
            Math.Min(asked.Until == Instants.Never ? last : asked.Until, now));
    }

    /// <summary>The asked window, whole local days where an end was not given; it begins with the day that the first thing is known of.</summary>
    public static Window Filled(Window asked, CenterFacts facts, CenterClock clock, long now)
    {
        var reached = Reached(asked, facts, now);
        return reached.IsEmpty
            ? new(reached.From, reached.From)
            : new(
                Math.Max(asked.From, clock.Day(clock.DayOf(reached.From)).From),
                asked.Until == Instants.Never ? clock.Day(clock.DayOf(reached.Until - 1)).Until : asked.Until);
    }

    private static long Instant(string argument, string option, CenterClock clock) =>
        DateOnly.TryParseExact(argument, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? clock.Day(day).From
            : CommandRunner.InstantArgument(argument, option);
}
