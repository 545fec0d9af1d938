using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Telemetry;

namespace Headroom.Ingest.Transports.Backfill;

/// <summary>A server that gives out samples as it took them in. Never a range query: that resamples.</summary>
internal interface IRawSource
{
    /// <summary>What the store and reports call the format.</summary>
    string FormatName { get; }

    /// <summary>Reads the samples with instants in <paramref name="span"/> of the gauges that are ours.</summary>
    /// <param name="malformed">Told of a piece of the answer that is none, with its place and beginning.</param>
    /// <returns>Whether the server says that it is simulated.</returns>
    /// <exception cref="NotThisKindException">The server has no such address.</exception>
    /// <exception cref="SpanTooLargeException">Ask for less.</exception>
    /// <exception cref="HttpRequestException">The server does not answer, or not with 200.</exception>
    Task<bool> ReadAsync(Uri server, Window span, SpanReadings into, Action<string, string> malformed, CancellationToken cancellationToken);
}

/// <summary>The server is another one.</summary>
public sealed class NotThisKindException : Exception;

/// <summary>The samples of the span are more than the server gives at once, or than are taken.</summary>
public sealed class SpanTooLargeException : Exception;

/// <summary>What is asked for, and of whom.</summary>
internal static class RawQuestion
{
    /// <summary>A regular expression of all metrics that are gauges of ours, and of the one that says a source is simulated.</summary>
    public static string Names { get; } = string.Join('|', TelemetryFormats.Exporters.SelectMany(mapping => mapping.Gauges).Select(gauge => gauge.Metric).Append("headroom_simulated").Distinct().Order(StringComparer.Ordinal));

    /// <summary>An address below that of the server, which may have a path of its own.</summary>
    public static Uri At(Uri server, string path) => new(server.GetLeftPart(UriPartial.Path).TrimEnd('/') + path);

    /// <summary>The first and the last millisecond: both ends of a question are inside, the end of a span is not.</summary>
    public static (long From, long Last) Milliseconds(Window span) => (
        (span.From + Micros.PerMillisecond - 1) / Micros.PerMillisecond,
        ((span.Until + Micros.PerMillisecond - 1) / Micros.PerMillisecond) - 1);
}
