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
        var scores = string.Join(", ", choice.Scores.Select(score => string.Create(CultureInfo.InvariantCulture, $"{score.Forecaster} {score.MeanAbsoluteError:G4}")));
        return Texts.For(language)[$"Forecast.Why.{choice.Reason}", choice.Origins, scores];
    }
}
