using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage;

namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>Brings the requests of one center into the store, one at a time.</summary>
internal sealed class CenterIntake : IDisposable
{
    /// <summary>What the store and reports call the format.</summary>
    public const string FormatName = "remote-write";

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly IStore _store;
    private readonly RemoteWriteOptions _options;
    private readonly SeriesTable _table;
    private readonly InstantJoin _join;
    private readonly WriteRequestV2 _second = new();
    private readonly List<RemoteSample> _samples = [];
    private bool _knowsCards;
    private bool _simulated;

    public CenterIntake(IStore store, CenterDefinition center, RemoteWriteOptions options)
    {
        (_store, Center, _options, _table, _simulated) = (store, center, options, new(center), options.Simulated);
        _join = new(center, options, _table);
    }

    public CenterDefinition Center { get; }

    /// <summary>Makes the samples of a request durable.</summary>
    /// <param name="body">Stays the caller's.</param>
    /// <param name="isSecond">True: remote write 2.0.</param>
    /// <param name="simulated">True: the sender says that nothing of it was measured. From then on everything of the center is.</param>
    /// <returns>When the samples are durable; 400 without storing anything where the content is no write request.</returns>
    public async Task<RemoteWriteAnswer> TakeAsync(UnpackedBody body, bool isSecond, bool simulated, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _samples.Clear();
            var written = default(WrittenCounts);
            if (!(isSecond ? _second.TryRead(body.Content, _table, _samples, out written) : WriteRequest.TryRead(body.Content, _table, _samples)))
            {
                return RemoteWriteAnswer.Refused(400, MessageCode.BodyNotWriteRequest);
            }

            _simulated |= simulated || _table.SawSimulation;
            return RemoteWriteAnswer.Stored(_samples.Count == 0 ? null : await StoreAsync(cancellationToken).ConfigureAwait(false)) with { Written = isSecond ? written : null };
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<IngestReport> StoreAsync(CancellationToken cancellationToken)
    {
        if (!_knowsCards && _join.WantsCards(_samples))
        {
            foreach (var device in (await _store.ReadSightingsAsync(Center.Id, Instants.Never, cancellationToken).ConfigureAwait(false)).Devices)
            {
                _join.Learn(device.Sighting);
            }

            _knowsCards = true;
        }

        var (tally, rejects) = (new IngestTally(), new RejectCounts());
        foreach (var batch in _join.Add(_samples, rejects))
        {
            if (batch.Count > 0 || rejects.Received > 0)
            {
                var note = new SourceNote(_options.Source, FormatName, _simulated, rejects);
                tally.Add(rejects, await _store.AppendAsync(Center.Id, batch, note, cancellationToken).ConfigureAwait(false));
            }

            // The first batch tells the counts of all.
            rejects = new();
        }

        return tally.Report();
    }
}
