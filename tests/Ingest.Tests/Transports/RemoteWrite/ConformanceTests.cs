using System.Buffers.Binary;
using System.Text;
using Headroom.Domain.Centers;
using Headroom.Domain.Telemetry;
using Headroom.Ingest.Transports.RemoteWrite;
using IronSnappy;

namespace Headroom.Ingest.Tests.Transports.RemoteWrite;

/// <summary>The cases of a receiver of remote write, one row each.</summary>
/// <remarks>Source: prometheus.io, Remote-Write 1.0 and 2.0 specifications; the groups are those of prometheus/compliance, remotewrite/receiver.</remarks>
[TestClass]
public sealed class ConformanceTests
{
    private const string First = "application/x-protobuf";
    private const string FirstNamed = "application/x-protobuf;proto=prometheus.WriteRequest";
    private const string Second = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
    private const long At = 1_772_366_400_000;
    private static readonly CenterDefinition Center = CenterDefinition.NewDraft(new("t"));
    private static readonly string[] Symbols = ["", "__name__", "DCGM_FI_DEV_GPU_UTIL", "UUID", "GPU-1", "instance", "n1:9400", "other_metric", "help text"];

    public required TestContext TestContext { get; set; }

    [TestMethod]
    [DataRow(First, "snappy", "0.1.0", 204, DisplayName = "1.0, plain content type")]
    [DataRow(FirstNamed, "snappy", "0.1.0", 204, DisplayName = "1.0, schema named")]
    [DataRow(First, "Snappy", "1.0.0", 204, DisplayName = "1.0, other case")]
    [DataRow(First, "snappy", null, 204, DisplayName = "1.0, no version")]
    [DataRow(FirstNamed, "snappy", "2.0.0", 204, DisplayName = "1.0 schema from a sender of 2.0")]
    [DataRow("application/x-protobuf;proto=io.prometheus.write.v3.Request", "snappy", "2.0.0", 415, DisplayName = "unknown schema")]
    [DataRow("application/json", "snappy", "0.1.0", 415, DisplayName = "JSON")]
    [DataRow("text/plain", "snappy", "0.1.0", 415, DisplayName = "text")]
    [DataRow(null, "snappy", "0.1.0", 415, DisplayName = "no content type")]
    [DataRow("", "snappy", "0.1.0", 415, DisplayName = "empty content type")]
    [DataRow(First, "gzip", "0.1.0", 415, DisplayName = "gzip")]
    [DataRow(First, "zstd", "0.1.0", 415, DisplayName = "zstd")]
    [DataRow(First, null, "0.1.0", 415, DisplayName = "no encoding")]
    [DataRow(First, "snappy", "9.0", 415, DisplayName = "unknown version")]
    public async Task Receive_FirstSchemaUnderHeaders_HasItsStatus(string? type, string? encoding, string? version, int status)
    {
        var body = Sent.Body(new SentSeries("DCGM_FI_DEV_GPU_UTIL", [("UUID", "GPU-1")], 5, At));
        var (answer, store) = await SendAsync(body, type, encoding, version);
        Assert.AreEqual((status, status == 204 ? 1 : 0), (answer.Status, store.Samples.Count));
        Assert.IsNull(answer.Written, "1.0 has no such counts");
    }

