using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Records;
using Headroom.Ingest.Transports.Files;
using Headroom.Storage;

namespace Headroom.Ingest;

/// <summary>Brings records into the store: what one file says becomes durable together.</summary>
public static class RecordIngest
{
    /// <param name="kind">A name of <see cref="RecordFormats.Names"/>.</param>
    /// <param name="files">Paths, or <c>-</c>; one report for all of them. A file that fails leaves those before it durable.</param>
    /// <exception cref="UserException">A file is missing or unreadable, a column or zone missing.</exception>
    public static async Task<IngestReport> FilesAsync(
        IStore store, CenterDefinition center, string kind, IReadOnlyList<string> files, IngestOptions options, CancellationToken cancellationToken)
    {
        var tally = new IngestTally();
        foreach (var file in files)
        {
            var content = await ContentStream.OpenAsync(file, cancellationToken).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
            {
                await DeliverAsync(store, center, kind, content, file, options, tally, cancellationToken).ConfigureAwait(false);
            }
        }

        return tally.Report();
    }

    /// <param name="place">How messages and the store name the content.</param>
    /// <exception cref="UserException">As <see cref="FilesAsync"/>.</exception>
    public static async Task<IngestReport> StreamAsync(
        IStore store, CenterDefinition center, string kind, Stream content, string place, IngestOptions options, CancellationToken cancellationToken)
    {
        var tally = new IngestTally();
        await DeliverAsync(store, center, kind, content, place, options, tally, cancellationToken).ConfigureAwait(false);
        return tally.Report();
    }

    private static async Task DeliverAsync(
        IStore store, CenterDefinition center, string kind, Stream content, string place, IngestOptions options, IngestTally tally, CancellationToken cancellationToken)
    {
        var format = RecordFormats.Find(kind)
            ?? throw new UserException(UserMessage.Of(MessageCode.FormatUnknown, place, kind, string.Join(", ", RecordFormats.Names)));
        var source = new RecordSource(place, options.Clock.Now()) { Zone = TelemetryIngest.ZoneOf(options, place), At = options.At, Center = center.Id, Revision = options.Revision };
        var (counted, rejects) = (new CountingStream(content), new RejectCounts());
        await using (counted.ConfigureAwait(false))
        {
            var facts = format.Read(counted, source, rejects, tally.Notices);
            tally.IgnoredColumns(place, rejects.IgnoredColumns);
            if (rejects.Received == 0)
            {
                return;
            }

            var models = new ModelCheck(options.Catalog);
            foreach (var fact in facts.Inventory)
            {
                models.See(fact.Model, fact.Device.Value);
            }

            models.Tell(place, tally.Notices);
            tally.Add(rejects, await store.AppendAsync(center.Id, facts, new(place, format.Name, options.Simulated, rejects), cancellationToken).ConfigureAwait(false));
            options.Acknowledged?.Invoke(new(rejects.Received, place, counted.Count));
        }
    }

    /// <summary>Counts the bytes that were read; leaves the content open.</summary>
    private sealed class CountingStream(Stream content) : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = content.Read(buffer);
            Count += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
