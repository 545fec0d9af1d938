using System.Collections.Immutable;
using Headroom.Analytics.Forecasting.Events;
using Headroom.Analytics.Forecasting.Explaining;

namespace Headroom.Analytics.Forecasting.Series;

/// <summary>What is asked of a dated series; what is null is taken from the series.</summary>
/// <param name="Horizon">Steps ahead, 1 or more.</param>
/// <param name="Seasons">In steps, rising; of days, a week brings the year with it. Null: those usual for the detected step, as far as the history shows them.</param>
/// <param name="NonNegative">Null: true where no value is below zero.</param>
public sealed record SeriesOptions(int Horizon, ImmutableArray<int>? Seasons = null, bool? NonNegative = null)
{
    /// <summary>In (0, 1), rising.</summary>
    public ImmutableArray<double> Levels { get; init; } = ForecastSpec.DefaultLevels;

    public ForecasterCatalog Catalog { get; init; } = ForecasterCatalog.Default;

    /// <summary>What the ledger knows of the time ahead.</summary>
    public ImmutableArray<KnownEvent> Events { get; init; } = [];

    /// <summary>Learn what Chinese holidays do to the series, where they stand out in it.</summary>
    public bool Holidays { get; init; } = true;

    /// <summary>Where the history is too short to learn them, take them to act as <see cref="HolidayPrior"/> says, moved by what was seen of them. For demand for capacity in China only.</summary>
    public bool AssumeHolidays { get; init; }
}

/// <param name="Step">1 is the first step after the history.</param>
/// <param name="Bounds">In the order of the levels asked for.</param>
public sealed record SeriesForecastRow(int Step, long TimestampMicros, double Mean, ImmutableArray<SeriesBound> Bounds);

public readonly record struct SeriesBound(double Level, double Low, double High);

/// <summary>The forecast of a dated series, or why there is none.</summary>
public abstract record SeriesAnswer
{
    private SeriesAnswer()
    {
    }

    /// <param name="GapSteps">Steps of the detected grid without a value.</param>
    /// <param name="RepeatedInstants">Values dropped because a later one has the same step.</param>
    public sealed record Forecasted(
        ImmutableArray<SeriesForecastRow> Rows, ForecastResult Result, SeriesStep Step, ImmutableArray<int> Seasons, int GapSteps, int RepeatedInstants) : SeriesAnswer
    {
        /// <summary>What the series looks like before it is continued; found when it is asked for.</summary>
        public required Lazy<SeriesExplanation> Explanation { get; init; }

        /// <summary>Chinese holidays were seen to move the series; their effect was taken out and laid over what is ahead.</summary>
        public bool HolidaysStandOut { get; init; }

        /// <summary>Null: no holiday was assumed, or none is ahead.</summary>
        public AssumedHolidays? AssumedHolidays { get; init; }

        /// <summary>What was known of the time ahead, and laid over it.</summary>
        public ImmutableArray<KnownEvent> Events { get; init; } = [];
    }

    public sealed record Refused(SeriesRefusal Reason, string Because) : SeriesAnswer;
}

public enum SeriesRefusal
{
    /// <summary>No value is known.</summary>
    Empty,

    /// <summary>One instant only: no step to continue with.</summary>
    NoStep,

    /// <summary>Instants that go back in time.</summary>
    NotInOrder,

    /// <summary>So few values over so long a time that they are no regular series.</summary>
    TooSparse,
}

/// <summary>From instants and values to rows of a forecast file: finds the step, lays the values on its grid, forecasts, dates the result.</summary>
public static class SeriesForecaster
{
    /// <summary>A grid with more steps than this per value is not a series with gaps.</summary>
    private const int MostStepsPerValue = 1_000;

    /// <param name="timestampMicros">Microseconds since the Unix epoch, UTC, not falling. Of values at one instant the last counts.</param>
    /// <param name="values">Parallel to the instants; what is not finite is a gap.</param>
    /// <exception cref="ArgumentException">Columns of different length, or options that <see cref="ForecastSpec"/> refuses.</exception>
    public static SeriesAnswer Run(ReadOnlySpan<long> timestampMicros, ReadOnlySpan<double> values, SeriesOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (timestampMicros.Length != values.Length)
        {
            throw new ArgumentException($"{timestampMicros.Length} instants, {values.Length} values.", nameof(values));
        }

        if (Gaps.CountKnown(values) == 0)
        {
            return new SeriesAnswer.Refused(SeriesRefusal.Empty, "The series has no known value.");
        }

        if (FirstFall(timestampMicros) is { } place)
        {
            return new SeriesAnswer.Refused(SeriesRefusal.NotInOrder, $"Value {place + 1} is earlier than the value before it; a series is in order of time.");
        }

        if (SeriesStep.Detect(Distinct(timestampMicros)) is not { } step)
        {
            return new SeriesAnswer.Refused(SeriesRefusal.NoStep, "The series has one instant; its step cannot be told from that.");
        }

        var length = step.StepsBetween(timestampMicros[0], timestampMicros[^1]) + 1;
        if (length > (long)MostStepsPerValue * values.Length)
        {
            return new SeriesAnswer.Refused(SeriesRefusal.TooSparse, $"{values.Length} values over {length} steps are not a regular series.");
        }

        return OnGrid(timestampMicros, values, step, (int)length, options);
    }

