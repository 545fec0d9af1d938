using Headroom.Domain.Time;
using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>The winning view of samples: sealed and open as one.</summary>
internal sealed class SampleReader(BlockTable blocks, OpenSamplesCache open)
{
    /// <summary>Rows of one device with instants inside <paramref name="window"/>.</summary>
    /// <param name="leaveOutDamaged">True: what is damaged is taken as absent.</param>
    public SampleColumns Read(Session session, long center, long device, Window window, bool leaveOutDamaged = false)
    {
        var within = window.Within(UtcDays.Known);
        if (within.IsEmpty)
        {
            return new SampleColumns();
        }

        var rows = blocks.Read(session, center, device, within, leaveOutDamaged);
        var unsealed = open.Use(session, center, samples => samples.ByDevice.GetValueOrDefault(device)?.Slice(within.From, within.Until));
        return unsealed is null ? rows : SampleColumns.Merge(rows, unsealed);
    }
}