    public static IEnumerable<object[]> Requests =>
    [
        ["one metric", Request(Symbols, Series([1, 2, 3, 4], Sample(50, At))), 204, new WrittenCounts(1, 0, 0), 1],
        ["no series", Request(Symbols), 204, default(WrittenCounts), 0],
        ["no content", Array.Empty<byte>(), 204, default(WrittenCounts), 0],
        ["several samples of a series", Request(Symbols, Series([1, 2, 3, 4], Sample(50, At), Sample(60, At + 15_000), Sample(70, At + 30_000))), 204, new WrittenCounts(3, 0, 0), 3],
        ["a value of zero is not on the wire", Request(Symbols, Series([1, 2, 3, 4], Sample(0, At))), 204, new WrittenCounts(1, 0, 0), 1],
        ["a metric that is none of ours", Request(Symbols, Series([1, 7, 3, 4], Sample(50, At))), 204, new WrittenCounts(1, 0, 0), 0],
        ["metadata alone", Request(Symbols, Series([1, 2, 3, 4], Metadata())), 204, default(WrittenCounts), 0],
        ["a sample and its metadata", Request(Symbols, Series([1, 2, 3, 4], Sample(50, At), Metadata())), 204, new WrittenCounts(1, 0, 0), 1],
        ["an exemplar", Request(Symbols, Series([1, 2, 3, 4], Sample(50, At), Sent.Message(4, [1 << 3, 1]))), 204, new WrittenCounts(1, 0, 1), 1],
        ["histograms", Request(Symbols, Series([1, 7, 3, 4], Sent.Message(3, [1 << 3, 1]), Sent.Message(3, [1 << 3, 2]))), 204, new WrittenCounts(0, 2, 0), 0],
        ["samples and histograms in one series", Request(Symbols, Series([1, 2, 3, 4], Sample(50, At), Sent.Message(3, [1 << 3, 1]))), 400, default(WrittenCounts), 0],
        ["a created timestamp in field 6, of a draft", Request(Symbols, Series([1, 2, 3, 4], Sample(50, At), [6 << 3, 1])), 204, new WrittenCounts(1, 0, 0), 1],
        ["a start timestamp of a sample", Request(Symbols, Series([1, 2, 3, 4], Sample(50, At, [3 << 3, 7]))), 204, new WrittenCounts(1, 0, 0), 1],
        ["references one by one", Request(Symbols, Sent.Message(5, [1 << 3, 1, 1 << 3, 2, 1 << 3, 3, 1 << 3, 4, .. Sample(50, At)])), 204, new WrittenCounts(1, 0, 0), 1],
        ["symbols behind the series", (byte[])[.. Series([1, 2, 3, 4], Sample(50, At)), .. Request(Symbols)], 204, new WrittenCounts(1, 0, 0), 1],
        ["an unknown field", (byte[])[.. Request(Symbols, Series([1, 2, 3, 4], Sample(50, At))), .. Sent.Message(9, [1, 2])], 204, new WrittenCounts(1, 0, 0), 1],
        ["an empty label value", Request(Symbols, Series([1, 2, 3, 4, 5, 0], Sample(50, At))), 204, new WrittenCounts(1, 0, 0), 1],
        ["labels that are not sorted", Request(Symbols, Series([5, 6, 3, 4, 1, 2], Sample(50, At))), 204, new WrittenCounts(1, 0, 0), 1],
        ["a reference out of range", Request(Symbols, Series([1, 2, 3, 99], Sample(50, At))), 400, default(WrittenCounts), 0],
        ["an odd number of references", Request(Symbols, Series([1, 2, 3], Sample(50, At))), 400, default(WrittenCounts), 0],
        ["a first symbol that is not empty", Request(["x", .. Symbols[1..]], Series([1, 2, 3, 4], Sample(50, At))), 400, default(WrittenCounts), 0],
        ["no symbols", Request([], Series([1, 2, 3, 4], Sample(50, At))), 400, default(WrittenCounts), 0],
        ["a series without a name", Request(Symbols, Series([3, 4], Sample(50, At))), 400, default(WrittenCounts), 0],
        ["an empty name", Request(Symbols, Series([1, 0, 3, 4], Sample(50, At))), 400, default(WrittenCounts), 0],
        ["an empty label name", Request(Symbols, Series([1, 2, 0, 4], Sample(50, At))), 400, default(WrittenCounts), 0],
        ["a label twice", Request(Symbols, Series([1, 2, 3, 4, 3, 6], Sample(50, At))), 400, default(WrittenCounts), 0],
        ["one bad series beside a good one", Request(Symbols, Series([1, 2, 3, 4], Sample(50, At)), Series([1, 2, 3, 99], Sample(50, At))), 400, default(WrittenCounts), 0],
        ["bytes that are no message", new byte[] { 0xFF, 0xFF, 0xFF, 0x01 }, 400, default(WrittenCounts), 0],
        ["cut short", Request(Symbols, Series([1, 2, 3, 4], Sample(50, At)))[..^3], 400, default(WrittenCounts), 0],
    ];

