using Headroom.Domain.Messages;

namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>What the sender is told. 204: all of it is durable. 503: send it again. Anything else: do not.</summary>
/// <param name="Status">HTTP status code: 204, 400, 404, 413, 415 or 503. Never 429, which a Prometheus takes as a loss.</param>
/// <param name="Problem">For a person who reads the sender's log; null with 204.</param>
/// <param name="RetryAfter">With 503 alone.</param>
/// <param name="Report">What came of it; null where nothing was to be stored.</param>
public sealed record RemoteWriteAnswer(int Status, UserMessage? Problem, TimeSpan? RetryAfter, IngestReport? Report)
{
    /// <summary>Where a problem was met, until the server names its address.</summary>
    internal const string Place = "remote write";

    internal static RemoteWriteAnswer Stored(IngestReport? report) => new(204, Problem: null, RetryAfter: null, report);

    internal static RemoteWriteAnswer Refused(int status, MessageCode code, params ReadOnlySpan<object?> arguments) =>
        new(status, UserMessage.Of(code, Place, arguments), RetryAfter: null, Report: null);
}
