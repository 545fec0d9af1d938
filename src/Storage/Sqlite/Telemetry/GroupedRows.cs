using Headroom.Domain.Telemetry;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>The rows of one device in a batch.</summary>
/// <param name="Sightings">Ordinals in the batch that name the device, each with the latest instant of its rows.</param>
internal sealed record DeviceRows(DeviceEntry Device, int Start, int End, long First, long Last, IReadOnlyList<(int Ordinal, long Latest)> Sightings);

/// <summary>Rows of a batch by device, arrival order kept: a counting sort. Holds until the next batch is grouped with the same buffer.</summary>
internal sealed class GroupedRows
{
    private readonly int[] _order;

    private GroupedRows(int[] order, IReadOnlyList<DeviceRows> groups) => (_order, Groups) = (order, groups);

    /// <summary>Devices that have rows.</summary>
    public IReadOnlyList<DeviceRows> Groups { get; }

    public ReadOnlySpan<int> Rows(DeviceRows group) => _order.AsSpan(group.Start, group.End - group.Start);

    /// <param name="entries">Per ordinal of the batch its device; two ordinals may be one device.</param>
    /// <param name="buffer">Used again from batch to batch; grows.</param>
    public static GroupedRows Of(SampleBatch batch, DeviceEntry[] entries, ref int[] buffer)
    {
        var (counts, first, last) = (new int[entries.Length], new long[entries.Length], new long[entries.Length]);
        first.AsSpan().Fill(long.MaxValue);
        last.AsSpan().Fill(long.MinValue);
        var devices = batch.Device;
        var instants = batch.Instant;
        for (var row = 0; row < devices.Length; row++)
        {
            var ordinal = devices[row];
            counts[ordinal]++;
            first[ordinal] = Math.Min(first[ordinal], instants[row]);
            last[ordinal] = Math.Max(last[ordinal], instants[row]);
        }

        var groups = new List<DeviceRows>(entries.Length);
        var groupOf = new int[entries.Length];
        var next = new int[entries.Length];
        var start = 0;
        foreach (var ordinals in Enumerable.Range(0, entries.Length).Where(ordinal => counts[ordinal] > 0).GroupBy(ordinal => entries[ordinal].Id).OrderBy(group => group.Key))
        {
            var members = ordinals.ToArray();
            foreach (var ordinal in members)
            {
                groupOf[ordinal] = groups.Count;
            }

            next[groups.Count] = start;
            var end = start + members.Sum(ordinal => counts[ordinal]);
            groups.Add(new(entries[members[0]], start, end, members.Min(o => first[o]), members.Max(o => last[o]), [.. members.Select(o => (o, last[o]))]));
            start = end;
        }

        if (buffer.Length < batch.Count)
        {
            buffer = new int[batch.Count];
        }

        var order = buffer;
        for (var row = 0; row < devices.Length; row++)
        {
            order[next[groupOf[devices[row]]]++] = row;
        }

        return new(order, groups);
    }
}