    [TestMethod]
    [DynamicData(nameof(Requests))]
    public async Task Receive_SecondSchema_HasItsStatusAndExactCounts(string name, byte[] content, int status, WrittenCounts written, int stored)
    {
        var (answer, store) = await SendAsync(Snappy.Encode(content), Second, "snappy", "2.0.0");
        Assert.AreEqual((status, (WrittenCounts?)written, stored), (answer.Status, answer.Written, store.Samples.Count), name);
    }

    [TestMethod]
    [DynamicData(nameof(Requests))]
    public async Task Receive_SecondSchemaWhereTheSeriesIsKnown_HasItsStatusAndExactCounts(string name, byte[] content, int status, WrittenCounts written, int stored)
    {
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, Center, new() { Clock = new StandingClock((At * 1_000) + 60_000_000) });
        foreach (var earlier in (int[])[2, 1])
        {
            var known = Snappy.Encode(Request(["", "instance", .. Symbols[1..]], Series([2, 3, 4, 5], Sample(50, At - earlier))));
            Assert.AreEqual(204, (await SendAsync(receiver, known, Second, "snappy", "2.0.0")).Status);
        }

        var answer = await SendAsync(receiver, Snappy.Encode(content), Second, "snappy", "2.0.0");

        Assert.AreEqual((status, (WrittenCounts?)written, stored + 2), (answer.Status, answer.Written, store.Samples.Count), name);
        Assert.AreEqual(1, store.Devices.Select(device => device.Id).Distinct().Count());
    }

    [TestMethod]
    public async Task Receive_SymbolsInAnotherOrder_AreTheSameSeries()
    {
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, Center, new() { Clock = new StandingClock((At * 1_000) + 60_000_000) });
        var random = new Random(3);
        for (var request = 0; request < 20; request++)
        {
            var order = Enumerable.Range(1, Symbols.Length - 1).ToArray();
            random.Shuffle(order);
            byte Place(int symbol) => (byte)(Array.IndexOf(order, symbol) + 1);
            var body = Request(["", .. order.Select(symbol => Symbols[symbol])], Series([Place(1), Place(2), Place(3), Place(4), Place(5), Place(6)], Sample(request, At + request)), Series([Place(1), Place(7), Place(3), Place(4)], Sample(1, At)));
            var answer = await SendAsync(receiver, Snappy.Encode(body), Second, "snappy", "2.0.0");
            Assert.AreEqual((204, (WrittenCounts?)new WrittenCounts(2, 0, 0)), (answer.Status, answer.Written));
        }

        CollectionAssert.AreEqual(Enumerable.Range(0, 20).Select(request => request * 10_000).ToArray(), store.Samples.Values.Select(values => values[0]).ToArray());
        Assert.AreEqual(("GPU-1", "n1"), (store.Devices.Single().Id, store.Devices.Single().Host));
    }

    [TestMethod]
    public async Task Receive_SecondSchema_StoresTheSameAsTheFirst()
    {
        var (_, first) = await SendAsync(Sent.Body(new SentSeries("DCGM_FI_DEV_GPU_UTIL", [("UUID", "GPU-1"), ("instance", "n1:9400")], 50, At)), First, "snappy", "0.1.0");
        var (_, second) = await SendAsync(Snappy.Encode(Request(Symbols, Series([1, 2, 3, 4, 5, 6], Sample(50, At)))), Second, "snappy", "2.0.0");

        CollectionAssert.AreEqual(first.Samples.Keys.ToArray(), second.Samples.Keys.ToArray());
        CollectionAssert.AreEqual(first.Samples.Values.Single(), second.Samples.Values.Single());
        CollectionAssert.AreEqual(first.Devices, second.Devices);
    }

    [TestMethod]
    public async Task Receive_StaleMarkerOfTheSecondSchema_EndsTheUse()
    {
        var (answer, store) = await SendAsync(Snappy.Encode(Request(Symbols, Series([1, 2, 3, 4], Sample(Sent.StaleMarker, At)))), Second, "snappy", "2.0.0");
        Assert.AreEqual((204, (WrittenCounts?)new WrittenCounts(1, 0, 0)), (answer.Status, answer.Written));
        Assert.AreEqual(TelemetryMetrics.Missing, store.Samples.Values.Single()[0]);
    }

    [TestMethod]
    public async Task Receive_SameRequestTwice_IsWrittenTwiceAndStoredOnce()
    {
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, Center, new() { Clock = new StandingClock((At * 1_000) + 1_000_000) });
        var body = Snappy.Encode(Request(Symbols, Series([1, 2, 3, 4], Sample(50, At))));
        for (var time = 0; time < 2; time++)
        {
            var answer = await SendAsync(receiver, body, Second, "snappy", "2.0.0");
            Assert.AreEqual((204, (WrittenCounts?)new WrittenCounts(1, 0, 0)), (answer.Status, answer.Written));
        }

        Assert.HasCount(1, store.Samples);
    }

    [TestMethod]
    public async Task Receive_FullDisk_IsToBeSentAgain()
    {
        var store = new FakeStore { FailAtAppend = 1 };
        using var receiver = Sent.Receiver(store, Center, new() { Clock = new StandingClock((At * 1_000) + 1_000_000) });
        var answer = await SendAsync(receiver, Snappy.Encode(Request(Symbols, Series([1, 2, 3, 4], Sample(50, At)))), Second, "snappy", "2.0.0");
        Assert.AreEqual((503, (WrittenCounts?)default(WrittenCounts), true), (answer.Status, answer.Written, answer.RetryAfter is not null));
    }

    [TestMethod]
    public async Task Receive_DamagedSecondSchema_NeverThrows()
    {
        var random = new Random(31);
        var good = Request(Symbols, Series([1, 2, 3, 4, 5, 6], Sample(50, At), Metadata()), Series([1, 7, 3, 4], Sample(1, At)));
        for (var run = 0; run < 3_000; run++)
        {
            var damaged = (byte[])good.Clone();
            for (var hit = random.Next(4); hit >= 0; hit--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var (answer, _) = await SendAsync(Snappy.Encode(damaged.AsSpan(0, random.Next(1, damaged.Length + 1)).ToArray()), Second, "snappy", "2.0.0");
            Assert.IsTrue(answer.Status is 204 or 400, $"{answer.Status}");
        }
    }

    private async Task<(RemoteWriteAnswer Answer, FakeStore Store)> SendAsync(byte[] body, string? type, string? encoding, string? version)
    {
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, Center, new() { Clock = new StandingClock((At * 1_000) + 60_000_000) });
        return (await SendAsync(receiver, body, type, encoding, version), store);
    }

    private Task<RemoteWriteAnswer> SendAsync(RemoteWriteReceiver receiver, byte[] body, string? type, string? encoding, string? version) =>
        receiver.ReceiveAsync(Center.Id, type, encoding, version, body.Length, new MemoryStream(body), simulated: false, TestContext.CancellationToken);

    private static byte[] Request(string[] symbols, params byte[][] series) => [.. symbols.SelectMany(symbol => Sent.Message(4, Encoding.UTF8.GetBytes(symbol))), .. series.SelectMany(one => one)];

    private static byte[] Series(byte[] references, params byte[][] parts) => Sent.Message(5, [.. Sent.Message(1, references), .. parts.SelectMany(part => part)]);

    private static byte[] Metadata() => Sent.Message(5, [1 << 3, 2, 3 << 3, 8]);

    private static byte[] Sample(double value, long milliseconds, byte[]? more = null)
    {
        var bits = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bits, BitConverter.DoubleToInt64Bits(value));
        var number = new List<byte>();
        for (var rest = (ulong)milliseconds; ; rest >>= 7)
        {
            number.Add((byte)(rest >= 0x80 ? rest | 0x80 : rest));
            if (rest < 0x80)
            {
                break;
            }
        }

        return Sent.Message(2, [.. value == 0 ? [] : (byte[])[(1 << 3) | 1, .. bits], 2 << 3, .. number, .. more ?? []]);
    }
}
