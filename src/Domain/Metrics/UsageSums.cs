using Headroom.Domain.Accounting;

namespace Headroom.Domain.Metrics;

/// <summary>Sums of cells over any devices and hours, each weighted by its rating. Every ratio is made from these, once, at the end.</summary>
/// <remarks>The weight is MFLOPS x microseconds where all devices are rated, else devices x microseconds (rating 1). They outgrow a long.</remarks>
public sealed record UsageSums
{
    private readonly Int128[] _cells;

    private UsageSums(Int128[] cells) => _cells = cells;

    public static UsageSums Zero { get; } = new(new Int128[HourCells.Count]);

    public Int128 this[Cell cell] => _cells[(int)cell];

    public Int128 Installed => Sum(0, HourCells.Count);

    public Int128 Available => Installed - this[Cell.Down] - this[Cell.Maintenance];

    public Int128 Allocated => Sum((int)Cell.AllocatedBusy, 3);

    public Int128 AllocUnknown => Sum((int)Cell.AllocUnknownBusy, 3);

    public Int128 Busy => this[Cell.AllocatedBusy] + this[Cell.AllocUnknownBusy] + this[Cell.FreeBusy];

    public Int128 UseUnknown => this[Cell.AllocatedUseUnknown] + this[Cell.AllocUnknownUseUnknown] + this[Cell.FreeUseUnknown];

    /// <summary>Whether any allocation was known: else U1s and U4 read "no allocation source".</summary>
    public bool HasAllocationSource => AllocUnknown < Available || Available == 0;

    /// <summary>Allocation rate by the scheduler.</summary>
    public MetricValue U1s => MetricValue.Ratio(MetricCatalog.U1s.Id, Allocated, Available - AllocUnknown, Available);

    /// <summary>Use of installed: U3 seen against everything the city bought.</summary>
    public MetricValue U2 => U3.Scaled(MetricCatalog.U2.Id, Available, Installed);

    /// <summary>Use of available.</summary>
    public MetricValue U3 => MetricValue.Ratio(MetricCatalog.U3.Id, Busy, Available - UseUnknown, Available);

    /// <summary>Use within allocation.</summary>
    public MetricValue U4 => MetricValue.Ratio(
        MetricCatalog.U4.Id, this[Cell.AllocatedBusy], this[Cell.AllocatedBusy] + this[Cell.AllocatedIdle], Allocated);

    public static UsageSums operator +(UsageSums left, UsageSums right)
    {
        var cells = new Int128[HourCells.Count];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = left._cells[i] + right._cells[i];
        }

        return new(cells);
    }

    /// <param name="weight">Rating in MFLOPS, or 1 to count devices.</param>
    public static UsageSums Of(HourCells cells, long weight)
    {
        var adder = new Adder();
        adder.Add(cells, weight);
        return adder.Sums;
    }

    /// <summary>The sum of one reported state.</summary>
    public Int128 Of(ReportedState state)
    {
        Int128 sum = 0;
        for (var cell = 0; cell < HourCells.Count; cell++)
        {
            sum += ReportedStates.Of((Cell)cell) == state ? _cells[cell] : 0;
        }

        return sum;
    }

    public bool Equals(UsageSums? other) => other is not null && _cells.AsSpan().SequenceEqual(other._cells);

    public override int GetHashCode() => HashCode.Combine(Installed, Busy, Allocated);

    /// <summary>Adds many hours up without a new object for each.</summary>
    public sealed class Adder
    {
        private readonly Int128[] _cells = new Int128[HourCells.Count];

        public UsageSums Sums => new([.. _cells]);

        public void Add(HourCells cells, long weight)
        {
            for (var i = 0; i < _cells.Length; i++)
            {
                _cells[i] += (Int128)cells.Micros[i] * weight;
            }
        }
    }

    private Int128 Sum(int first, int count)
    {
        Int128 sum = 0;
        foreach (var cell in _cells.AsSpan(first, count))
        {
            sum += cell;
        }

        return sum;
    }
}
