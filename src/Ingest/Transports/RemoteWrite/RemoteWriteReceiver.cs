using System.Collections.Concurrent;
using System.Data.Common;
using System.Net.Http.Headers;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Storage;

namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>Receives Prometheus remote write 1.0, whatever server the requests come through.</summary>
/// <remarks>
/// Bounded: bodies, their content, requests at one time, readings at hand. Safe for many threads. What was received twice changes nothing.
/// Source: prometheus.io, Remote-Write 1.0 specification.
/// </remarks>
/// <param name="findCenter">The center as it is now; null: there is none of that id.</param>
public sealed class RemoteWriteReceiver(
    IStore store, Func<CenterId, CancellationToken, Task<CenterDefinition?>> findCenter, RemoteWriteOptions options) : IDisposable
{
    private readonly SemaphoreSlim _places = new(options.MostAtOnce, options.MostAtOnce);
    private readonly ConcurrentDictionary<CenterId, CenterIntake> _intakes = [];

    /// <summary>Takes one request. A 204 says that its samples are durable.</summary>
    /// <param name="center">From the token of the sender, or its query.</param>
    /// <param name="version">The header <c>X-Prometheus-Remote-Write-Version</c>; null: not sent.</param>
    /// <param name="contentLength">Unit: bytes. Null: not declared.</param>
    /// <exception cref="OperationCanceledException">The sender went away.</exception>
    public async Task<RemoteWriteAnswer> ReceiveAsync(
        CenterId center, string? contentType, string? contentEncoding, string? version, long? contentLength, Stream body, CancellationToken cancellationToken)
    {
        if (ProblemOf(contentType, contentEncoding, version) is { } problem)
        {
            return RemoteWriteAnswer.Refused(415, problem);
        }

        if (!await _places.WaitAsync(options.LongestWait, cancellationToken).ConfigureAwait(false))
        {
            return Later($"{options.MostAtOnce} requests are being stored; this one waited {options.LongestWait.TotalSeconds:0.#} s.");
        }

        try
        {
            return await TakeAsync(center, contentLength, body, cancellationToken).ConfigureAwait(false);
        }
        catch (UserException failure)
        {
            return Later(failure.Message);
        }
        catch (Exception failure) when (failure is DbException or IOException or ObjectDisposedException)
        {
            return Later($"The store did not take it: {failure.Message}");
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

    private async Task<RemoteWriteAnswer> TakeAsync(CenterId id, long? contentLength, Stream body, CancellationToken cancellationToken)
    {
        if (await findCenter(id, cancellationToken).ConfigureAwait(false) is not { } center)
        {
            return RemoteWriteAnswer.Refused(404, $"There is no center '{id}'. Add it with: headroom center add FILE.");
        }

        var (content, refusal) = await SnappyBody.ReadAsync(body, contentLength, options, cancellationToken).ConfigureAwait(false);
        return refusal ?? await IntakeOf(center).TakeAsync(content!, cancellationToken).ConfigureAwait(false);
    }

    // A new version of the center's file may name hosts differently.
    private CenterIntake IntakeOf(CenterDefinition center) => _intakes.AddOrUpdate(
        center.Id,
        _ => new(store, center, options),
        (_, known) => known.Center.PeriodMicros == center.PeriodMicros && known.Center.Targets.SequenceEqual(center.Targets) ? known : new(store, center, options));

    private RemoteWriteAnswer Later(string reason) => new(503, reason, options.RetryAfter, Report: null);

    private static string? ProblemOf(string? contentType, string? contentEncoding, string? version)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)
            || !string.Equals(type.MediaType, "application/x-protobuf", StringComparison.OrdinalIgnoreCase)
            || type.Parameters.Any(parameter => parameter.Name == "proto" && parameter.Value?.Trim('"') != "prometheus.WriteRequest"))
        {
            return $"Content-Type is '{contentType}'; remote write 1.0 has application/x-protobuf (prometheus.WriteRequest).";
        }

        if (!string.Equals(contentEncoding, "snappy", StringComparison.OrdinalIgnoreCase))
        {
            return $"Content-Encoding is '{contentEncoding}'; remote write has snappy.";
        }

        return version is null || version.StartsWith("0.", StringComparison.Ordinal) || version.StartsWith("1.", StringComparison.Ordinal)
            ? null
            : $"X-Prometheus-Remote-Write-Version is '{version}'; 0.1.0 is understood.";
    }
}
