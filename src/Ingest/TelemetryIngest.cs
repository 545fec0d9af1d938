using System.Buffers;
using System.IO.Pipelines;
using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Telemetry;
using Headroom.Ingest.Transports.Files;
using Headroom.Storage;

namespace Headroom.Ingest;

/// <summary>Brings telemetry into the store: files, the standard input, or a body that someone else received. Memory is bounded whatever the size.</summary>
public static class TelemetryIngest
{
    private const int BytesPerRead = 256 * 1024;

    // The first comment of a page that a simulation serves; saved to a file it says the same.
    private static ReadOnlySpan<byte> Mark => "# SIMULATED"u8;

    /// <param name="files">Paths, or <c>-</c>; one report for all of them. A file that fails leaves those before it durable.</param>
    /// <exception cref="UserException">A file is missing or unreadable, its format unknown, a column or zone or time missing.</exception>
    public static async Task<IngestReport> FilesAsync(
        IStore store, CenterDefinition center, IReadOnlyList<string> files, IngestOptions options, CancellationToken cancellationToken)
    {
        var (tally, batches) = (new IngestTally(), new Batches(options));
        foreach (var file in files)
        {
            var content = await ContentStream.OpenAsync(file, cancellationToken).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
            {
                await DeliverAsync(store, center, content, file, options, openMetrics: false, tally, batches, cancellationToken).ConfigureAwait(false);
            }
        }

        return tally.Report();
    }

    /// <param name="place">How messages and the store name the content.</param>
    /// <param name="openMetrics">True where the sender declared it: its time stamps are seconds.</param>
    /// <exception cref="UserException">As <see cref="FilesAsync"/>.</exception>
    public static async Task<IngestReport> StreamAsync(
        IStore store, CenterDefinition center, Stream content, string place, IngestOptions options, bool openMetrics, CancellationToken cancellationToken)
    {
        var tally = new IngestTally();
        await DeliverAsync(store, center, content, place, options, openMetrics, tally, new(options), cancellationToken).ConfigureAwait(false);
        return tally.Report();
    }

