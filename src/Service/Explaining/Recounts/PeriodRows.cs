using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;

namespace Headroom.Service.Explaining.Recounts;

/// <summary>The card-hours of a report's period, kept by pool and hour and by card as they pass by.</summary>
/// <param name="period">The whole period of the report.</param>
internal sealed class PeriodRows(CenterDefinition center, CardCatalog catalog, Window period)
{
    private readonly HashSet<(PoolId Pool, Cell Cell, DeviceId Device)> _inCell = [];

    public Dictionary<PoolId, RowSums> Pools { get; } = [];

    public Dictionary<(PoolId Pool, long Start), RowSums> Hours { get; } = [];

    /// <summary>All hours of a card; its pool is that of the last of them.</summary>
    public Dictionary<DeviceId, CardRows> Cards { get; } = [];

    public void Add(DeviceId device, CardHour hour)
    {
        if (!period.Contains(hour.HourStart))
        {
            return;
        }

        var rating = RatingOf(hour.Pool, hour.Model);
        Sums(Pools, hour.Pool).Add(hour, null, rating);
        Sums(Hours, (hour.Pool, hour.HourStart)).Add(hour, null, rating);
        foreach (var cell in Enum.GetValues<Cell>())
        {
            if (hour.Cells[cell] > 0)
            {
                _inCell.Add((hour.Pool, cell, device));
            }
        }

        if (!Cards.TryGetValue(device, out var card))
        {
            Cards[device] = card = new();
        }

        card.Add(hour);
    }

    /// <summary>MFLOPS at the pool's precision; null: not rated.</summary>
    public long? RatingOf(PoolId pool, string? model) => catalog.Find(model)?.RatingMflops(center.PrecisionOf(pool));

    /// <summary>False: any card-hour of the pool is of a model without a rating; then everything of it is counted in devices.</summary>
    public bool IsRated(PoolId pool) => Pools.TryGetValue(pool, out var sums) && !sums.IsUnrated;

    /// <summary>What a microsecond of a model counts for in the pool.</summary>
    public long WeightOf(PoolId pool, string? model) => IsRated(pool) ? RatingOf(pool, model) ?? 0 : 1;

    /// <summary>Cards of the pool that stood in any of these cells.</summary>
    public long CardsIn(PoolId pool, params ReadOnlySpan<Cell> cells)
    {
        var found = new HashSet<DeviceId>();
        foreach (var entry in _inCell)
        {
            if (entry.Pool == pool && cells.Contains(entry.Cell))
            {
                found.Add(entry.Device);
            }
        }

        return found.Count;
    }

    private static RowSums Sums<TKey>(Dictionary<TKey, RowSums> sums, TKey key)
        where TKey : notnull => sums.TryGetValue(key, out var known) ? known : sums[key] = new();
}

/// <summary>The card-hours of one card added up. Unit: microseconds.</summary>
internal sealed class CardRows
{
    private long _last = long.MinValue;

    public PoolId Pool { get; private set; }

    public long Busy { get; private set; }

    public long Known { get; private set; }

    public long Available { get; private set; }

    public long Samples { get; private set; }

    public long Rows { get; private set; }

    public void Add(CardHour hour)
    {
        if (hour.HourStart >= _last)
        {
            (_last, Pool) = (hour.HourStart, hour.Pool);
        }

        long open = 0, unknown = 0;
        foreach (var cell in Enum.GetValues<Cell>())
        {
            open += cell is Cell.Down or Cell.Maintenance ? 0 : hour.Cells[cell];
            unknown += cell is Cell.AllocatedUseUnknown or Cell.AllocUnknownUseUnknown or Cell.FreeUseUnknown ? hour.Cells[cell] : 0;
            Busy += cell is Cell.AllocatedBusy or Cell.AllocUnknownBusy or Cell.FreeBusy ? hour.Cells[cell] : 0;
        }

        Available += open;
        Known += open - unknown;
        Samples += hour.Samples;
        Rows++;
    }
}
