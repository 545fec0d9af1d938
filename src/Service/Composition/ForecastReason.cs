using System.Globalization;
using Headroom.Analytics.Forecasting;
using Headroom.Domain.Centers;
using Headroom.Reports.Language;

namespace Headroom.Service.Composition;

/// <summary>Why a forecaster was chosen, in both languages.</summary>
internal static class ForecastReason
{
    public static LocalText Of(ForecasterChoice choice) => new(In("en", choice), In("zh-CN", choice));

    public static string In(string language, ForecasterChoice choice)
    {
        var text = Texts.For(language);
        var scores = choice.Scores.Where(score => score.Weight > 0)
            .Select(score => string.Create(CultureInfo.InvariantCulture, $"{text[$"Forecast.Name.{score.Forecaster}"]} {score.MeanAbsoluteError:G3}"));
        return text[$"Forecast.Why.{choice.Reason}", choice.Origins, string.Join(language == Texts.Chinese ? "、" : ", ", scores)];
    }
}
