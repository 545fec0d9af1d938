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

    /// <summary>Rows of jobs and applications.</summary>
    Jobs,

    /// <summary>Raw samples, and the records of who held what.</summary>
    Samples,

    /// <summary>Records of the inventory, and of who held what.</summary>
    Inventory,

    /// <summary>Records of jobs, reservations and contracts on devices.</summary>
    Allocations,

    /// <summary>Readings of energy meters.</summary>
    Meters,

    /// <summary>Devices by number, by hour and tenant.</summary>
    Counts,

    /// <summary>Notes of what was received.</summary>
    Received,

    /// <summary>A number of the center file.</summary>
    CenterFile,

    /// <summary>Not worked out again: read from what was issued and kept.</summary>
    Issued,
}

/// <summary>A quantity of a formula with its value: <c>Busy 812.3 P·h</c>.</summary>
public sealed record Term(string Name, double Amount, MetricUnit Unit);

/// <summary>A row that a number was worked out from again.</summary>
/// <param name="Name">A job, a device, a meter, a tenant, as its record names it.</param>
/// <param name="Until">Null: open.</param>
/// <param name="Amount">What the row says: devices asked for, time, energy, or a share.</param>
public readonly record struct NamedRow(string Name, long From, long? Until, double Amount, MetricUnit Unit);

/// <summary>A number worked out again.</summary>
/// <param name="Formula">The formula with the names of <paramref name="Terms"/> in it.</param>
public sealed record Recounted(
    RowKind From, BigInteger? Numerator, BigInteger? Denominator, double? Value, double? Coverage, double? Low, double? High, FigureGap Gap, string Formula, ImmutableArray<Term> Terms)
{
    /// <summary>Two ways of dividing the same integers may differ in the last bits.</summary>
    private const double LastBits = 1e-12;

    private readonly long? _rowCount;

    /// <summary>The rows by name; empty where they are card-hours, or too many to name.</summary>
    public ImmutableArray<NamedRow> Named { get; init; } = [];

    /// <summary>How many rows it was worked out from.</summary>
    public long RowCount
    {
        get => _rowCount ?? Named.Length;
        init => _rowCount = value;
    }

    /// <summary>Equal to what was printed: exact fractions cross-multiplied, the rest to the last bits of a double.</summary>
    public bool Agrees(Figure printed) =>
        Gap == printed.Gap
        && (printed.Numerator is not { } over || (Numerator is { } mine && SameFraction(over, printed.Denominator!.Value, mine, Denominator!.Value)))
        && Same(Value, printed.Value)
        && Same(Coverage, printed.Coverage)
        && Same(Low, printed.Low)
        && Same(High, printed.High);

    // Of nothing known there is no fraction: then its parts are compared.
    private static bool SameFraction(BigInteger leftOver, BigInteger leftUnder, BigInteger rightOver, BigInteger rightUnder) =>
        leftUnder.IsZero || rightUnder.IsZero ? leftOver == rightOver && leftUnder == rightUnder : leftOver * rightUnder == rightOver * leftUnder;

    private static bool Same(double? left, double? right) =>
        left is null || right is null ? left is null && right is null : Math.Abs(left.Value - right.Value) <= LastBits * Math.Max(1, Math.Abs(right.Value));
}
