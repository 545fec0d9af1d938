using Headroom.Domain.Telemetry;
using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>Rows of a batch as columns.</summary>
internal static class BatchRows
{
    /// <summary>Fills a column set with rows of the batch; false when their instants do not rise strictly, and then it is not in order.</summary>
    public static bool Gather(SampleBatch batch, ReadOnlySpan<int> order, SampleColumns into)
    {
        into.Clear();
        var (instants, values) = into.Fill(order.Length);
        var source = batch.Instant;
        var isRising = true;
        var before = long.MinValue;
        for (var i = 0; i < order.Length; i++)
        {
            var instant = source[order[i]];
            instants[i] = instant;
            isRising &= instant > before;
            before = instant;
        }

        foreach (var metric in TelemetryMetrics.All)
        {
            var column = values[metric.Column];
            var from = batch.Values(metric);
            for (var i = 0; i < order.Length; i++)
            {
                column[i] = from[order[i]];
            }
        }

        if (batch.Revision != 0)
        {
            foreach (var metric in TelemetryMetrics.All)
            {
                var (column, revisions) = (values[metric.Column], into.FillRevisions()[metric.Column]);
                for (var i = 0; i < order.Length; i++)
                {
                    revisions[i] = column[i] == TelemetryMetrics.Missing ? 0 : batch.Revision;
                }
            }
        }

        return isRising;
    }

    /// <summary>By instant, arrival order kept; instants may repeat.</summary>
    public static SampleColumns InOrder(SampleBatch batch, ReadOnlySpan<int> order)
    {
        var keys = new (long Instant, int Place)[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            keys[i] = (batch.Instant[order[i]], i);
        }

        var rows = order.ToArray();
        Array.Sort(keys, rows);
        var sorted = new SampleColumns(rows.Length);
        Gather(batch, rows, sorted);
        return sorted;
    }
}
