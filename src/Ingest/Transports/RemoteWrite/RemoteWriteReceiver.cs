using System.Collections.Concurrent;
using System.Data.Common;
using System.Net.Http.Headers;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Storage;

namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>Receives Prometheus remote write 1.0 and 2.0, whatever server the requests come through.</summary>
/// <remarks>
/// Bounded: bodies, their content, requests at one time, readings at hand. Safe for many threads. What was received twice changes nothing.
/// Source: prometheus.io, Remote-Write 1.0 and 2.0 specifications.
/// </remarks>
/// <param name="findCenter">The center as it is now; null: there is none of that id.</param>
public sealed class RemoteWriteReceiver(
    IStore store, Func<CenterId, CancellationToken, Task<CenterDefinition?>> findCenter, RemoteWriteOptions options) : IDisposable
{
    private const string FirstSchema = "prometheus.WriteRequest";
    private const string SecondSchema = "io.prometheus.write.v2.Request";

    private readonly SemaphoreSlim _places = new(options.MostAtOnce, options.MostAtOnce);
    private readonly ConcurrentDictionary<CenterId, CenterIntake> _intakes = [];

    /// <summary>Takes one request. A 204 says that its samples are durable.</summary>
    /// <param name="center">From the token of the sender, or its query.</param>
    /// <param name="version">The header <c>X-Prometheus-Remote-Write-Version</c>; null: not sent.</param>
    /// <param name="contentLength">Unit: bytes. Null: not declared.</param>
    /// <param name="simulated">True: the sender says that nothing of it was measured. A series <c>headroom_simulated</c> says so too.</param>
    /// <exception cref="OperationCanceledException">The sender went away.</exception>
    public async Task<RemoteWriteAnswer> ReceiveAsync(
        CenterId center, string? contentType, string? contentEncoding, string? version, long? contentLength, Stream body, bool simulated, CancellationToken cancellationToken)
    {
        if (ProblemOf(contentType, contentEncoding, version, out var isSecond) is { } problem)
        {
            return new(415, problem, RetryAfter: null, Report: null);
        }

        var answer = await TakeInTurnAsync(center, isSecond, contentLength, body, simulated, cancellationToken).ConfigureAwait(false);
        return answer.Written is null && isSecond ? answer with { Written = default(WrittenCounts) } : answer;
    }

    private async Task<RemoteWriteAnswer> TakeInTurnAsync(CenterId center, bool isSecond, long? contentLength, Stream body, bool simulated, CancellationToken cancellationToken)
    {
        if (!await _places.WaitAsync(options.LongestWait, cancellationToken).ConfigureAwait(false))
        {
            return Later(UserMessage.Of(MessageCode.ServiceBusy, RemoteWriteAnswer.Place, Math.Ceiling(options.RetryAfter.TotalSeconds)));
        }

        try
        {
            return await TakeAsync(center, isSecond, contentLength, body, simulated, cancellationToken).ConfigureAwait(false);
        }
        catch (UserException failure)
        {
            return Later(failure.Messages[0]);
        }
        catch (Exception failure) when (failure is DbException or IOException or ObjectDisposedException)
        {
            return Later(UserMessage.Of(MessageCode.StoreUnavailable, RemoteWriteAnswer.Place, failure.Message));
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose()
    {
        foreach (var intake in _intakes.Values)
        {
            intake.Dispose();
        }

        _places.Dispose();
    }

    private async Task<RemoteWriteAnswer> TakeAsync(CenterId id, bool isSecond, long? contentLength, Stream body, bool simulated, CancellationToken cancellationToken)
    {
        if (await findCenter(id, cancellationToken).ConfigureAwait(false) is not { } center)
        {
            return RemoteWriteAnswer.Refused(404, MessageCode.CenterUnknown, id);
        }

        var (content, refusal) = await SnappyBody.ReadAsync(body, contentLength, options, cancellationToken).ConfigureAwait(false);
        using var unpacked = content;
        return refusal ?? await IntakeOf(center).TakeAsync(unpacked!, isSecond, simulated, cancellationToken).ConfigureAwait(false);
    }

    // A new version of the center's file may name hosts differently.
    private CenterIntake IntakeOf(CenterDefinition center) => _intakes.AddOrUpdate(
        center.Id,
        _ => new(store, center, options),
        (_, known) => known.Center.PeriodMicros == center.PeriodMicros && known.Center.Targets.SequenceEqual(center.Targets) ? known : new(store, center, options));

    private RemoteWriteAnswer Later(UserMessage problem) => new(503, problem, options.RetryAfter, Report: null);

    private static UserMessage? ProblemOf(string? contentType, string? contentEncoding, string? version, out bool isSecond)
    {
        isSecond = false;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)
            || !string.Equals(type.MediaType, "application/x-protobuf", StringComparison.OrdinalIgnoreCase)
            || type.Parameters.Any(parameter => parameter.Name == "proto" && parameter.Value?.Trim('"') is not (FirstSchema or SecondSchema)))
        {
            return Unsupported("Content-Type", contentType, $"application/x-protobuf;proto={SecondSchema}, application/x-protobuf;proto={FirstSchema}, application/x-protobuf");
        }

        isSecond = type.Parameters.Any(parameter => parameter.Name == "proto" && parameter.Value?.Trim('"') == SecondSchema);

        if (!string.Equals(contentEncoding, "snappy", StringComparison.OrdinalIgnoreCase))
        {
            return Unsupported("Content-Encoding", contentEncoding, "snappy");
        }

        // The schema is what the content type says; the version only has to be one that there is.
        return version is null or ['0' or '1' or '2', '.', ..] ? null : Unsupported("X-Prometheus-Remote-Write-Version", version, "0.1.0, 2.0.0");
    }

    private static UserMessage Unsupported(string header, string? found, string expected) =>
        UserMessage.Of(MessageCode.RemoteWriteUnsupported, RemoteWriteAnswer.Place, header, found, expected);
}
