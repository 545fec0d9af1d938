using System.Globalization;
using Headroom.Domain.Metrics;
using Headroom.Reports.Language;

namespace Headroom.Reports.Figures;

/// <summary>Figures as text. Rounded for reading; <see cref="Exact"/> has four decimals.</summary>
public static class FigureText
{
    /// <summary>The number as a headline prints it, with its unit; bounds where they are all there is; a word where there is nothing.</summary>
    public static string Headline(Figure figure, TextLookup text) => figure.Gap switch
    {
        FigureGap.None => WithUnit(Number(figure), figure.Unit, text),
        FigureGap.BoundsOnly => Bounds(figure, text),
        FigureGap.NoAllocationSource => text["Figure.NoAllocationSource"],
        FigureGap.Nothing => text["Figure.Nothing"],
        FigureGap.AtLeast => text["Figure.AtLeast", Quantity(figure.Low!.Value, figure.Unit, text)],
        FigureGap.AtMost => text["Figure.AtMost", Quantity(figure.High!.Value, figure.Unit, text)],
        FigureGap.NotIdentifiable => text["Figure.NotIdentifiable"],
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The same without the unit, for columns whose head names it.</summary>
    public static string Bare(Figure figure, TextLookup text) =>
        figure.Gap == FigureGap.None && figure.Unit != MetricUnit.Share ? Number(figure) : Headline(figure, text);

    /// <summary>"45.0%–95.0%".</summary>
    public static string Bounds(Figure figure, TextLookup text) => text["Figure.Bounds", Quantity(figure.Low!.Value, figure.Unit, text), Quantity(figure.High!.Value, figure.Unit, text)];

    /// <summary>Four decimals and the unit.</summary>
    public static string Exact(double value, MetricUnit unit, TextLookup text) =>
        WithUnit((unit == MetricUnit.Share ? value * 100 : value).ToString(unit == MetricUnit.Count ? "#,0" : "#,0.0000", CultureInfo.InvariantCulture), unit, text);

    public static string Quantity(double value, MetricUnit unit, TextLookup text) => WithUnit(Rounded(value, unit), unit, text);

    /// <summary>Enough digits to be honest: shares have one decimal, amounts about four digits.</summary>
    public static string Rounded(double value, MetricUnit unit) => unit switch
    {
        MetricUnit.Share => (value * 100).ToString("0.0", CultureInfo.InvariantCulture),
        MetricUnit.Count => value.ToString("#,0", CultureInfo.InvariantCulture),
        MetricUnit.Times => value.ToString("0.00", CultureInfo.InvariantCulture),
        MetricUnit.Days => value.ToString("#,0", CultureInfo.InvariantCulture),
        MetricUnit.Devices or MetricUnit.Petaflops when double.IsInteger(value) => value.ToString("#,0", CultureInfo.InvariantCulture),
        _ => value.ToString(Math.Abs(value) switch { >= 1_000 => "#,0", >= 100 => "0.0", >= 10 => "0.00", 0 => "0", _ => "0.000" }, CultureInfo.InvariantCulture),
    };

    /// <summary>Coverage, bounds and definition in a line, as a tooltip says them.</summary>
    public static string Tooltip(Figure figure, TextLookup text)
    {
        var parts = new List<string> { $"{figure.Metric} {text[$"Metric.{figure.Metric.Name}.Name"]}" };
        if (figure.Value is { } value)
        {
            parts.Add(Exact(value, figure.Unit, text));
        }

        if (figure.Coverage is { } coverage)
        {
            parts.Add(text["Figure.Coverage", Exact(coverage, MetricUnit.Share, text)]);
        }

        if (figure.Low is { } low && figure.High is { } high)
        {
            parts.Add(text["Figure.BoundsLong", Exact(low, figure.Unit, text), Exact(high, figure.Unit, text)]);
        }

        return string.Join(text["List.Separator"], parts);
    }

    private static string Number(Figure figure) => figure.Step is { } step
        ? (Math.Round(figure.Value!.Value / step) * step).ToString(step >= 1 ? "#,0" : "#,0.".PadRight(4 - (int)Math.Floor(Math.Log10(step)), '0'), CultureInfo.InvariantCulture)
        : Rounded(figure.Value!.Value, figure.Unit);

    private static string WithUnit(string number, MetricUnit unit, TextLookup text) => text[unit == MetricUnit.Devices && number == "1" ? "Unit.Devices.One" : $"Unit.{unit}.With", number];
}
