using System.Collections.Immutable;
using System.Globalization;
using Headroom.Domain.Accounting;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;

namespace Headroom.Service.Explaining;

/// <summary>An explanation in words: the lines that the command prints and the page shows.</summary>
internal static class ExplanationText
{
    /// <summary>Names and what stands beside them, in order.</summary>
    public static IEnumerable<(string Name, string Text)> Lines(Explanation explanation, CenterClock clock, TextLookup text)
    {
        var (figure, again) = (explanation.Figure, explanation.Again);
        yield return (text["Figure.Metric"], $"{figure.Metric} {text[$"Metric.{figure.Metric.Name}.Name"]}");
        yield return (text["Explain.Printed"], FigureText.Headline(figure, text) + (figure.Value is { } value ? $" ({FigureText.Exact(value, figure.Unit, text)})" : ""));
        yield return (text["Figure.Definition"], text[$"Metric.{figure.Metric.Name}.Definition"]);
        yield return (text["Explain.Window"], $"{Instants.ToText(figure.Window.From)} – {Instants.ToText(figure.Window.Until)} ({clock.ZoneId})");
        yield return (text["Explain.Formula"], $"{figure.Metric.Name} = {MetricCatalog.All.First(metric => metric.Id == figure.Metric).Formula}");
        if (again is not null)
        {
            yield return (text["Explain.Here"], Substituted(again, figure.Unit, text));
        }

        if (figure.Numerator is { } numerator)
        {
            yield return (text["Explain.Fraction"], string.Create(CultureInfo.InvariantCulture, $"{numerator} ÷ {figure.Denominator}"));
        }

        if (figure.Coverage is { } coverage)
        {
            yield return (text["Figure.CoverageName"], FigureText.Exact(coverage, MetricUnit.Share, text));
        }

        if (figure is { Low: { } low, High: { } high })
        {
            yield return (text["Figure.BoundsName"], $"{FigureText.Exact(low, figure.Unit, text)} – {FigureText.Exact(high, figure.Unit, text)}");
        }

        yield return (text["Explain.Rows"], again is null ? text["Explain.NotKnown"] : text[$"Explain.From.{again.From}", explanation.RowCount.ToString("#,0", CultureInfo.InvariantCulture)]);
        yield return (text["Explain.Again"], Again(explanation, text));
        foreach (var source in explanation.Sources)
        {
            yield return (text["Column.Source"], $"{source.Source} ({source.Format}, {text["Explain.Accepted", source.Accepted.ToString("#,0", CultureInfo.InvariantCulture)]})");
        }
    }

    /// <summary>What the number worked out again is, and whether it is the printed one.</summary>
    public static string Again(Explanation explanation, TextLookup text) => explanation switch
    {
        { Again: null } => text["Explain.NotKnown"],
        { Again: { From: RowKind.Issued }, Agrees: true } => text["Explain.Kept"],
        { Again.Value: { } value, Agrees: true } => text["Explain.Equal", FigureText.Exact(value, explanation.Figure.Unit, text)],
        { Agrees: true } => text["Explain.EqualGap"],
        { Again.Value: { } value } => text["Explain.Differs", FigureText.Exact(value, explanation.Figure.Unit, text)],
        _ => text["Explain.DiffersGap"],
    };

    /// <summary>Rows by device, the largest use first: device, host, model, hours, available and busy device-hours.</summary>
    public static ImmutableArray<DeviceRows> ByDevice(Explanation explanation) =>
    [
        .. explanation.Rows
            .GroupBy(row => row.Device)
            .Select(device => new DeviceRows(
                device.Key.Value,
                device.First().Hour.Host ?? "",
                device.First().Hour.Model ?? "",
                device.Count(),
                (double)device.Sum(row => row.Hour.Cells.Available) / Micros.PerHour,
                (double)device.Sum(row => row.Hour.Cells.Allocated) / Micros.PerHour,
                (double)device.Sum(row => row.Hour.Cells.Busy) / Micros.PerHour,
                (double)device.Sum(row => row.Hour.Cells.UseUnknown) / Micros.PerHour,
                device.Sum(row => (long)row.Hour.Samples)))
            .OrderByDescending(device => device.Busy)
            .ThenBy(device => device.Device, StringComparer.Ordinal),
    ];

    /// <summary>A named row in words: what it is, when, and what it says.</summary>
    public static (string Name, string Time, string Amount) Row(NamedRow row, TextLookup text) =>
        (row.Name, $"{Instants.ToText(row.From)} – {(row.Until is { } until ? Instants.ToText(until) : "")}", FigureText.Quantity(row.Amount, row.Unit, text));

    private static string Substituted(Recounted again, MetricUnit unit, TextLookup text)
    {
        var terms = string.Join(text["List.Separator"], again.Terms.Select(term => $"{term.Name} = {FigureText.Quantity(term.Amount, term.Unit, text)}"));
        var result = again.Value is { } value ? $" = {FigureText.Exact(value, unit, text)}" : "";
        return terms.Length == 0 ? again.Formula + result : $"{again.Formula}{result}{text["Explain.With"]}{terms}";
    }
}

/// <summary>The card-hours of one device that a number is made of. Unit of the amounts: device-hours.</summary>
public sealed record DeviceRows(string Device, string Host, string Model, int Hours, double Available, double Allocated, double Busy, double UseUnknown, long Samples);
