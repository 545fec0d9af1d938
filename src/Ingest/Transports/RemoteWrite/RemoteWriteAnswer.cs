namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>What the sender is told. 204: all of it is durable. 503: send it again. Anything else: do not.</summary>
/// <param name="Status">HTTP status code: 204, 400, 404, 413, 415 or 503. Never 429, which a Prometheus takes as a loss.</param>
/// <param name="Reason">For a person who reads the sender's log; null with 204.</param>
/// <param name="RetryAfter">With 503 alone.</param>
/// <param name="Report">What came of it; null where nothing was to be stored.</param>
public sealed record RemoteWriteAnswer(int Status, string? Reason, TimeSpan? RetryAfter, IngestReport? Report)
{
    internal static RemoteWriteAnswer Stored(IngestReport? report) => new(204, Reason: null, RetryAfter: null, report);

    internal static RemoteWriteAnswer Refused(int status, string reason) => new(status, reason, RetryAfter: null, Report: null);
}
