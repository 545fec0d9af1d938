using System.Globalization;
using Headroom.Analytics.Forecasting.Series;
using Headroom.Domain.Time;
using Headroom.Reports.Language;
using Headroom.Service.Composition;

namespace Headroom.Service.Commands;

/// <summary>What a series looks like and what was done to it, line by line.</summary>
internal static class ForecastExplanation
{
    public static IEnumerable<string> Lines(SeriesAnswer.Forecasted forecast, TextLookup text)
    {
        yield return text["Forecast.Explain.Level", Short(forecast.Explanation.Value.Level), Short(forecast.Explanation.Value.Trend)];
        foreach (var season in forecast.Explanation.Value.Seasons)
        {
            yield return text["Forecast.Explain.Season", season.Length, season.Strength.ToString("0.00", CultureInfo.InvariantCulture), Short(season.Swing)];
        }

        foreach (var finding in forecast.Result.Findings)
        {
            yield return text[$"Forecast.Explain.{finding.Kind}", finding.From + 1, finding.Steps, Short(finding.Size)];
        }

        if (forecast.HolidaysStandOut)
        {
            yield return text["Forecast.Explain.Holidays"];
        }

        if (forecast.AssumedHolidays is { } assumed)
        {
            yield return "  " + ForecastReason.Assumed(text, assumed);
        }

        if (forecast.Result.ShareOfYearAgo is { } share)
        {
            yield return text["Forecast.Explain.YearAgo", (100 * share).ToString("0", CultureInfo.InvariantCulture)];
        }

        foreach (var known in forecast.Events)
        {
            yield return text["Forecast.Explain.Event", ForecastReason.NameOf(text, known), Instants.ToText(known.AtMicros), Short(known.Amount), known.Probability.ToString("0.##", CultureInfo.InvariantCulture)];
        }

        yield return text[$"Forecast.Explain.Basis.{forecast.Result.Basis}"];
    }

    private static string Short(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
