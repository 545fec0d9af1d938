using System.Collections.Immutable;
using System.Numerics;
using Headroom.Domain.Metrics;
using Headroom.Reports.Figures;

namespace Headroom.Service.Explaining;

/// <summary>What a number was worked out from again.</summary>
public enum RowKind
{
    /// <summary>Card-hours by device and hour.</summary>
    CardHours,

    /// <summary>Jobs that name no device, by their sizes.</summary>
    Jobs,

    /// <summary>Notes of what was received.</summary>
    Received,

    /// <summary>A number of the center file.</summary>
    CenterFile,

    /// <summary>Not worked out again: read from what was issued and kept.</summary>
    Issued,
}

/// <summary>A quantity of a formula with its value: <c>Busy 812.3 P·h</c>.</summary>
public sealed record Term(string Name, double Amount, MetricUnit Unit);

/// <summary>A number worked out again.</summary>
/// <param name="Formula">The formula with the names of <paramref name="Terms"/> in it.</param>
public sealed record Recounted(
    RowKind From, BigInteger? Numerator, BigInteger? Denominator, double? Value, double? Coverage, double? Low, double? High, FigureGap Gap, string Formula, ImmutableArray<Term> Terms)
{
    /// <summary>Two ways of dividing the same integers may differ in the last bits.</summary>
    private const double LastBits = 1e-12;

    /// <summary>Equal to what was printed: exact fractions cross-multiplied, the rest to the last bits of a double.</summary>
    public bool Agrees(Figure printed) =>
        Gap == printed.Gap
        && (printed.Numerator is null || Numerator is null || printed.Numerator * Denominator == Numerator * printed.Denominator)
        && Same(Value, printed.Value)
        && Same(Coverage, printed.Coverage)
        && Same(Low, printed.Low)
        && Same(High, printed.High);

    private static bool Same(double? left, double? right) =>
        left is null || right is null ? left is null && right is null : Math.Abs(left.Value - right.Value) <= LastBits * Math.Max(1, Math.Abs(right.Value));
}
