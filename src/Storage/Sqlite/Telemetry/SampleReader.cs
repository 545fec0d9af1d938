using Headroom.Domain.Time;
using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>The winning view of samples: sealed and open as one.</summary>
internal sealed class SampleReader(ChunkReader chunks, OpenSamplesCache open)
{
    /// <summary>Rows of one device with instants inside <paramref name="window"/>.</summary>
    public SampleColumns Read(Session session, long center, long device, Window window)
    {
        var within = window.Within(UtcDays.Known);
        if (within.IsEmpty)
        {
            return new SampleColumns();
        }

        var rows = new SampleColumns();
        foreach (var day in ChunkReader.Days(session, device, UtcDays.Of(within.From), UtcDays.Of(within.Until - 1)))
        {
            var chunk = chunks.Read(session, device, day)!;
            rows.AddRange(chunk, chunk.IndexAt(within.From), chunk.IndexAt(within.Until));
        }

        var unsealed = open.Use(session, center, samples => samples.ByDevice.GetValueOrDefault(device)?.Slice(within.From, within.Until));
        return unsealed is null ? rows : SampleColumns.Merge(rows, unsealed);
    }
}
