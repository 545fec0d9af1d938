using Headroom.Domain.Telemetry;
using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>The last thing said at the latest instant; of two at one instant the ordinally larger: independent of the order of arrival.</summary>
/// <param name="At">Unit: microseconds since the Unix epoch; the least long where nothing was said.</param>
internal readonly record struct Said(string? Text, long At)
{
    public static Said Nothing { get; } = new(null, long.MinValue);

    public Said Or(string? text, long at) =>
        text is not null && (at > At || (at == At && string.CompareOrdinal(text, Text) > 0)) ? new(text, at) : this;
}

/// <summary>A device as the writer knows it.</summary>
internal sealed class DeviceEntry(long id, string name)
{
    private readonly int[] _lastValues = new int[SampleColumns.Metrics];
    private int _lastCount;

    public long Id => id;

    public string Name => name;

    /// <summary>Earliest and latest sample; First is later than Last while there is none.</summary>
    public long First { get; set; } = long.MaxValue;

    public long Last { get; set; } = long.MinValue;

    /// <summary>The values of the sample at <see cref="Last"/>, while it is staged, all of them were declared at revision 0, and this process staged it; empty: to be read.</summary>
    public ReadOnlySpan<int> LastValues => _lastValues.AsSpan(0, _lastCount);

    public Said Host { get; private set; } = Said.Nothing;

    public Said Slot { get; private set; } = Said.Nothing;

    public Said Model { get; private set; } = Said.Nothing;

    public Said Pool { get; private set; } = Said.Nothing;

    /// <summary>Recorded time of the newest row in the table of sightings; null: none.</summary>
    public long? SightingRecorded { get; set; }

    /// <summary>The last sample of that row.</summary>
    public long SightingLast { get; set; } = long.MinValue;

    public DeviceSighting Sighting => new(name, Host.Text, Slot.Text, Model.Text, Pool.Text);

    /// <summary>Keeps row <paramref name="row"/>, which is the latest of all.</summary>
    public void KeepLast(SampleColumns rows, int row)
    {
        _lastCount = 0;
        for (var metric = 0; metric < SampleColumns.Metrics && rows.Revision(metric, row) == 0; metric++)
        {
            _lastValues[_lastCount++] = rows.Value(metric, row);
        }

        _lastCount = _lastCount < SampleColumns.Metrics ? 0 : _lastCount;
    }

    public void ForgetLast() => _lastCount = 0;

    /// <summary>Takes in what was said at an instant; true when that changes the sighting.</summary>
    public bool Hear(in DeviceSighting sighting, long at)
    {
        var (host, slot, model, pool) = (Host.Or(sighting.Host, at), Slot.Or(sighting.Slot, at), Model.Or(sighting.Model, at), Pool.Or(sighting.Pool, at));
        var hasChanged = host.Text != Host.Text || slot.Text != Slot.Text || model.Text != Model.Text || pool.Text != Pool.Text;
        (Host, Slot, Model, Pool) = (host, slot, model, pool);
        return hasChanged;
    }

    public static DeviceEntry Load(System.Data.Common.DbDataReader row)
    {
        var entry = new DeviceEntry(row.GetInt64(0), row.GetString(1));
        if (!row.IsDBNull(2))
        {
            entry.SightingRecorded = row.GetInt64(2);
            (entry.First, entry.Last, entry.SightingLast) = (row.GetInt64(3), row.GetInt64(4), row.GetInt64(4));
            (entry.Host, entry.Slot, entry.Model, entry.Pool) = (SaidAt(row, 5), SaidAt(row, 7), SaidAt(row, 9), SaidAt(row, 11));
        }

        return entry;
    }

    private static Said SaidAt(System.Data.Common.DbDataReader row, int column) =>
        new(row.IsDBNull(column) ? null : row.GetString(column), row.GetInt64(column + 1));
}
