using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
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
    /// <param name="kind">One of <see cref="RecordFormats.Kinds"/>.</param>
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
        var (counted, rejects) = (new CountingStream(content), new RejectCounts());
        var beginning = await PeekAsync(counted, place, cancellationToken).ConfigureAwait(false);
        var format = FormatOf(kind, beginning, place, options, tally.Notices);
        var source = new RecordSource(place, options.Clock.Now())
        {
            Zone = TelemetryIngest.ZoneOf(options, place),
            At = options.At,
            Center = center.Id,
            Revision = options.Revision,
            Pools = center.Pools,
            Hosts = await HostsAsync(store, center, format, cancellationToken).ConfigureAwait(false),
        };
        await using (counted.ConfigureAwait(false))
        {
            var facts = Read(format, new JoinedStream(beginning, counted), source, rejects, tally.Notices);
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
            tally.Add(rejects, await store.AppendAsync(center.Id, facts, new(place, format.Name == RecordFormats.Csv ? kind : format.Name, options.Simulated, rejects), cancellationToken).ConfigureAwait(false));
            options.Acknowledged?.Invoke(new(rejects.Received, place, counted.Count));
        }
    }

    private static async Task<byte[]> PeekAsync(CountingStream content, string place, CancellationToken cancellationToken)
    {
        var beginning = new byte[RecordFormats.BytesToGuess];
        try
        {
            return beginning[..await content.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)];
        }
        catch (Exception problem) when (TextFile.AsMessage(place, problem) is { } message)
        {
            throw new UserException(message, problem);
        }
    }

    private static IRecordFormat FormatOf(string kind, byte[] beginning, string place, IngestOptions options, ICollection<UserMessage> notices)
    {
        var format = options.Format is { } name ? RecordFormats.Find(kind, name) : RecordFormats.Guess(kind, beginning);
        if (format is null)
        {
            throw new UserException(options.Format is { } unknown && RecordFormats.Kinds.Contains(kind)
                ? UserMessage.Of(MessageCode.FormatUnknown, place, unknown, string.Join(", ", RecordFormats.NamesOf(kind)))
                : UserMessage.Of(MessageCode.FormatUnknown, place, kind, string.Join(", ", RecordFormats.Kinds)));
        }

        if (options.Format is null && format.Name != RecordFormats.Csv)
        {
            notices.Add(UserMessage.Of(MessageCode.FormatGuessed, place, format.Name));
        }

        return format;
    }

    // What a scheduler says of a host it says of the devices there.
    private static async Task<ILookup<string, DeviceId>> HostsAsync(IStore store, CenterDefinition center, IRecordFormat format, CancellationToken cancellationToken)
    {
        if (!format.NeedsHosts)
        {
            return Enumerable.Empty<DeviceId>().ToLookup(device => device.Value);
        }

        var facts = await store.ReadFactsAsync(center.Id, Instants.Never, cancellationToken).ConfigureAwait(false);
        var placed = facts.Inventory
            .Where(fact => fact is { Event: InventoryEvent.Installed or InventoryEvent.Moved, Host: not null })
            .OrderBy(fact => fact.Valid.From)
            .GroupBy(fact => fact.Device)
            .ToDictionary(group => group.Key, group => (group.Last().Host, group.Last().Slot));
        foreach (var device in facts.Devices)
        {
            placed.TryAdd(new(device.Sighting.Id), (device.Sighting.Host, device.Sighting.Slot));
        }

        var retired = facts.Inventory.Where(fact => fact.Event == InventoryEvent.Retired).Select(fact => fact.Device).ToHashSet();
        return placed
            .Where(pair => pair.Value.Host is not null && !retired.Contains(pair.Key))
            .OrderBy(pair => pair.Value.Slot, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key.Value, StringComparer.Ordinal)
            .ToLookup(pair => pair.Value.Host!, pair => pair.Key, StringComparer.Ordinal);
    }

    private static FactBatch Read(IRecordFormat format, Stream content, RecordSource source, RejectCounts rejects, ICollection<UserMessage> notices)
    {
        try
        {
            using (content)
            {
                return format.Read(content, source, rejects, notices);
            }
        }
        catch (Exception problem) when (TextFile.AsMessage(source.Place, problem) is { } message)
        {
            throw new UserException(message, problem);
        }
    }

    /// <summary>What was read ahead, and then the rest.</summary>
    private sealed class JoinedStream(byte[] beginning, Stream rest) : ReadOnlyStream
    {
        private int _read;

        public override int Read(Span<byte> buffer)
        {
            if (_read == beginning.Length)
            {
                return rest.Read(buffer);
            }

            var count = Math.Min(buffer.Length, beginning.Length - _read);
            beginning.AsSpan(_read, count).CopyTo(buffer);
            _read += count;
            return count;
        }
    }

    /// <summary>Counts the bytes that were read; leaves the content open.</summary>
    private sealed class CountingStream(Stream content) : ReadOnlyStream
    {
        public long Count { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var read = content.Read(buffer);
            Count += read;
            return read;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            Count += read;
            return read;
        }
    }

    /// <summary>A stream that can be read once, from front to back.</summary>
    private abstract class ReadOnlyStream : Stream
    {
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

        public abstract override int Read(Span<byte> buffer);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