    private static async Task DeliverAsync(
        IStore store, CenterDefinition center, Stream content, string place, IngestOptions options, bool openMetrics, IngestTally tally, Batches batches, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(content, new StreamPipeReaderOptions(bufferSize: BytesPerRead, minimumReadSize: BytesPerRead / 4, leaveOpen: true));
        try
        {
            var beginning = await PeekAsync(reader, options is { Format: null, Mapping: null } ? TelemetryFormats.BytesToGuess : Mark.Length, place, cancellationToken).ConfigureAwait(false);
            var format = FormatOf(beginning, place, options, openMetrics, tally.Notices);
            var marked = options with { Simulated = options.Simulated || beginning.AsSpan().StartsWith(Mark) };
            await new Delivery(store, center, place, marked, format, tally, batches).RunAsync(reader, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private static async Task<byte[]> PeekAsync(PipeReader reader, int atMost, string place, CancellationToken cancellationToken)
    {
        var peek = await ReadAsync(reader, atMost, place, cancellationToken).ConfigureAwait(false);
        var beginning = peek.Buffer.Slice(0, Math.Min(peek.Buffer.Length, atMost)).ToArray();
        reader.AdvanceTo(peek.Buffer.Start);
        return beginning;
    }

    private static ITelemetryFormat FormatOf(byte[] beginning, string place, IngestOptions options, bool openMetrics, ICollection<UserMessage> notices)
    {
        var source = new TelemetrySource(place, options.Clock.Now()) { Host = options.Host, At = options.At, Zone = ZoneOf(options, place), OpenMetrics = openMetrics };
        if (options.Mapping is { } mapping)
        {
            return mapping.Create(source);
        }

        var name = options.Format;
        if (name is null)
        {
            name = TelemetryFormats.Guess(beginning) ?? throw Unknown(place, System.Text.Encoding.UTF8.GetString(beginning.AsSpan(0, Math.Min(80, beginning.Length))));
            notices.Add(UserMessage.Of(MessageCode.FormatGuessed, place, name));
        }

        return TelemetryFormats.Create(name, source) ?? throw Unknown(place, name);
    }

    /// <exception cref="UserException">The zone is none that this machine knows.</exception>
    internal static TimeZoneInfo? ZoneOf(IngestOptions options, string place) => options.Zone is not { } name
        ? null
        : Zones.Find(name) ?? throw new UserException(UserMessage.Of(MessageCode.ZoneUnknown, place, name));

    private static async ValueTask<ReadResult> ReadAsync(PipeReader reader, int atLeast, string place, CancellationToken cancellationToken)
    {
        try
        {
            return atLeast > 1
                ? await reader.ReadAtLeastAsync(atLeast, cancellationToken).ConfigureAwait(false)
                : await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception problem) when (TextFile.AsMessage(place, problem) is { } message)
        {
            throw new UserException(message, problem);
        }
    }

    private static UserException Unknown(string place, string found) =>
        new(UserMessage.Of(MessageCode.FormatUnknown, place, found.ReplaceLineEndings(" "), string.Join(", ", TelemetryFormats.Names)));

    /// <summary>One source on its way into the store. While a batch is made durable, the next one is read: two cores, two batches in memory.</summary>
    private sealed class Delivery(IStore store, CenterDefinition center, string place, IngestOptions options, ITelemetryFormat format, IngestTally tally, Batches batches)
    {
        private readonly ModelCheck _models = new(options.Catalog);
        private readonly HashSet<string> _ignored = new(StringComparer.Ordinal);
        private SampleBatch _batch = batches.Next(place);
        private SampleBatch? _stored;
        private RejectCounts _rejects = new();
        private Task _storing = Task.CompletedTask;
        private long _offset;
        private int _devicesChecked;

        public async Task RunAsync(PipeReader reader, CancellationToken cancellationToken)
        {
            try
            {
                await ReadAllAsync(reader, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                await _storing.ConfigureAwait(false);
                GiveBack();
                batches.GiveBack(_batch);
            }

            tally.IgnoredColumns(place, _ignored);
            _models.Tell(place, tally.Notices);
        }

        private async Task ReadAllAsync(PipeReader reader, CancellationToken cancellationToken)
        {
            for (var done = false; !done;)
            {
                var read = await NextAsync(reader, cancellationToken).ConfigureAwait(false);
                var consumed = format.Parse(read.Buffer, read.IsCompleted, _batch, _rejects);
                _offset += read.Buffer.Slice(0, consumed).Length;
                done = read.IsCompleted;
                reader.AdvanceTo(consumed, read.Buffer.End);
                if (_rejects.Received >= options.RowsPerBatch || (done && _rejects.Received > 0))
                {
                    await MakeDurableAsync(cancellationToken).ConfigureAwait(false);
                }

                _ignored.UnionWith(_rejects.IgnoredColumns);
            }
        }

        // A source that dribbles, such as a pipe, does not keep rows waiting for a full batch.
        private async Task<ReadResult> NextAsync(PipeReader reader, CancellationToken cancellationToken)
        {
            var reading = ReadAsync(reader, 1, place, cancellationToken).AsTask();
            if (_rejects.Received > 0 && !reading.IsCompleted
                && await Task.WhenAny(reading, Task.Delay(options.LongestPause, options.Clock, cancellationToken)).ConfigureAwait(false) != reading
                && !cancellationToken.IsCancellationRequested)
            {
                await MakeDurableAsync(cancellationToken).ConfigureAwait(false);
            }

            return await reading.ConfigureAwait(false);
        }

        // Waits for the batch before, then hands this one over.
        private async Task MakeDurableAsync(CancellationToken cancellationToken)
        {
            await _storing.ConfigureAwait(false);
            GiveBack();
            for (; _devicesChecked < _batch.Devices.Count; _devicesChecked++)
            {
                _models.See(_batch.Devices[_devicesChecked].Model, _batch.Devices[_devicesChecked].Id);
            }

            _ignored.UnionWith(_rejects.IgnoredColumns);
            var (batch, rejects, offset) = (_batch, _rejects, _offset);
            _storing = Task.Run(() => StoreAsync(batch, rejects, offset, cancellationToken), cancellationToken);
            (_batch, _stored, _rejects, _devicesChecked) = (batches.Next(place), batch, new(), 0);
        }

        private async Task StoreAsync(SampleBatch batch, RejectCounts rejects, long offset, CancellationToken cancellationToken)
        {
            var note = new SourceNote(place, format.Name, options.Simulated, rejects);
            var receipt = await store.AppendAsync(center.Id, batch, note, cancellationToken).ConfigureAwait(false);
            batch.Clear();
            tally.Add(rejects, receipt);
            options.Acknowledged?.Invoke(new(rejects.Received, place, offset));
        }

        private void GiveBack()
        {
            if (_stored is { } stored)
            {
                batches.GiveBack(stored);
                _stored = null;
            }
        }
    }

    /// <summary>Batches that are filled again, from file to file.</summary>
    private sealed class Batches(IngestOptions options)
    {
        private const int SmallBatch = 16_384;
        private const int LeastBytesOfARow = 24;

        private readonly Stack<SampleBatch> _idle = [];

        /// <summary>An empty batch; for a large file one that need not grow.</summary>
        public SampleBatch Next(string place)
        {
            var isLarge = File.Exists(place) && new FileInfo(place).Length > (long)options.RowsPerBatch * LeastBytesOfARow;
            return _idle.TryPop(out var idle) ? idle : new(isLarge ? options.RowsPerBatch + (options.RowsPerBatch / 16) : SmallBatch) { Revision = options.Revision };
        }

        public void GiveBack(SampleBatch batch)
        {
            batch.Clear();
            _idle.Push(batch);
        }
    }
}
