using System.Globalization;
using Headroom.Analytics.Forecasting;
using Headroom.Analytics.Forecasting.Tracking;
using Headroom.Domain.Centers;
using Headroom.Reports.Language;

namespace Headroom.Service.Composition;

/// <summary>Why a forecaster was chosen, in both languages.</summary>
internal static class ForecastReason
{
    /// <param name="lost">Who was not asked, for having lost the place: names in the catalog.</param>
    public static LocalText Of(ForecasterChoice choice, IReadOnlyCollection<string> lost) => new(In("en", choice) + Lost("en", lost), In("zh-CN", choice) + Lost("zh-CN", lost));

    public static string In(string language, ForecasterChoice choice)
    {
        var text = Texts.For(language);
        var scores = choice.Scores.Where(score => score.Weight > 0)
            .Select(score => string.Create(CultureInfo.InvariantCulture, $"{text[$"Forecast.Name.{score.Forecaster}"]} {score.MeanAbsoluteError:G3}"));
        return text[$"Forecast.Why.{choice.Reason}", choice.Origins, string.Join(language == Texts.Chinese ? "、" : ", ", scores)];
    }

    /// <summary>A forecaster, or what was published, as people call it.</summary>
    public static string NameOf(TextLookup text, string model) => model == TrackScore.Published ? text["Track.Published"] : text[$"Forecast.Name.{model}"];

    private static string Lost(string language, IReadOnlyCollection<string> lost)
    {
        var text = Texts.For(language);
        return lost.Count == 0 ? "" : " " + text["Forecast.LostPlace", string.Join(language == Texts.Chinese ? "、" : ", ", lost.Select(model => NameOf(text, model)))];
    }
}
