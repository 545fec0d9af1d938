using Headroom.Domain.Accounting;
using Headroom.Reports.Charts.Options;

namespace Headroom.Reports.Charts;

/// <summary>The one look of all charts. Colors after Okabe and Ito, Color Universal Design (2008); darkness and hatch tell them apart in gray.</summary>
public static class Look
{
    public const string Fonts = "'Narrow Dot', 'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif";
    public const string Paper = "#ffffff";
    public const string Ink = "#1f2933";
    public const string Rule = "#e4e7eb";
    public const string Alarm = "#b03a00";

    public const string Blue = "#0072b2";
    public const string Sky = "#56b4e9";
    public const string Orange = "#e69f00";
    public const string Green = "#009e73";
    public const string Vermilion = "#d55e00";
    public const string Purple = "#cc79a7";
    public const string Yellow = "#f0e442";
    public const string Gray = "#9aa5b1";
    public const string LightGray = "#dfe3e8";
    public const string DarkGray = "#52606d";

    private const double Slanted = -0.7853981633974483;

    public static Decal Hatch { get; } = new("rect", "rgba(0,0,0,0.28)", Slanted, [1, 0], [2, 5]);

    /// <summary>Straight lines: tells idle in allocation from free in gray.</summary>
    public static Decal Lines { get; } = new("rect", "rgba(0,0,0,0.28)", 0, [1, 0], [2, 5]);

    public static Decal CrossHatch { get; } = new("rect", "rgba(0,0,0,0.45)", -Slanted, [1, 0], [2, 3]);

    public static Decal Dots { get; } = new("circle", "rgba(0,0,0,0.35)", 0, [4, 4], [4, 4]) { SymbolSize = 0.6 };

    /// <summary>The style of a reported state, the same wherever it is drawn.</summary>
    public static ItemStyle Of(ReportedState state) => state switch
    {
        ReportedState.Busy => new() { Color = Blue },
        ReportedState.AllocIdle => new() { Color = Orange, Decal = Lines },
        ReportedState.Free => new() { Color = Sky },
        ReportedState.Unattributed => new() { Color = Purple, Decal = Dots },
        ReportedState.Unknown => new() { Color = LightGray, Decal = Hatch },
        ReportedState.Maintenance => new() { Color = Yellow, Decal = Dots },
        ReportedState.Down => new() { Color = Vermilion, Decal = CrossHatch },
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
