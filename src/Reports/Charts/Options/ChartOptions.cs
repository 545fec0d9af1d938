using System.Collections.Immutable;

namespace Headroom.Reports.Charts.Options;

/// <summary>The options of one ECharts chart, as far as our charts use them. Plain data: text, never HTML, and no functions.</summary>
public sealed record ChartOptions(Title Title, Grid Grid, Axis XAxis, Axis YAxis, ImmutableArray<Series> Series)
{
    public bool Animation { get; init; }

    public string BackgroundColor { get; } = Look.Paper;

    public TextStyle TextStyle { get; } = new() { FontFamily = Look.Fonts, Color = Look.Ink };

    public Tooltip Tooltip { get; init; } = new("axis");

    public Legend? Legend { get; init; }

    public ImmutableArray<VisualMap>? VisualMap { get; init; }
}

public sealed record TextStyle
{
    public string? FontFamily { get; init; }

    public int? FontSize { get; init; }

    public string? FontWeight { get; init; }

    public string? Color { get; init; }
}

/// <param name="Subtext">The simulated mark, or null.</param>
public sealed record Title(string Text, string? Subtext)
{
    public int Left { get; init; }

    public int Top { get; init; }

    public int ItemGap { get; } = 4;

    public TextStyle TextStyle { get; } = new() { FontSize = 14, FontWeight = "bold", Color = Look.Ink };

    public TextStyle SubtextStyle { get; } = new() { FontSize = 12, FontWeight = "bold", Color = Look.Alarm };
}

/// <summary>Unit: pixels.</summary>
public sealed record Grid(int Left, int Right, int Top, int Bottom)
{
    public bool? Show { get; init; }

    public string? BackgroundColor { get; init; }

    public int? BorderWidth { get; init; }
}

/// <summary>Rich text is drawn, not parsed: a name from telemetry cannot become markup.</summary>
public sealed record Tooltip(string Trigger)
{
    public string RenderMode { get; } = "richText";

    public bool Confine { get; } = true;
}

public sealed record Legend(ImmutableArray<string> Data)
{
    public int Bottom { get; init; }

    public string Left { get; } = "center";

    public int ItemWidth { get; } = 18;

    public int ItemHeight { get; } = 12;

    public TextStyle TextStyle { get; } = new() { FontSize = 12, Color = Look.Ink };
}

/// <param name="Type"><c>category</c> or <c>value</c>.</param>
public sealed record Axis(string Type)
{
    public string? Name { get; init; }

    public string? NameLocation { get; init; }

    public int? NameGap { get; init; }

    public ImmutableArray<string>? Data { get; init; }

    public bool? BoundaryGap { get; init; }

    public bool? Inverse { get; init; }

    public double? Min { get; init; }

    public double? Max { get; init; }

    public int? SplitNumber { get; init; }

    public AxisLabel AxisLabel { get; init; } = new();

    public Shown? AxisTick { get; init; }

    public AxisLine? AxisLine { get; init; }

    public SplitLine? SplitLine { get; init; }
}

public sealed record Shown(bool Show);

public sealed record AxisLine(bool Show)
{
    public bool OnZero { get; init; }
}

public sealed record SplitLine(bool Show)
{
    public LineStyle LineStyle { get; } = new() { Color = Look.Rule };
}

public sealed record AxisLabel
{
    public string? Formatter { get; init; }

    public int FontSize { get; init; } = 12;

    public int? Interval { get; init; }

    public int? Width { get; init; }

    public string? Overflow { get; init; }

    public bool? HideOverlap { get; init; }
}

/// <param name="Type"><c>bar</c>, <c>line</c> or <c>heatmap</c>.</param>
public sealed record Series(string Type, string Name, ImmutableArray<Datum> Data)
{
    public string? Stack { get; init; }

    public string? StackStrategy { get; init; }

    public string? Step { get; init; }

    public string? Symbol { get; init; }

    public int? SymbolSize { get; init; }

    public bool? ShowSymbol { get; init; }

    public bool? ConnectNulls { get; init; }

    public bool? Silent { get; init; }

    public int? Z { get; init; }

    public string? BarWidth { get; init; }

    public string? BarGap { get; init; }

    public int? Progressive { get; init; }

    public LineStyle? LineStyle { get; init; }

    public ItemStyle? ItemStyle { get; init; }

    public AreaStyle? AreaStyle { get; init; }

    public Label? Label { get; init; }

    public MarkLine? MarkLine { get; init; }

    public Emphasis? Emphasis { get; init; }

    public SeriesTooltip? Tooltip { get; init; }
}

public sealed record SeriesTooltip(bool Show);

public sealed record Emphasis(bool Disabled);

public sealed record LineStyle
{
    public string? Color { get; init; }

    public double? Width { get; init; }

    public string? Type { get; init; }

    public double? Opacity { get; init; }
}

public sealed record ItemStyle
{
    public string? Color { get; init; }

    public double? Opacity { get; init; }

    public string? BorderColor { get; init; }

    public double? BorderWidth { get; init; }

    public Decal? Decal { get; init; }
}

public sealed record AreaStyle
{
    public string? Color { get; init; }

    public double Opacity { get; init; }
}

/// <summary>A hatch, so that areas are told apart in gray print.</summary>
public sealed record Decal(string Symbol, string Color, double Rotation, ImmutableArray<int> DashArrayX, ImmutableArray<int> DashArrayY)
{
    public double? SymbolSize { get; init; }
}

public sealed record Label(bool Show, string? Position, string? Formatter)
{
    public int FontSize { get; } = 12;

    public string Color { get; } = Look.Ink;
}

public sealed record MarkLine(ImmutableArray<MarkPlace> Data, LineStyle LineStyle)
{
    public bool Silent { get; } = true;

    public string Symbol { get; } = "none";
}

public sealed record MarkPlace(double YAxis, Label Label);

public sealed record VisualMap(string Type, int SeriesIndex, double Min, double Max, ColorRange InRange)
{
    public bool Show { get; init; }

    public bool? Calculable { get; init; }

    public string? Orient { get; init; }

    public string? Left { get; init; }

    public int? Bottom { get; init; }

    public int? ItemWidth { get; init; }

    public int? ItemHeight { get; init; }

    public ImmutableArray<string>? Text { get; init; }
}

public sealed record ColorRange(ImmutableArray<string> Color);
