using System.Runtime.InteropServices;
using Headroom.Domain.Telemetry;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>The rows of one device in a batch.</summary>
/// <param name="Start">Where its rows begin among those of the batch, by device.</param>
/// <param name="FirstSighting">Where the ordinals that name it begin among those of the batch, by device.</param>
internal readonly record struct DeviceRows(DeviceEntry Device, int Start, int End, long First, long Last, int FirstSighting, int Sightings);

/// <summary>Rows of a batch by device, arrival order kept: a counting sort. One batch at a time; its arrays are used again. Not safe for two threads.</summary>
internal sealed class GroupedRows
{
    private readonly List<DeviceRows> _groups = [];
    private Ordinal[] _ordinals = [];
    private long[] _devices = [];
    private (int Ordinal, long Latest)[] _sightings = [];
    private int[] _order = [];

    /// <summary>Devices that have rows, by their numbers.</summary>
    public ReadOnlySpan<DeviceRows> Groups => CollectionsMarshal.AsSpan(_groups);

    /// <summary>Places in the batch.</summary>
    public ReadOnlySpan<int> Rows(in DeviceRows group) => _order.AsSpan(group.Start, group.End - group.Start);

    /// <summary>Ordinals in the batch that name the device, each with the latest instant of its rows.</summary>
    public ReadOnlySpan<(int Ordinal, long Latest)> Sightings(in DeviceRows group) => _sightings.AsSpan(group.FirstSighting, group.Sightings);

    /// <summary>Takes in a batch and forgets the one before.</summary>
    /// <param name="entryOf">The device of an ordinal of the batch; two ordinals may be one device.</param>
    public void Group(SampleBatch batch, Func<int, DeviceEntry> entryOf)
    {
        Reserve(batch);
        Count(batch);
        var used = 0;
        for (var ordinal = 0; ordinal < batch.Devices.Count; ordinal++)
        {
            _ordinals[ordinal].Device = entryOf(ordinal);
            if (_ordinals[ordinal].Rows > 0)
            {
                _devices[used] = _ordinals[ordinal].Device.Id;
                _sightings[used++] = (ordinal, _ordinals[ordinal].Last);
            }
        }

        Array.Sort(_devices, _sightings, 0, used);
        Gather(used);
        var devices = batch.Device;
        for (var row = 0; row < devices.Length; row++)
        {
            _order[_ordinals[_ordinals[devices[row]].Member].Next++] = row;
        }
    }

    private void Reserve(SampleBatch batch)
    {
        if (_ordinals.Length < batch.Devices.Count)
        {
            var room = batch.Devices.Count + (batch.Devices.Count / 4);
            (_ordinals, _devices, _sightings) = (new Ordinal[room], new long[room], new (int, long)[room]);
        }

        if (_order.Length < batch.Count)
        {
            _order = new int[batch.Count + (batch.Count / 4)];
        }
    }

    private void Count(SampleBatch batch)
    {
        var ordinals = _ordinals.AsSpan(0, batch.Devices.Count);
        ordinals.Fill(new() { First = long.MaxValue, Last = long.MinValue });
        var devices = batch.Device;
        var instants = batch.Instant;
        for (var row = 0; row < devices.Length; row++)
        {
            ref var ordinal = ref ordinals[devices[row]];
            ordinal.Rows++;
            ordinal.First = Math.Min(ordinal.First, instants[row]);
            ordinal.Last = Math.Max(ordinal.Last, instants[row]);
        }
    }

    // Ordinals of one device lie side by side now; the first of them counts the rows of all.
    private void Gather(int used)
    {
        _groups.Clear();
        var start = 0;
        for (int begin = 0, end; begin < used; begin = end)
        {
            ref var leader = ref _ordinals[_sightings[begin].Ordinal];
            var (first, last, rows) = (long.MaxValue, long.MinValue, 0);
            for (end = begin; end < used && _devices[end] == _devices[begin]; end++)
            {
                ref var member = ref _ordinals[_sightings[end].Ordinal];
                member.Member = _sightings[begin].Ordinal;
                (first, last, rows) = (Math.Min(first, member.First), Math.Max(last, member.Last), rows + member.Rows);
            }

            leader.Next = start;
            _groups.Add(new(leader.Device, start, start + rows, first, last, begin, end - begin));
            start += rows;
        }
    }

    /// <summary>What a batch says of one of its ordinals.</summary>
    private struct Ordinal
    {
        public DeviceEntry Device;
        public long First;
        public long Last;
        public int Rows;

        /// <summary>The ordinal that counts the rows of its device.</summary>
        public int Member;

        /// <summary>Of that ordinal: where its next row goes.</summary>
        public int Next;
    }
}
