namespace Headroom.Domain.Accounting;

/// <summary>How a device stood on the two axes, allocation and use. The cells of METRICS: eleven, and no other.</summary>
public enum Cell
{
    Down,
    Maintenance,
    AllocatedBusy,
    AllocatedIdle,
    AllocatedUseUnknown,
    AllocUnknownBusy,
    AllocUnknownIdle,
    AllocUnknownUseUnknown,
    FreeBusy,
    FreeIdle,
    FreeUseUnknown,
}

/// <summary>Time in each of the eleven cells. Unit: microseconds. They sum to the installed time, residual 0.</summary>
public sealed record HourCells
{
    public const int Count = 11;

    private readonly long[] _micros;

    public HourCells(ReadOnlySpan<long> micros)
    {
        if (micros.Length != Count)
        {
            throw new ArgumentException($"{micros.Length} cells; there are {Count}.", nameof(micros));
        }

        _micros = micros.ToArray();
    }

    public long this[Cell cell] => _micros[(int)cell];

    public ReadOnlySpan<long> Micros => _micros;

    public long Installed => _micros.Sum();

    public long Available => Installed - this[Cell.Down] - this[Cell.Maintenance];

    public long Allocated => this[Cell.AllocatedBusy] + this[Cell.AllocatedIdle] + this[Cell.AllocatedUseUnknown];

    public long AllocUnknown => this[Cell.AllocUnknownBusy] + this[Cell.AllocUnknownIdle] + this[Cell.AllocUnknownUseUnknown];

    public long Busy => this[Cell.AllocatedBusy] + this[Cell.AllocUnknownBusy] + this[Cell.FreeBusy];

    public long UseUnknown => this[Cell.AllocatedUseUnknown] + this[Cell.AllocUnknownUseUnknown] + this[Cell.FreeUseUnknown];

    public bool Equals(HourCells? other) => other is not null && _micros.AsSpan().SequenceEqual(other._micros);

    public override int GetHashCode() => HashCode.Combine(_micros[2], _micros[3], _micros[9], Installed);
}

/// <summary>The reported states: they partition the installed time exactly.</summary>
public enum ReportedState
{
    Busy,
    AllocIdle,
    Free,
    Unattributed,
    Unknown,
    Maintenance,
    Down,
}

public static class ReportedStates
{
    /// <summary>The state a cell is reported as.</summary>
    public static ReportedState Of(Cell cell) => cell switch
    {
        Cell.Down => ReportedState.Down,
        Cell.Maintenance => ReportedState.Maintenance,
        Cell.AllocatedBusy => ReportedState.Busy,
        Cell.AllocatedIdle => ReportedState.AllocIdle,
        Cell.FreeIdle => ReportedState.Free,
        Cell.FreeBusy => ReportedState.Unattributed,
        _ => ReportedState.Unknown,
    };
}
