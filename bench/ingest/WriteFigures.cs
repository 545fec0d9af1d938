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
    private const int WarmScrapes = 120;
    private const int Scrapes = 240;
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
        var begin = (now / 1_000) - ((WarmScrapes + Scrapes) * PeriodSeconds * 1_000L);
        var chunks = Labels(cards).Select((labels, place) => (Labels: labels, Place: place)).Chunk(SamplesPerRequest).Select(chunk => isSecond ? Second(chunk) : First(chunk)).ToArray();
        var bodies = Enumerable.Range(0, WarmScrapes + Scrapes).Select(scrape => chunks.Select(chunk => chunk.Body(begin + (scrape * PeriodSeconds * 1_000L), scrape)).ToArray()).ToArray();
        var folder = Directory.CreateTempSubdirectory("headroom-write-bench-");
        try
        {
            await using var store = await SqliteStore.OpenAsync(new() { Path = Path.Combine(folder.FullName, "w.db") }, TimeProvider.System, CancellationToken.None);
            var center = CenterDefinition.NewDraft(new("c"));
            using var receiver = new RemoteWriteReceiver(store, (_, _) => Task.FromResult<CenterDefinition?>(center), new());
            await SendAsync(receiver, bodies[..WarmScrapes], isSecond);
            var (seconds, leastOfAQuarter) = (0.0, double.MaxValue);
            foreach (var quarter in bodies[WarmScrapes..].Chunk(Scrapes / 4))
            {
                var took = await Cpu.OfAsync(() => SendAsync(receiver, quarter, isSecond));
                (seconds, leastOfAQuarter) = (seconds + took, Math.Min(leastOfAQuarter, took));
            }

            var packing = await Cpu.OfAsync(() => store.SealAsync(center.Id, CancellationToken.None));
            using var decoding = new RemoteWriteReceiver(NoStore.New(), (_, _) => Task.FromResult<CenterDefinition?>(center), new());
            await SendAsync(decoding, bodies[..WarmScrapes], isSecond);
            var without = await Cpu.OfAsync(() => SendAsync(decoding, bodies[WarmScrapes..], isSecond));
            var samples = (double)cards * Metrics.Length * Scrapes;
            var rows = 0L;
            foreach (var card in Enumerable.Range(0, cards))
            {
                rows += (await store.ReadSamplesAsync(center.Id, new($"GPU-{card:x8}-c671-4057-0d056df64b6e"), Window.Always, CancellationToken.None)).Count;
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"remote write {(isSecond ? "2.0" : "1.0")}: {samples / 1e6:0.0} M samples of {cards * Metrics.Length} series in {bodies[WarmScrapes..].Sum(scrape => scrape.Length)} requests, {seconds:0.00} CPU s, {samples / 1e6 / seconds:0.00} M samples per CPU s, {samples / 4e6 / leastOfAQuarter:0.00} M in the best quarter ({without:0.00} CPU s of it before the store; later, packing into blocks {packing:0.00} CPU s)"));
            if (rows != (long)cards * (WarmScrapes + Scrapes))
            {
                throw new InvalidOperationException($"{rows} rows are not {(long)cards * (WarmScrapes + Scrapes)}");
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

    private static double Value((string Name, string Value)[] labels, int place, int scrape)
    {
        var turn = ((place * 104_729L) + (scrape / 4 * 7_919L)) % 1_000;
        return labels[2].Value == Metrics[0] ? turn / 1_000.0 : turn % 90;
    }

    private static Chunk First(((string Name, string Value)[] Labels, int Place)[] series) => new(
        [],
        1,
        [
            .. series.Select(one => (
                one.Labels,
                one.Place,
                (byte[])[.. one.Labels.SelectMany(label => Field(1, [.. Field(1, Encoding.UTF8.GetBytes(label.Name)), .. Field(2, Encoding.UTF8.GetBytes(label.Value))]))])),
        ]);

    private static Chunk Second(((string Name, string Value)[] Labels, int Place)[] series)
    {
        var (symbols, places) = (new List<string> { "" }, new Dictionary<string, int>(StringComparer.Ordinal) { [""] = 0 });
        byte[] Reference(string text)
        {
            if (!places.TryGetValue(text, out var place))
            {
                places.Add(text, place = symbols.Count);
                symbols.Add(text);
            }

            return Varint((ulong)place);
        }

        var parts = series.Select(one => (one.Labels, one.Place, Field(1, [.. one.Labels.SelectMany(label => (byte[])[.. Reference(label.Name), .. Reference(label.Value)])]))).ToArray();
        return new([.. symbols.SelectMany(symbol => Field(4, Encoding.UTF8.GetBytes(symbol)))], 5, parts);
    }

    /// <summary>The series of one request: what is the same in every scrape is made once.</summary>
    private sealed record Chunk(byte[] Begin, int SeriesField, ((string Name, string Value)[] Labels, int Place, byte[] Bytes)[] Series)
    {
        public byte[] Body(long milliseconds, int scrape)
        {
            var body = new List<byte>(Begin);
            foreach (var (labels, place, bytes) in Series)
            {
                body.AddRange(Field(SeriesField, [.. bytes, .. Field(2, Sample(Value(labels, place, scrape), milliseconds))]));
            }

            return Snappy.Encode([.. body]);
        }
    }

    private static byte[] Sample(double value, long milliseconds)
    {
        var bits = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bits, value);
        return [(1 << 3) | 1, .. bits, 2 << 3, .. Varint((ulong)milliseconds)];
    }

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
