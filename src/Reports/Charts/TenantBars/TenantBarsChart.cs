using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Metrics;
using Headroom.Reports.Charts.Options;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;
using Headroom.Reports.Sections.Tenants;

namespace Headroom.Reports.Charts.TenantBars;

/// <summary>Each tenant's allocation, split into used and not used.</summary>
public static class TenantBarsChart
{
    /// <summary>Tenants drawn; the table has all of them.</summary>
    public const int MostBars = 20;

    public static Chart Of(PoolTenants pool, bool simulated, TextLookup text)
    {
        var rows = pool.Rows.Take(MostBars).ToArray();
        var (used, rest) = (text["Chart.TenantBars.Used"], text["Chart.TenantBars.Rest"]);
        var top = Chart.TitleHeight(simulated);
        return new(
            $"tenants-{Chart.Slug(pool.Pool.Value)}",
            "tenant-bars",
            Height: top + 60 + (rows.Length * 26),
            text["Chart.TenantBars.Summary", pool.Name.In(text.Name)],
            new(
                Chart.Title(text["Chart.TenantBars.Title", pool.Name.In(text.Name), text[$"Unit.{pool.Total.Allocated.Unit}"]], simulated, text),
                new(Left: 236, Right: 64, Top: top, Bottom: 56),
                new("value") { Min = 0, SplitNumber = 4, SplitLine = new(true), AxisLabel = new() { HideOverlap = true } },
                new("category")
                {
                    Data = [.. rows.Select(row => row.Name!.In(text.Name))],
                    Inverse = true,
                    AxisTick = new(false),
                    AxisLabel = new() { Width = 228, Overflow = "truncate", Interval = 0 },
                },
                [
                    new("bar", used, [.. rows.Select(row => new Datum(row.Used.Value))]) { Stack = "held", BarWidth = "66%", ItemStyle = Look.Of(ReportedState.Busy) },
                    new("bar", rest, [.. rows.Select(Rest)]) { Stack = "held", ItemStyle = Look.Of(ReportedState.AllocIdle) with { Decal = Look.Hatch } },
                ])
            {
                Legend = new([new(used), new(rest)]),
            });
    }

    private static Datum Rest(TenantRow row) =>
        new(row.Allocated.Value - (row.Used.Value ?? 0), Label: new(true, "right", FigureText.Rounded(row.Allocated.Value!.Value, row.Allocated.Unit)));
}
