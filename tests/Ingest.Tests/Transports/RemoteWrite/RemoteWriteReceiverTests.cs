using System.Text;
using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Ingest.Transports.RemoteWrite;
using Headroom.Storage;
using Headroom.Storage.Sqlite;
using IronSnappy;

namespace Headroom.Ingest.Tests.Transports.RemoteWrite;

[TestClass]
public sealed class RemoteWriteReceiverTests
{
    // 2026-11-21T19:07:20.433Z, the time of the captured bodies.
    private const long At = 1_795_288_040_433;
    private static readonly CenterDefinition Center = CenterDefinition.NewDraft(new("t"));
    private static readonly RemoteWriteOptions Options = new() { Clock = new StandingClock((At + 60_000) * 1_000) };

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public async Task ReceiveAsync_CapturedBody_HasItsTwoCardsAndAZeroThatIsNotOnTheWire()
    {
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, Center, Options);
        var answer = await Sent.SendAsync(receiver, Places.Shared("remote_write_capture.bin"), TestContext.CancellationToken);
        Assert.AreEqual((204, 2L, 2L), (answer.Status, answer.Report!.Accepted, answer.Report.New));
        CollectionAssert.AreEqual(
            new[] { ("GPU-11111111-d9cf-fef3-62e9-d92044ab6e52", At * 1_000, 0), ("GPU-604ac76c-d9cf-fef3-62e9-d92044ab6e52", At * 1_000, 970_000) },
            store.Samples.Select(pair => (pair.Key.Device, pair.Key.Instant, pair.Value[0])).ToArray());
        CollectionAssert.AreEqual(new[] { "node01", "node01" }, store.Devices.Select(device => device.Host).ToArray());
    }

    [TestMethod]
    public async Task ReceiveAsync_CapturedStaleMarker_IsARowWithoutUtilization()
    {
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, Center, Options);
        await Sent.SendAsync(receiver, Places.Shared("remote_write_capture.bin"), TestContext.CancellationToken);
        var answer = await Sent.SendAsync(receiver, Places.Shared("remote_write_capture_stale.bin"), TestContext.CancellationToken);
        Assert.AreEqual((204, 2L, 0L), (answer.Status, answer.Report!.Accepted, answer.Report.Received - answer.Report.Accepted));
        Assert.AreEqual(TelemetryMetrics.Missing, store.Samples[("GPU-11111111-d9cf-fef3-62e9-d92044ab6e52", (At + 8_000) * 1_000)][0]);
        Assert.AreEqual(970_000, store.Samples[("GPU-604ac76c-d9cf-fef3-62e9-d92044ab6e52", (At + 8_000) * 1_000)][0]);
    }

    [TestMethod]
    public async Task ReceiveAsync_CapturedMetadata_IsTakenAndStoresNothing()
    {
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, Center, Options);
        var answer = await Sent.SendAsync(receiver, Places.Shared("remote_write_capture_metadata.bin"), TestContext.CancellationToken);
        Assert.AreEqual((204, 0), (answer.Status, store.Notes.Count));
    }

    [TestMethod]
    [DataRow("application/x-protobuf", "snappy", "0.1.0", 204, DisplayName = "Prometheus 2.42")]
    [DataRow("application/x-protobuf;proto=prometheus.WriteRequest", "snappy", "0.1.0", 204, DisplayName = "Prometheus 3")]
    [DataRow("application/x-protobuf", "Snappy", null, 204, DisplayName = "no version")]
    [DataRow("application/json", "snappy", "0.1.0", 415, DisplayName = "JSON")]
    [DataRow(null, "snappy", "0.1.0", 415, DisplayName = "no type")]
    [DataRow("application/x-protobuf", "gzip", "0.1.0", 415, DisplayName = "gzip")]
    [DataRow("application/x-protobuf", null, "0.1.0", 415, DisplayName = "no encoding")]
    public async Task ReceiveAsync_Headers_DecideBeforeTheBody(string? type, string? encoding, string? version, int status)
    {
        using var receiver = Sent.Receiver(new FakeStore(), Center, Options);
        using var body = new MemoryStream(Sent.Body(Card("GPU-0", 50)));
        var answer = await receiver.ReceiveAsync(Center.Id, type, encoding, version, body.Length, body, simulated: false, TestContext.CancellationToken);
        Assert.AreEqual((status, status != 204), (answer.Status, answer.Problem is not null));
    }

    [TestMethod]
    public async Task ReceiveAsync_UnknownCenter_IsNotFound()
    {
        using var receiver = Sent.Receiver(new FakeStore(), Center, Options);
        var answer = await Sent.SendAsync(receiver, Sent.Body(Card("GPU-0", 50)), TestContext.CancellationToken, "nowhere");
        Assert.AreEqual(404, answer.Status);
        Assert.AreEqual("nowhere", answer.Problem!.Arguments[0]);
    }

    [TestMethod]
    public void ReceiveAsync_GigabyteDeclared_IsTooLargeAndNeverAllocated()
    {
        using var receiver = Sent.Receiver(new FakeStore(), Center, Options);
        byte[] body = [0x80, 0x80, 0x80, 0x80, 0x04, 0, 0, 0];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var answer = Sent.SendAsync(receiver, body, TestContext.CancellationToken);
        Assert.IsTrue(answer.IsCompletedSuccessfully, "nothing to wait for, so all of it ran on this thread");
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.AreEqual(413, answer.Result.Status);
        Assert.AreEqual((MessageCode.BodyUnpacksTooLarge, "1073741824"), (answer.Result.Problem!.Code, answer.Result.Problem.Arguments[0]));
        Assert.IsLessThan(256 * 1_024, allocated);
    }

    [TestMethod]
    [DataRow(true, false, DisplayName = "declared by the sender")]
    [DataRow(false, true, DisplayName = "said by a series")]
    public async Task ReceiveAsync_SimulatedSource_MarksWhatItBrings(bool declared, bool said)
    {
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, Center, Options);
        using var body = new MemoryStream(Sent.Body(said ? [new("headroom_simulated", [], 1, At), Card("GPU-0", 50)] : [Card("GPU-0", 50)]));
        var answer = await receiver.ReceiveAsync(Center.Id, Sent.ContentType, "snappy", "0.1.0", body.Length, body, declared, TestContext.CancellationToken);
        Assert.AreEqual(204, answer.Status);
        Assert.IsTrue(store.Notes.Single().Simulated);
    }

    [TestMethod]
    [DataRow(new byte[] { 0xE8, 0x07 }, DisplayName = "1,000 bytes declared by 2")]
    [DataRow(new byte[] { 0xC0, 0xC5, 0x97, 0x06, 0, 0, 0, 0 }, DisplayName = "12 MB declared by 8 bytes")]
    [DataRow(new byte[] { }, DisplayName = "nothing")]
    [DataRow(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, DisplayName = "a length without end")]
    [DataRow(new byte[] { 0x04, 0x0C, 1, 2 }, DisplayName = "a literal that is cut")]
    [DataRow(new byte[] { 0x04, 0x01, 0x00 }, DisplayName = "a copy of nothing")]
    public async Task ReceiveAsync_CorruptSnappy_IsRefusedForGood(byte[] body)
    {
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, Center, Options);
        var answer = await Sent.SendAsync(receiver, body, TestContext.CancellationToken);
        Assert.AreEqual((400, 0), (answer.Status, store.Notes.Count));
        Assert.AreEqual(MessageCode.BodyNotSnappy, answer.Problem!.Code);
    }

    [TestMethod]
    public async Task ReceiveAsync_CorruptProtobufBehindGoodSeries_StoresNothing()
    {
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, Center, Options);
        byte[] content = [.. Sent.Content(Card("GPU-0", 50)), (1 << 3) | 2, 100, 1];
        var answer = await Sent.SendAsync(receiver, Snappy.Encode(content), TestContext.CancellationToken);
        Assert.AreEqual((400, 0), (answer.Status, store.Notes.Count));
        Assert.AreEqual(MessageCode.BodyNotWriteRequest, answer.Problem!.Code);
    }

    [TestMethod]
    [DataRow(true, DisplayName = "declared")]
    [DataRow(false, DisplayName = "not declared")]
    public async Task ReceiveAsync_BodyOverTheCap_IsTooLarge(bool declared)
    {
        using var receiver = Sent.Receiver(new FakeStore(), Center, Options with { LargestBody = 100_000 });
        var body = new byte[200_000];
        body[0] = 10;
        using var stream = new MemoryStream(body);
        var answer = await receiver.ReceiveAsync(Center.Id, Sent.ContentType, "snappy", "0.1.0", declared ? body.Length : null, stream, simulated: false, TestContext.CancellationToken);
        Assert.AreEqual(413, answer.Status);
        Assert.AreEqual(!declared, stream.Position > 0);
    }

    [TestMethod]
    public async Task ReceiveAsync_UnknownFieldsAndOtherMetrics_ArePassedOver()
    {
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, Center, Options);
        byte[] unknown = [.. Sent.Message(9, [1, 2, 3]), (12 << 3) | 5, 1, 2, 3, 4];
        byte[] content = [.. unknown, .. Sent.Content(Card("GPU-0", 50), new("up", [("instance", "n1:9400")], 1, At), new("", [], 1, At)), .. unknown];
        var answer = await Sent.SendAsync(receiver, Snappy.Encode(content), TestContext.CancellationToken);
        Assert.AreEqual((204, 1L), (answer.Status, answer.Report!.Received));
        Assert.AreEqual(500_000, store.Samples.Values.Single()[0]);
    }

    [TestMethod]
    public async Task ReceiveAsync_SeveralSamplesOfASeries_AreSeveralRows()
    {
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, Center, Options);
        var series = Card("GPU-0", 50) with { Samples = [(50, At), (60, At + 1_000), (150, At + 2_000), (70, At + 40_000_000)] };
        var answer = await Sent.SendAsync(receiver, Sent.Body(series), TestContext.CancellationToken);
        Assert.AreEqual((204, 4L, 2L), (answer.Status, answer.Report!.Received, answer.Report.Accepted));
        CollectionAssert.AreEqual(new[] { (RejectReason.Future, 1L), (RejectReason.OutOfRange, 1L) }, answer.Report.Rejected.ToArray());
        CollectionAssert.AreEqual(new[] { 500_000, 600_000, TelemetryMetrics.Missing }, store.Samples.Values.Select(values => values[0]).ToArray());
    }

    [TestMethod]
    public async Task ReceiveAsync_TimesOutOfAllRange_AreCountedAndStoreNothing()
    {
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, Center, Options);
        var series = Card("GPU-0", 50) with { Samples = [(1, long.MaxValue), (1, long.MinValue), (1, 0), (1, 1_606_402_000)] };
        var answer = await Sent.SendAsync(receiver, Sent.Body(series), TestContext.CancellationToken);
        Assert.AreEqual((204, 4L, 0L), (answer.Status, answer.Report!.Received, answer.Report.Accepted));
        Assert.IsEmpty(store.Samples);
    }

    [TestMethod]
    public async Task ReceiveAsync_StoreThatFails_IsToBeSentAgainAndThenWhole()
    {
        var store = new FakeStore { FailAtAppend = 1 };
        using var receiver = Sent.Receiver(store, Center, Options);
        var body = Sent.Body(Card("GPU-0", 50));
        var failed = await Sent.SendAsync(receiver, body, TestContext.CancellationToken);
        Assert.AreEqual((503, Options.RetryAfter), (failed.Status, failed.RetryAfter));
        Assert.Contains("No space left", failed.Problem!.Arguments[0], StringComparison.Ordinal);
        store.BatchRows.Add(0);
        var again = await Sent.SendAsync(receiver, body, TestContext.CancellationToken);
        Assert.AreEqual((204, 1L), (again.Status, again.Report!.New));
    }

    [TestMethod]
    public async Task ReceiveAsync_MoreRequestsThanPlaces_AreToComeAgain()
    {
        using var receiver = Sent.Receiver(new FakeStore(), Center, Options with { MostAtOnce = 1, LongestWait = TimeSpan.FromMilliseconds(20) });
        using var slow = new SlowStream();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(TestContext.CancellationToken);
        var first = receiver.ReceiveAsync(Center.Id, Sent.ContentType, "snappy", "0.1.0", null, slow, simulated: false, gone.Token);
        var second = await Sent.SendAsync(receiver, Sent.Body(Card("GPU-0", 50)), TestContext.CancellationToken);
        Assert.AreEqual((503, Options.RetryAfter), (second.Status, second.RetryAfter));
        await gone.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => first);
        Assert.AreEqual(204, (await Sent.SendAsync(receiver, Sent.Body(Card("GPU-0", 50)), TestContext.CancellationToken)).Status);
    }

    [TestMethod]
    public async Task ReceiveAsync_Replay_ChangesNothing()
    {
        using var folder = new TestFolder();
        await using var store = await SqliteStore.OpenAsync(new() { Path = folder.File() }, Options.Clock, TestContext.CancellationToken);
        var body = Sent.Body(Card("GPU-0", 50), Card("GPU-1", 0), new("DCGM_FI_DEV_POWER_USAGE", [("UUID", "GPU-1"), ("instance", "n1:9400")], 88.5, At));
        string first;
        using (var receiver = Sent.Receiver(store, Center, Options))
        {
            Assert.AreEqual((2L, 0L, 0L), Stored(await Sent.SendAsync(receiver, body, TestContext.CancellationToken)));
            first = await store.ContentHashAsync(TestContext.CancellationToken);
            Assert.AreEqual((0L, 2L, 0L), Stored(await Sent.SendAsync(receiver, body, TestContext.CancellationToken)));
        }

        using var restarted = Sent.Receiver(store, Center, Options);
        Assert.AreEqual((0L, 2L, 0L), Stored(await Sent.SendAsync(restarted, body, TestContext.CancellationToken)));
        Assert.AreEqual(first, await store.ContentHashAsync(TestContext.CancellationToken));
    }

    [TestMethod]
    [DataRow(new byte[] { 2 << 3 | 2, 100, 1 }, 400, DisplayName = "a sample that is longer than the series")]
    [DataRow(new byte[] { 2 << 3 | 2, 3, 1 << 3 | 1, 0, 0 }, 400, DisplayName = "half a value")]
    [DataRow(new byte[] { 2 << 3 | 2, 2, 2 << 3, 0xFF }, 400, DisplayName = "half a time")]
    [DataRow(new byte[] { 0xFF }, 400, DisplayName = "half a tag")]
    [DataRow(new byte[] { 9 << 3, 1 }, 204, DisplayName = "a field that nobody knows")]
    public async Task ReceiveAsync_KnownSeriesWithSomethingBehind_IsReadToItsEnd(byte[] behind, int status)
    {
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, Center, Options);
        var sound = Sent.Content(Card("GPU-0", 50), Card("GPU-1", 50));
        await Sent.SendAsync(receiver, Snappy.Encode(sound), TestContext.CancellationToken);
        await Sent.SendAsync(receiver, Snappy.Encode(sound), TestContext.CancellationToken);

        var last = Sent.Content(Card("GPU-1", 70))[2..];
        byte[] content = [.. Sent.Content(Card("GPU-0", 60)), .. Sent.Message(1, [.. last, .. behind])];
        var answer = await Sent.SendAsync(receiver, Snappy.Encode(content), TestContext.CancellationToken);

        Assert.AreEqual((status, status == 204), (answer.Status, store.Notes.Count > 2));
    }

    [TestMethod]
    public async Task ReceiveAsync_ReadingsOfLongAgo_LeaveNothingInLaterRows()
    {
        var (store, clock) = (new FakeStore(), new StandingClock((At + 60_000) * 1_000));
        using var receiver = Sent.Receiver(store, Center, Options with { Clock = clock });
        await Sent.SendAsync(receiver, Sent.Body(Card("GPU-0", 50), new("DCGM_FI_DEV_POWER_USAGE", [("UUID", "GPU-0"), ("instance", "n1:9400")], 88.5, At)), TestContext.CancellationToken);
        for (var minute = 3; minute < 12; minute += 3)
        {
            clock.Now += 3 * 60_000_000L;
            await Sent.SendAsync(receiver, Sent.Body(Card("GPU-1", 70) with { Samples = [(70, At + (minute * 60_000))] }), TestContext.CancellationToken);
        }

        Assert.HasCount(4, store.Samples);
        CollectionAssert.AreEqual(new[] { 700_000, TelemetryMetrics.Missing, TelemetryMetrics.Missing, TelemetryMetrics.Missing }, store.Samples[("GPU-1", (At + 540_000) * 1_000)]);
    }

    [TestMethod]
    public async Task ReceiveAsync_OutOfOrder_IsTaken()
    {
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, Center, Options);
        foreach (var offset in (int[])[2_000, 0, 1_000])
        {
            var answer = await Sent.SendAsync(receiver, Sent.Body(Card("GPU-0", 50) with { Samples = [(50, At + offset)] }), TestContext.CancellationToken);
            Assert.AreEqual((204, 1L), (answer.Status, answer.Report!.New));
        }
    }

    [TestMethod]
    [DataRow("n1:9400", "n1", DisplayName = "the port is no part of a host")]
    [DataRow("n1", "n1", DisplayName = "no port")]
    [DataRow("[::1]:9400", "[::1]", DisplayName = "IPv6")]
    [DataRow("fe80::1", "fe80::1", DisplayName = "IPv6 without port")]
    [DataRow("10.0.0.9:8082", "rack-9", DisplayName = "a target of the center file that declares its host")]
    [DataRow("10.0.0.7:8082", "10.0.0.7:8082", DisplayName = "two targets on one machine")]
    public async Task ReceiveAsync_Instance_NamesTheHostAsAScrapeWould(string instance, string host)
    {
        static ScrapeTarget Target(string name, string url, string? host) => new(name, new(url), null, host, 1_000_000);
        var center = Center with
        {
            Targets = [Target("a", "http://10.0.0.9:8082/metrics", "rack-9"), Target("b", "http://10.0.0.7:8082/metrics", null), Target("c", "http://10.0.0.7:8083/metrics", null)],
        };
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, center, Options);
        await Sent.SendAsync(receiver, Sent.Body(new SentSeries("npu_chip_info_utilization", [("id", "3"), ("instance", instance)], 10, At)), TestContext.CancellationToken);
        Assert.AreEqual((host, $"3@{host}"), (store.Devices.Single().Host, store.Devices.Single().Id));
    }

    [TestMethod]
    public async Task ReceiveAsync_RandomBytes_NeverThrows()
    {
        var random = new Random(11);
        var store = new FakeStore();
        using var receiver = Sent.Receiver(store, Center, Options);
        var good = Sent.Content(Card("GPU-0", 50), new("DCGM_FI_PROF_GR_ENGINE_ACTIVE", [("GPU_I_ID", "1"), ("GPU_I_PROFILE", "3g.40gb"), ("UUID", "GPU-0")], 0.5, At));
        var packed = Snappy.Encode(good);
        for (var run = 0; run < 6_000; run++)
        {
            var body = (run % 3) switch
            {
                0 => Noise(random, random.Next(80)),
                1 => Damaged(random, packed),
                _ => Snappy.Encode(Damaged(random, good)),
            };
            var answer = await Sent.SendAsync(receiver, body, TestContext.CancellationToken);
            Assert.IsTrue(answer.Status is 204 or 400 or 413, $"{answer.Status} {answer.Problem}: {Convert.ToHexString(body)}");
        }
    }

    private static SentSeries Card(string id, double percent) => new("DCGM_FI_DEV_GPU_UTIL", [("UUID", id), ("gpu", "0"), ("instance", "n1:9400")], percent, At);

    private static (long New, long Duplicates, long Conflicts) Stored(RemoteWriteAnswer answer) => (answer.Report!.New, answer.Report.Duplicates, answer.Report.Conflicts);

    private static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Damaged(Random random, byte[] good)
    {
        var damaged = (byte[])good.Clone();
        for (var hit = random.Next(4); hit >= 0; hit--)
        {
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
        }

        return damaged[..(damaged.Length - random.Next(3))];
    }

    private sealed class SlowStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
