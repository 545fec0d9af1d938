using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Charts;
using Headroom.Reports.Figures;

namespace Headroom.Service.Pages;

/// <summary>Invented examples for the page that shows the design. Nothing of it was measured.</summary>
internal static class DesignModel
{
    private static readonly FigureMaker Maker = new(new("example"), default, Instants.Never);

    /// <summary>Known in full.</summary>
    public static Figure Known { get; } = Share("known", busy: 734, known: 1_000, expected: 1_000);

    /// <summary>Marked: less than 95 % of the time is known.</summary>
    public static Figure Marked { get; } = Share("marked", busy: 612, known: 820, expected: 1_000);

    /// <summary>Less than half is known: bounds only.</summary>
    public static Figure BoundsOnly { get; } = Share("bounds", busy: 180, known: 400, expected: 1_000);

    /// <summary>Nothing tells what was allocated.</summary>
    public static Figure WithoutSource { get; } = Maker.WithoutAllocation("example.U1s", Maker.Scope(), MetricCatalog.U1s);

    /// <summary>Nothing there to measure.</summary>
    public static Figure Nothing { get; } = Share("nothing", 0, 0, 0);

    public static ImmutableArray<Figure> Amounts { get; } =
    [
        Maker.Given("example.P", Maker.Scope(), MetricCatalog.Nameplate.Id, MetricUnit.Petaflops, 102.4),
        Maker.Given("example.Ph", Maker.Scope(), MetricCatalog.CInstalled.Id, MetricUnit.PetaflopHours, 2_457.6),
        Maker.Given("example.N", Maker.Scope(), MetricCatalog.NInstalled.Id, MetricUnit.Devices, 400),
        Maker.Given("example.kWh", Maker.Scope(), MetricCatalog.CardEnergy.Id, MetricUnit.KilowattHours, 1_872.5),
        Maker.Given("example.n", Maker.Scope(), MetricCatalog.Received.Id, MetricUnit.Count, 2_304_000),
    ];

    public static ImmutableArray<(string Name, string Color)> Colors { get; } =
    [
        ("Blue", Look.Blue), ("Sky", Look.Sky), ("Orange", Look.Orange), ("Green", Look.Green), ("Vermilion", Look.Vermilion),
        ("Purple", Look.Purple), ("Yellow", Look.Yellow), ("Gray", Look.Gray), ("LightGray", Look.LightGray), ("DarkGray", Look.DarkGray),
    ];

    public static ImmutableArray<ReportedState> States { get; } = [.. Enum.GetValues<ReportedState>()];

    private static Figure Share(string cell, long busy, long known, long expected) =>
        Maker.Share($"example.{cell}.U3", Maker.Scope(), MetricValue.Ratio(MetricCatalog.U3.Id, busy, known, expected));
}
