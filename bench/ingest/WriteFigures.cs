using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Headroom.Domain.Centers;
using Headroom.Domain.Time;
using Headroom.Ingest.Transports.RemoteWrite;
using Headroom.Storage.Sqlite;
using IronSnappy;

namespace Headroom.Bench.Ingest;

/// <summary>Bodies of remote write to samples that are durable: unpacked, decoded, joined to rows, committed.</summary>
internal static class WriteFigures
{
    private const int SamplesPerRequest = 2_000;
    private const int Scrapes = 60;
    private const int PeriodSeconds = 15;
    private static readonly string[] Metrics = ["DCGM_FI_PROF_GR_ENGINE_ACTIVE", "DCGM_FI_DEV_FB_USED", "DCGM_FI_DEV_POWER_USAGE", "DCGM_FI_DEV_GPU_TEMP"];

    /// <param name="cards">Four series each.</param>
    public static async Task PrintAsync(int cards)
    {
        await PrintAsync(cards, isSecond: false);
        await PrintAsync(cards, isSecond: true);
    }

    private static async Task PrintAsync(int cards, bool isSecond)
    {
        var now = Instants.From(TimeProvider.System.GetUtcNow());
        var begin = (now / 1_000) - (2L * Scrapes * PeriodSeconds * 1_000);
        var labels = Labels(cards);
        var bodies = Enumerable.Range(0, 2 * Scrapes).Select(scrape => Bodies(labels, begin + (scrape * PeriodSeconds * 1_000L), scrape, isSecond)).ToArray();
        var folder = Directory.CreateTempSubdirectory("headroom-write-bench-");
        try
        {
            await using var store = await SqliteStore.OpenAsync(new() { Path = Path.Combine(folder.FullName, "w.db") }, TimeProvider.System, CancellationToken.None);
            var center = CenterDefinition.NewDraft(new("c"));
            using var receiver = new RemoteWriteReceiver(store, (_, _) => Task.FromResult<CenterDefinition?>(center), new());
            await SendAsync(receiver, bodies[..Scrapes], isSecond);
            var seconds = await Cpu.OfAsync(() => SendAsync(receiver, bodies[Scrapes..], isSecond));
            using var decoding = new RemoteWriteReceiver(NoStore.New(), (_, _) => Task.FromResult<CenterDefinition?>(center), new());
            await SendAsync(decoding, bodies[..Scrapes], isSecond);
            var without = await Cpu.OfAsync(() => SendAsync(decoding, bodies[Scrapes..], isSecond));
            var samples = (double)cards * Metrics.Length * Scrapes;
            var rows = 0L;
            foreach (var card in Enumerable.Range(0, cards))
            {
                rows += (await store.ReadSamplesAsync(center.Id, new($"GPU-{card:x8}-c671-4057-0d056df64b6e"), Window.Always, CancellationToken.None)).Count;
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"remote write {(isSecond ? "2.0" : "1.0")}: {samples / 1e6:0.0} M samples of {cards * Metrics.Length} series in {bodies[Scrapes..].Sum(scrape => scrape.Length)} requests, {seconds:0.00} CPU s, {samples / 1e6 / seconds:0.00} M samples per CPU s ({without:0.00} CPU s of it before the store)"));
            if (rows != 2L * cards * Scrapes)
            {
                throw new InvalidOperationException($"{rows} rows are not {2L * cards * Scrapes}");
            }
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private static async Task SendAsync(RemoteWriteReceiver receiver, byte[][][] scrapes, bool isSecond)
    {
        foreach (var body in scrapes.SelectMany(bodies => bodies))
        {
            var answer = await receiver.ReceiveAsync(
                new("c"),
                isSecond ? "application/x-protobuf;proto=io.prometheus.write.v2.Request" : "application/x-protobuf",
                "snappy",
                isSecond ? "2.0.0" : "0.1.0",
                body.Length,
                new MemoryStream(body),
                simulated: false,
                CancellationToken.None);
            if (answer.Status != 204)
            {
                throw new InvalidOperationException($"{answer.Status} {answer.Problem}");
            }
        }
    }

    // Metric by metric over the cards of a host, as a page is scraped.
    private static (string Name, string Value)[][] Labels(int cards) =>
    [
        .. Enumerable.Range(0, (cards + 7) / 8).SelectMany(host => Metrics.SelectMany(metric => Enumerable.Range(host * 8, Math.Min(8, cards - (host * 8))).Select(card => new (string, string)[]
        {
            ("Hostname", $"node{host:D4}"), ("UUID", $"GPU-{card:x8}-c671-4057-0d056df64b6e"), ("__name__", metric), ("device", $"nvidia{card % 8}"), ("gpu", $"{card % 8}"),
            ("instance", $"node{host:D4}:9400"), ("job", "dcgm"), ("modelName", "NVIDIA A100-SXM4-80GB"), ("pci_bus_id", $"00000000:{(card % 8) + 7:X2}:00.0"),
        }))),
    ];

    private static byte[][] Bodies((string Name, string Value)[][] series, long milliseconds, int scrape, bool isSecond) =>
        [.. series.Select((labels, place) => (labels, value: Value(labels, place, scrape))).Chunk(SamplesPerRequest).Select(chunk => Snappy.Encode(isSecond ? Second(chunk, milliseconds) : First(chunk, milliseconds)))];

    private static double Value((string Name, string Value)[] labels, int place, int scrape)
    {
        var turn = ((place * 104_729L) + (scrape / 4 * 7_919L)) % 1_000;
        return labels[2].Value == Metrics[0] ? turn / 1_000.0 : turn % 90;
    }

    private static byte[] First(((string Name, string Value)[] Labels, double Value)[] series, long milliseconds)
    {
        var body = new List<byte>();
        foreach (var (labels, value) in series)
        {
            var message = new List<byte>();
            foreach (var (name, text) in labels)
            {
                Field(message, 1, [.. Field(1, Encoding.UTF8.GetBytes(name)), .. Field(2, Encoding.UTF8.GetBytes(text))]);
            }

            Field(message, 2, Sample(value, milliseconds));
            Field(body, 1, [.. message]);
        }

        return [.. body];
    }

    private static byte[] Second(((string Name, string Value)[] Labels, double Value)[] series, long milliseconds)
    {
        var (symbols, places, body) = (new List<string> { "" }, new Dictionary<string, int>(StringComparer.Ordinal) { [""] = 0 }, new List<byte>());
        int Place(string text)
        {
            if (!places.TryGetValue(text, out var place))
            {
                places.Add(text, place = symbols.Count);
                symbols.Add(text);
            }

            return place;
        }

        foreach (var (labels, value) in series)
        {
            byte[] references = [.. labels.SelectMany(label => (byte[])[.. Varint((ulong)Place(label.Name)), .. Varint((ulong)Place(label.Value))])];
            Field(body, 5, [.. Field(1, references), .. Field(2, Sample(value, milliseconds))]);
        }

        return [.. symbols.SelectMany(symbol => Field(4, Encoding.UTF8.GetBytes(symbol))), .. body];
    }

    private static byte[] Sample(double value, long milliseconds)
    {
        var bits = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bits, value);
        return [(1 << 3) | 1, .. bits, 2 << 3, .. Varint((ulong)milliseconds)];
    }

    private static void Field(List<byte> into, int number, byte[] content) => into.AddRange(Field(number, content));

    private static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), .. Varint((ulong)content.Length), .. content];

    private static byte[] Varint(ulong number)
    {
        var bytes = new List<byte>();
        for (; number >= 0x80; number >>= 7)
        {
            bytes.Add((byte)(number | 0x80));
        }

        bytes.Add((byte)number);
        return [.. bytes];
    }
}
