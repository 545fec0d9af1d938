using System.Globalization;
using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Events;
using Headroom.Analytics.Forecasting.Tracking;
using Headroom.Domain.Centers;
using Headroom.Reports.Language;

namespace Headroom.Service.Composition;

/// <summary>Why a forecaster was chosen, in both languages.</summary>
internal static class ForecastReason
{
    /// <param name="lost">Who was not asked, for having lost the place: names in the catalog.</param>
    /// <param name="events">What was known of the time ahead and laid over the forecast.</param>
    /// <param name="holidays">What holidays were assumed to do; null: none was.</param>
    public static LocalText Of(ForecasterChoice choice, IReadOnlyCollection<string> lost, IReadOnlyCollection<KnownEvent> events, AssumedHolidays? holidays)
    {
        string Told(string language) => In(language, choice) + Lost(language, lost) + Ahead(language, events) + (holidays is { } assumed ? " " + Assumed(Texts.For(language), assumed) : "");
        return new(Told("en"), Told("zh-CN"));
    }

    /// <summary>That it is a prior, how far it goes, and whether days of the series have moved it.</summary>
    public static string Assumed(TextLookup text, AssumedHolidays holidays)
    {
        string Percent(double factor) => (100 * (factor - 1)).ToString("+0;-0;0", CultureInfo.InvariantCulture);
        return holidays.DaysSeen == 0
            ? text["Forecast.HolidaysAssumed", Percent(holidays.Lowest), Percent(holidays.Highest)]
            : text["Forecast.HolidaysMoved", Percent(holidays.Lowest), Percent(holidays.Highest), holidays.DaysSeen];
    }

    public static string In(string language, ForecasterChoice choice)
    {
        var text = Texts.For(language);
        var scores = choice.Scores.Where(score => score.Weight > 0)
            .Select(score => string.Create(CultureInfo.InvariantCulture, $"{text[$"Forecast.Name.{score.Forecaster}"]} {score.MeanAbsoluteError:G3}"));
        return text[$"Forecast.Why.{choice.Reason}", choice.Origins, string.Join(language == Texts.Chinese ? "、" : ", ", scores)];
    }

    /// <summary>A forecaster, or what was published, as people call it.</summary>
    public static string NameOf(TextLookup text, string model) => model == TrackScore.Published ? text["Track.Published"] : text[$"Forecast.Name.{model}"];

    /// <summary>An event as people call it; one that a user named keeps its name.</summary>
    public static string NameOf(TextLookup text, KnownEvent known) =>
        known.What is KnownEvent.OpeningName or KnownEvent.ArrivalName or KnownEvent.DepartureName ? text[$"Forecast.Event.{known.What}"] : known.What;

    private static string Ahead(string language, IReadOnlyCollection<KnownEvent> events)
    {
        var text = Texts.For(language);
        var named = events.Select(known => string.Create(CultureInfo.InvariantCulture, $"{NameOf(text, known)} {known.Probability * known.Amount:+0.#;-0.#}"));
        return events.Count == 0 ? "" : " " + text["Forecast.KnownAhead", string.Join(language == Texts.Chinese ? "、" : ", ", named)];
    }

    private static string Lost(string language, IReadOnlyCollection<string> lost)
    {
        var text = Texts.For(language);
        return lost.Count == 0 ? "" : " " + text["Forecast.LostPlace", string.Join(language == Texts.Chinese ? "、" : ", ", lost.Select(model => NameOf(text, model)))];
    }
}
