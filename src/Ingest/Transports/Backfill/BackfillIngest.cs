using System.Globalization;
using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage;

namespace Headroom.Ingest.Transports.Backfill;

/// <summary>Brings raw samples of the past into the store, a span at a time: by export from a VictoriaMetrics, by remote read from a Prometheus. Which of them it is, it finds out.</summary>
/// <remarks>A series comes whole, so all readings of a span are joined in memory before its rows are made: spans grow and shrink with what they bring.</remarks>
public sealed class BackfillIngest(HttpClient http, IStore store, CenterDefinition center, Uri server, TimeProvider clock)
{
    private const long ShortestSpan = Micros.PerMinute;
    private const long LongestSpan = 6 * Micros.PerHour;
    private const int FewSamples = 200_000;
    private const int ManySamples = 2_000_000;

    private readonly Queue<IRawSource> _sources = new([new VictoriaExport(http, center), new PrometheusRead(http, center)]);
    private long _span = 15 * Micros.PerMinute;

    /// <summary>What the store and reports call the format; what it is at last after the first span.</summary>
    public string FormatName => _sources.Peek().FormatName;

    /// <summary>Takes the next span from <paramref name="begin"/> on and makes it durable.</summary>
    /// <param name="until">Where it ends at the latest.</param>
    /// <returns>What came of it, and where the next span begins.</returns>
    /// <exception cref="UserException"><see cref="MessageCode.TargetDown"/>: the server does not answer, or is neither.</exception>
    public async Task<(IngestReport Report, long Until)> TakeAsync(long begin, long until, CancellationToken cancellationToken)
    {
        while (true)
        {
            var span = new Window(begin, Math.Min(begin + _span, until));
            try
            {
                var (report, samples) = await TakeAsync(span, cancellationToken).ConfigureAwait(false);
                _span = samples < FewSamples ? Math.Min(_span * 2, LongestSpan) : samples > ManySamples ? Math.Max(_span / 2, ShortestSpan) : _span;
                return (report, span.Until);
            }
            catch (SpanTooLargeException) when (_span > ShortestSpan)
            {
                _span = Math.Max(_span / 2, ShortestSpan);
            }
            catch (SpanTooLargeException problem)
            {
                throw Down("> 64 MiB", problem);
            }
            catch (NotThisKindException) when (_sources.Count > 1)
            {
                _sources.Dequeue();
            }
            catch (NotThisKindException problem)
            {
                throw Down("/api/v1/export, /api/v1/read: HTTP 404", problem);
            }
            catch (HttpRequestException problem)
            {
                throw Down(problem.StatusCode is { } status ? string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)status}") : problem.InnerException?.Message ?? problem.Message, problem);
            }
            catch (IOException problem)
            {
                throw Down(problem.Message, problem);
            }
        }
    }

    private async Task<(IngestReport Report, int Samples)> TakeAsync(Window span, CancellationToken cancellationToken)
    {
        var (readings, rejects, tally) = (new SpanReadings(), new RejectCounts(), new IngestTally());
        var simulated = await _sources.Peek().ReadAsync(
            server, span, readings, (place, found) => rejects.Reject(new($"{server.Authority}:{place}", null, null, null, found, RejectReason.Malformed)), cancellationToken).ConfigureAwait(false);
        var batch = readings.Batch(clock.Now(), server.Authority, rejects);
        if (rejects.Received > 0)
        {
            tally.Add(rejects, await store.AppendAsync(center.Id, batch, new(server.Authority, FormatName, simulated, rejects), cancellationToken).ConfigureAwait(false));
        }

        return (tally.Report(), readings.Samples.Count);
    }

    private UserException Down(string reason, Exception inner) => new(UserMessage.Of(MessageCode.TargetDown, server.Authority, server, reason), inner);
}