    private static SeriesAnswer.Forecasted OnGrid(ReadOnlySpan<long> instants, ReadOnlySpan<double> values, SeriesStep step, int length, SeriesOptions options)
    {
        var grid = new double[length];
        Array.Fill(grid, double.NaN);
        var (repeated, lastPlace) = (0, -1);
        for (var i = 0; i < values.Length; i++)
        {
            var place = (int)step.StepsBetween(instants[0], instants[i]);
            repeated += place == lastPlace ? 1 : 0;
            (grid[place], lastPlace) = (values[i], place);
        }

        var seasons = options.Seasons is { } given ? WithYear(given, step, length) : ForecastSpec.Shown(step.DefaultSeasons(), length);
        var spec = new ForecastSpec(options.Horizon, seasons)
        {
            NonNegative = options.NonNegative ?? !AnyNegative(grid),
            Levels = options.Levels,
        };
        var gaps = length - Gaps.CountKnown(grid);
        var calendar = new Calendar(step, instants[0]);
        var learned = options.Holidays ? calendar.Learn(grid, spec.NonNegative) : null;
        var holidays = learned ?? (options.AssumeHolidays ? calendar.Assume(grid, spec.NonNegative) : null);
        var observed = holidays is null ? grid : [.. grid];
        for (var place = 0; place < length && holidays is not null; place++)
        {
            grid[place] /= holidays.FactorOn(calendar.DayOf(place));
        }

        var result = Forecast.Run(grid, spec, options.Catalog);
        var days = Enumerable.Range(length, options.Horizon).Select(calendar.DayOf).ToArray();
        if (holidays is not null || !options.Events.IsEmpty)
        {
            var factors = days.Select(day => holidays?.FactorOn(day) ?? 1);
            var deviations = days.Select(day => holidays?.DeviationOn(day) ?? 0);
            var start = instants[0];
            var events = options.Events.Select(e => (e, (int)(step.StepsBetween(start, e.AtMicros) - length)));
            result = new KnownFuture([.. factors], [.. deviations], [.. events]).Over(result, spec.NonNegative);
        }

        return new(Rows(result, step, step.After(instants[0], length - 1)), result, step, seasons, gaps, repeated) { Explanation = new(() => SeriesExplanation.Of(observed, spec)), HolidaysStandOut = learned is not null, AssumedHolidays = learned is null ? Assumed(holidays, days) : null, Events = options.Events };
    }

    private static AssumedHolidays? Assumed(HolidayEffect? holidays, DateOnly[] ahead)
    {
        var factors = ahead.Where(day => HolidayPrior.EffectOf(ChineseHolidays.KeyOf(day)) != 0).Select(day => holidays?.FactorOn(day) ?? 1).ToList();
        return holidays is null || factors.Count == 0 ? null : new(factors.Min(), factors.Max(), holidays.DaysSeen);
    }

    private static ImmutableArray<SeriesForecastRow> Rows(ForecastResult result, SeriesStep step, long last)
    {
        var rows = ImmutableArray.CreateBuilder<SeriesForecastRow>(result.Mean.Length);
        for (var i = 0; i < result.Mean.Length; i++)
        {
            var lead = i;
            rows.Add(new(lead + 1, step.After(last, lead + 1), result.Mean[lead], [.. result.Bands.Select(b => new SeriesBound(b.Level, b.Low[lead], b.High[lead]))]));
        }

        return rows.MoveToImmutable();
    }

    /// <summary>The year of days is the calendar's, as holidays are: where a week is asked for it is looked at too, as far as the history shows it.</summary>
    private static ImmutableArray<int> WithYear(ImmutableArray<int> given, SeriesStep step, int length) =>
        step.DefaultSeasons() is [var week, _] usual && step.Micros == SeriesStep.Day && given is [var only] && only == week && ForecastSpec.Shown(usual, length) is { Length: 2 } both ? both : given;

    private static int? FirstFall(ReadOnlySpan<long> instants)
    {
        for (var i = 1; i < instants.Length; i++)
        {
            if (instants[i] < instants[i - 1])
            {
                return i;
            }
        }

        return null;
    }

    private static long[] Distinct(ReadOnlySpan<long> instants)
    {
        var distinct = new List<long>(instants.Length);
        foreach (var instant in instants)
        {
            if (distinct.Count == 0 || distinct[^1] != instant)
            {
                distinct.Add(instant);
            }
        }

        return [.. distinct];
    }

    private static bool AnyNegative(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (value < 0)
            {
                return true;
            }
        }

        return false;
    }
}
