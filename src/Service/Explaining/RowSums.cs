using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Service.Explaining;

/// <summary>Which card-hours a number is made of: those of a pool that begin in a window, of one host, or the parts of one tenant.</summary>
internal sealed record RowScope(Window Window, PoolId Pool, string? Host = null, TenantId? Tenant = null)
{
    /// <summary>All of the pool: they decide whether it is counted in P or in devices.</summary>
    public RowScope WholePool => this with { Host = null, Tenant = null };
}

/// <summary>Card-hours added up one by one, in plain integers: on purpose none of the sums that reports are made from.</summary>
internal sealed class RowSums
{
    private readonly Int128[] _devices = new Int128[HourCells.Count];
    private readonly Int128[] _rated = new Int128[HourCells.Count];
    private (Int128 Busy, Int128 Idle, Int128 Unknown) _heldDevices;
    private (Int128 Busy, Int128 Idle, Int128 Unknown) _heldRated;

    /// <summary>A model of these rows has no rating at the pool's precision.</summary>
    public bool IsUnrated { get; private set; }

    public long Rows { get; private set; }

    public Int128 EnergyNanojoules { get; private set; }

    public Int128 EnergyKnown { get; private set; }

    public Int128 SilentZero { get; private set; }

    public Int128 Samples { get; private set; }

    /// <summary>Time in one cell, in MFLOPS-microseconds or device-microseconds.</summary>
    public Int128 Of(Cell cell, bool rated) => (rated ? _rated : _devices)[(int)cell];

    public (Int128 Busy, Int128 Idle, Int128 Unknown) Held(bool rated) => rated ? _heldRated : _heldDevices;

    public Int128 Sum(bool rated, params ReadOnlySpan<Cell> cells)
    {
        Int128 sum = 0;
        foreach (var cell in cells)
        {
            sum += Of(cell, rated);
        }

        return sum;
    }

    /// <param name="tenant">Whose part of the allocated time is held; null: everybody's.</param>
    /// <param name="rating">MFLOPS of the row's model; null: not rated.</param>
    public void Add(CardHour hour, TenantId? tenant, long? rating)
    {
        Rows++;
        IsUnrated |= rating is null;
        for (var cell = 0; cell < HourCells.Count; cell++)
        {
            var micros = hour.Cells.Micros[cell];
            _devices[cell] += micros;
            _rated[cell] += (Int128)micros * (rating ?? 0);
        }

        foreach (var part in hour.Tenants)
        {
            if (tenant is null || part.Tenant == tenant)
            {
                _heldDevices = (_heldDevices.Busy + part.Busy, _heldDevices.Idle + part.Idle, _heldDevices.Unknown + part.UseUnknown);
                var weight = (Int128)(rating ?? 0);
                _heldRated = (_heldRated.Busy + (part.Busy * weight), _heldRated.Idle + (part.Idle * weight), _heldRated.Unknown + (part.UseUnknown * weight));
            }
        }

        EnergyNanojoules += hour.EnergyNanojoules;
        EnergyKnown += hour.EnergyKnown;
        SilentZero += hour.SilentZero;
        Samples += hour.Samples;
    }
}
