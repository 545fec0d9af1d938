using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;

namespace Headroom.Ingest.Transports.Scrape;

/// <summary>The clock of whoever wrote a page: the time stamps of its lines, else the Date of the answer.</summary>
public static class PageClock
{
    /// <summary>More than this ahead or behind is told: a wrong clock files samples under a wrong hour. Unit: microseconds.</summary>
    /// <remarks>Exporters keep what they read for up to half a minute, so a page may be that old without a wrong clock.</remarks>
    public const long Tolerated = 60 * Micros.PerSecond;

    /// <summary>Lines looked at for a time stamp.</summary>
    private const int LinesToRead = 200;

    /// <returns>Ahead of ours is positive; null where neither says a time. Unit: microseconds.</returns>
    public static long? SkewOf(ScrapedPage page) => (NewestStamp(page.Body, page.OpenMetrics) ?? page.SentAt) - page.At;

    private static long? NewestStamp(ReadOnlySpan<byte> body, bool openMetrics)
    {
        long? newest = null;
        var lines = 0;
        Span<LabelPlace> labels = stackalloc LabelPlace[64];
        foreach (var range in body.Split((byte)'\n'))
        {
            if (++lines > LinesToRead)
            {
                break;
            }

            var line = new PrometheusLine(body[range].TrimEnd((byte)'\r'), labels);
            if (line.Read() == PrometheusLineKind.Sample && line.Timestamp is { } stamp && double.IsFinite(stamp) && Math.Abs(stamp) < 1e14)
            {
                var micros = (long)(stamp * (openMetrics ? Micros.PerSecond : Micros.PerMillisecond));
                newest = newest is null ? micros : Math.Max(newest.Value, micros);
            }
        }

        return newest;
    }
}
