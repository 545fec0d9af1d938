using System.Globalization;
using System.Numerics;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;

namespace Headroom.Reports.Figures;

/// <summary>Makes the figures of one report: center, window and as-of are the same for most of them.</summary>
public sealed record FigureMaker(CenterId Center, Window Window, long AsOf)
{
    public FigureMaker During(Window window) => this with { Window = window };

    public FigureScope Scope(PoolId? pool = null, TenantId? tenant = null, string? part = null) => new(Center, pool, tenant, part);

    /// <summary>A share with its coverage and bounds.</summary>
    public Figure Share(string cell, FigureScope scope, MetricValue value) => new(
        cell,
        value.Id,
        MetricUnit.Share,
        scope,
        Window,
        AsOf,
        value.Point,
        value.IsEmpty ? null : value.Coverage,
        value.IsEmpty ? null : value.Low,
        value.IsEmpty ? null : value.High,
        value.IsEmpty ? null : value.Numerator,
        value.IsEmpty ? null : value.Denominator,
        value.IsEmpty ? FigureGap.Nothing : value.Point is null ? FigureGap.BoundsOnly : FigureGap.None);

    /// <summary>U2, whose exact fraction is that of U3 times available over installed.</summary>
    public Figure UseOfInstalled(string cell, FigureScope scope, UsageSums sums)
    {
        var share = Share(cell, scope, sums.U2);
        return share.Gap == FigureGap.Nothing
            ? share
            : share with { Numerator = share.Numerator * sums.Available, Denominator = share.Denominator * sums.Installed };
    }

    /// <summary>An allocation metric where nothing tells what was allocated.</summary>
    public Figure WithoutAllocation(string cell, FigureScope scope, MetricDefinition metric) =>
        new(cell, metric.Id, metric.Unit, scope, Window, AsOf, null, null, null, null, null, null, FigureGap.NoAllocationSource);

    /// <summary>A sum divided once into the unit it is printed in.</summary>
    /// <param name="denominator">Above zero.</param>
    public Figure Amount(string cell, FigureScope scope, MetricId metric, MetricUnit unit, BigInteger numerator, BigInteger denominator) => new(
        cell,
        metric,
        unit,
        scope,
        Window,
        AsOf,
        (double)numerator / (double)denominator,
        null,
        null,
        null,
        numerator,
        denominator,
        FigureGap.None);

    public Figure Count(string cell, FigureScope scope, MetricDefinition metric, long count) => Amount(cell, scope, metric.Id, MetricUnit.Count, count, 1);

    /// <summary>A number that was published, assumed or forecast: not a sum of anything we hold.</summary>
    public Figure Given(string cell, FigureScope scope, MetricId metric, MetricUnit unit, double value, double? low = null, double? high = null) =>
        new(cell, metric, unit, scope, Window, AsOf, value, null, low, high, null, null, FigureGap.None);

    /// <summary>An estimate with its band; printed to the precision of the band.</summary>
    /// <remarks>Half the band keeps one digit, or two where they are below 35. Source: Particle Data Group, Review of Particle Physics, introduction, section 5.3.</remarks>
    public Figure Estimated(string cell, FigureScope scope, MetricId metric, MetricUnit unit, double value, double low, double high)
    {
        var half = Math.Abs(high - low) / 2;
        var step = half > 0 ? Math.Pow(10, Math.Floor(Math.Log10(half / 3.5))) : 0;
        var isCoarse = step >= (unit == MetricUnit.Times ? 0.1 : 1);
        return Given(cell, scope, metric, unit, value, low, high) with { Step = isCoarse ? step : null };
    }

    /// <summary>A number of which only one side is known, or nothing.</summary>
    public Figure Unknown(string cell, FigureScope scope, MetricId metric, MetricUnit unit, FigureGap gap, double? low = null, double? high = null) =>
        new(cell, metric, unit, scope, Window, AsOf, null, null, low, high, null, null, gap);

    /// <summary>The time of a step as part of a cell id: <c>2026-03-01T00:00:00Z</c>.</summary>
    public static string At(long instant) => Instants.ToText(instant);

    public static string At(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
