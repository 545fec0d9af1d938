using System.IO.Compression;
using System.Text;
using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Catalogs;

namespace Headroom.Ingest.Tests.Transports;

[TestClass]
public sealed class FileIngestTests
{
    private const string Header = "timestamp,card,host,partition,utilization,memory_used_mib,power_w,temperature_c\n";
    private static readonly CenterDefinition Center = CenterDefinition.NewDraft(new("test"));

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public async Task FilesAsync_ManyRows_AreDurableInBatchesAndAcknowledgedWithOffsets()
    {
        var path = Write("a.csv", Rows(2_500));
        var (store, acknowledged) = (new FakeStore(), new List<Acknowledgement>());
        var report = await Ingest(store, [path], new() { RowsPerBatch = 1_000, Acknowledged = acknowledged.Add });
        Assert.AreEqual((2_500L, 2_500L, 2_500L), (report.Received, report.Accepted, report.New));
        Assert.AreEqual(2_500, acknowledged.Sum(a => a.Rows));
        Assert.AreEqual(new FileInfo(path).Length, acknowledged[^1].Offset);
        CollectionAssert.AreEqual(acknowledged.Select(a => a.Offset).Order().ToArray(), acknowledged.Select(a => a.Offset).ToArray());
        Assert.IsTrue(acknowledged.All(a => a.File == path));
        CollectionAssert.AreEqual(acknowledged.Select(a => (int)a.Rows).ToArray(), store.BatchRows.ToArray());
        Assert.AreEqual((MessageCode.FormatGuessed, "csv"), (report.Notices[0].Code, report.Notices[0].Arguments[0]));
    }

    [TestMethod]
    public async Task FilesAsync_LargeFile_MakesBatchesOfAboutTheSizeAsked()
    {
        var store = new FakeStore();
        await Ingest(store, [Write("big.csv", Rows(60_000))], new() { RowsPerBatch = 20_000 });
        Assert.AreEqual(60_000, store.Samples.Count);
        Assert.IsTrue(store.BatchRows.All(rows => rows < 30_000), string.Join(' ', store.BatchRows));
    }

    [TestMethod]
    public async Task FilesAsync_GzipUnderAnyName_IsTheSameContent()
    {
        var (plain, packed) = (new FakeStore(), new FakeStore());
        await Ingest(plain, [Write("p.csv", Rows(300))], new());
        var report = await Ingest(packed, [WriteGzip("p.bin", Rows(300))], new());
        Assert.AreEqual(300, report.New);
        CollectionAssert.AreEqual(plain.Samples.Keys.ToArray(), packed.Samples.Keys.ToArray());
    }

    [TestMethod]
    public async Task FilesAsync_DamagedGzip_IsUnreadableAndWhatWasDurableStays()
    {
        var path = WriteGzip("d.gz", Rows(60_000));
        var bytes = await File.ReadAllBytesAsync(path, TestContext.CancellationToken);
        bytes.AsSpan(bytes.Length / 2, 2_000).Fill(0x5A);
        await File.WriteAllBytesAsync(path, bytes, TestContext.CancellationToken);
        var store = new FakeStore();
        var problem = await Assert.ThrowsExactlyAsync<UserException>(() => Ingest(store, [path], new() { RowsPerBatch = 1_000 }));
        Assert.AreEqual((MessageCode.FileUnreadable, path), (problem.Messages[0].Code, problem.Messages[0].Place));
        Assert.IsNotEmpty(store.Samples);
    }

    [TestMethod]
    public async Task FilesAsync_GzipCutShort_IsUnreadable()
    {
        var path = WriteGzip("s.gz", Rows(20_000));
        var bytes = await File.ReadAllBytesAsync(path, TestContext.CancellationToken);
        await File.WriteAllBytesAsync(path, bytes[..(bytes.Length / 2)], TestContext.CancellationToken);
        var problem = await Assert.ThrowsExactlyAsync<UserException>(() => Ingest(new FakeStore(), [path], new()));
        Assert.AreEqual(MessageCode.FileUnreadable, problem.Messages[0].Code);
    }

    [TestMethod]
    public async Task FilesAsync_KilledAndReplayed_LosesNothingAndDoublesNothing()
    {
        var path = Write("k.csv", Rows(20_000));
        var acknowledged = new List<Acknowledgement>();
        var failing = new FakeStore { FailAtAppend = 3 };
        await Assert.ThrowsExactlyAsync<IOException>(() => Ingest(failing, [path], new() { RowsPerBatch = 2_000, Acknowledged = acknowledged.Add }));
        Assert.AreEqual(acknowledged.Sum(a => a.Rows), failing.Samples.Count);

        var replayed = new FakeStore();
        await Ingest(replayed, [path], new());
        var again = await Ingest(replayed, [path], new());
        Assert.AreEqual((20_000, 0L, 20_000L, 0L), (replayed.Samples.Count, again.New, again.Duplicates, again.Conflicts));
    }

    // METRICS F7: 175 good cards and one sample of 218322032: 1 rejected, its time unknown.
    [TestMethod]
    public async Task FilesAsync_F7_RejectsOneAndTellsOnce()
    {
        var text = new StringBuilder("timestamp,card,utilization\n");
        for (var card = 0; card < 176; card++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"2026-03-01T00:00:15Z,c{card:000},{(card == 9 ? "218322032" : "17.8")}\n");
        }

        var store = new FakeStore();
        var path = Write("f7.csv", text.ToString());
        var report = await Ingest(store, [path], new());
        Assert.AreEqual((176L, 175L, 176), (report.Received, report.Accepted, store.Samples.Count));
        CollectionAssert.AreEqual(new[] { (RejectReason.OutOfRange, 1L) }, report.Rejected.ToArray());
        var told = report.Notices.Single(n => n.Code == MessageCode.RowRejected);
        Assert.AreEqual(path + ":11", told.Place);
        CollectionAssert.AreEqual(new[] { "out_of_range", "1", "c009", "utilization", "218322032" }, told.Arguments.ToArray());
        Assert.AreSame(store.Notes[0].Rejects!.Rows[0], report.Examples[0]);
    }

    [TestMethod]
    public async Task FilesAsync_PageOfAnExporter_NeedsTimeAndTellsUnknownModels()
    {
        var path = Write("page.prom", "DCGM_FI_DEV_GPU_UTIL{gpu=\"0\",UUID=\"GPU-0\",modelName=\"NVIDIA Z9\"} 50\n");
        var missing = await Assert.ThrowsExactlyAsync<UserException>(() => Ingest(new FakeStore(), [path], new()));
        Assert.AreEqual(MessageCode.TimeMissing, missing.Messages[0].Code);

        var store = new FakeStore();
        var report = await Ingest(store, [path], new() { At = 1_772_323_200_000_000, Host = "h9", Catalog = CardCatalogFile.Load(Places.Data("card-models.csv")) });
        var told = report.Notices.Single(n => n.Code == MessageCode.ModelNotInCatalog);
        CollectionAssert.AreEqual(new[] { "NVIDIA Z9", "1", "GPU-0" }, told.Arguments.ToArray());
        Assert.AreEqual("h9", store.Devices.Single().Host);
        Assert.AreEqual(("GPU-0", 1_772_323_200_000_000), store.Samples.Keys.Single());
    }

    [TestMethod]
    public async Task FilesAsync_WhatAUserCanMend_HasItsCode()
    {
        async Task<UserMessage> Problem(string path, IngestOptions options) =>
            (await Assert.ThrowsExactlyAsync<UserException>(() => Ingest(new FakeStore(), [path], options))).Messages.Single();

        var csv = Write("ok.csv", Rows(1));
        Assert.AreEqual(MessageCode.FileMissing, (await Problem(csv + ".no", new())).Code);
        Assert.AreEqual(MessageCode.FileUnreadable, (await Problem(Path.GetDirectoryName(csv)!, new())).Code);
        Assert.AreEqual(MessageCode.FormatUnknown, (await Problem(csv, new() { Format = "excel" })).Code);
        Assert.AreEqual(MessageCode.FormatUnknown, (await Problem(Write("x.txt", "hello\n"), new())).Code);
        Assert.AreEqual(MessageCode.ZoneUnknown, (await Problem(csv, new() { Zone = "Mars/Olympus" })).Code);
        Assert.AreEqual(MessageCode.ZoneMissing, (await Problem(Write("z.csv", "timestamp,card,utilization\n2026-03-01 00:00:00,c,1\n"), new())).Code);
        Assert.AreEqual(MessageCode.ColumnMissing, (await Problem(Write("c.csv", "timestamp,card,util\n1,c,1\n"), new())).Code);
    }

    [TestMethod]
    public async Task StreamAsync_SourceThatPauses_IsDurableMeanwhile()
    {
        var pipe = new System.IO.Pipelines.Pipe();
        var (store, durable) = (new FakeStore(), new TaskCompletionSource<Acknowledgement>());
        await using var content = pipe.Reader.AsStream();
        var options = new IngestOptions { Format = "csv", LongestPause = TimeSpan.FromMilliseconds(20), Acknowledged = a => durable.TrySetResult(a) };
        var ingest = TelemetryIngest.StreamAsync(store, Center, content, "-", options, openMetrics: false, TestContext.CancellationToken);
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes("timestamp,card,utilization\n1772323200,a,1\n17723"), TestContext.CancellationToken);
        Assert.AreEqual(new Acknowledgement(1, "-", 42), await durable.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.CancellationToken));
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes("23215,a,2\n"), TestContext.CancellationToken);
        await pipe.Writer.CompleteAsync();
        Assert.AreEqual(2, (await ingest).New);
    }

    [TestMethod]
    public async Task FilesAsync_IgnoredColumns_AreTold()
    {
        var path = Write("i.csv", "timestamp,card,utilization,rack\n1772323200,c,1,r\n");
        var told = (await Ingest(new FakeStore(), [path], new())).Notices.Single(n => n.Code == MessageCode.ColumnsIgnored);
        CollectionAssert.AreEqual(new[] { "1", "rack" }, told.Arguments.ToArray());
    }

    [TestMethod]
    public async Task RecordFilesAsync_JobsGzip_AreOneDurableBatch()
    {
        const string jobs = "cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state\nc,1,t,2026-03-01T00:00:00Z,2026-03-01T01:00:00Z,,2,RUNNING\nc,2,t,bad,,,1,PENDING\n";
        var (store, acknowledged) = (new FakeStore(), new List<Acknowledgement>());
        var path = WriteGzip("jobs.csv.gz", jobs);
        var report = await RecordIngest.FilesAsync(store, Center, "jobs", [path], new() { Acknowledged = acknowledged.Add }, TestContext.CancellationToken);
        Assert.AreEqual((2L, 1L, 2L), (report.Received, report.Accepted, report.New));
        Assert.AreEqual(new Acknowledgement(2, path, jobs.Length), acknowledged.Single());
        Assert.IsTrue(report.Notices.Any(n => n.Code == MessageCode.OpenJobsWithoutTime));
        Assert.AreEqual("jobs", store.Notes.Single().Format);
    }

    [TestMethod]
    public async Task RecordFilesAsync_UnknownModel_IsTold()
    {
        var path = Write("inv.csv", "card,model,event,from\nc1,Ascend 910A,installed,2026-01-01T00:00:00Z\nc2,Mystery,installed,2026-01-01T00:00:00Z\n");
        var report = await RecordIngest.FilesAsync(
            new FakeStore(), Center, "inventory", [path], new() { Catalog = CardCatalogFile.Load(Places.Data("card-models.csv")) }, TestContext.CancellationToken);
        CollectionAssert.AreEqual(new[] { "Mystery", "1", "c2" }, report.Notices.Single(n => n.Code == MessageCode.ModelNotInCatalog).Arguments.ToArray());
        var unknown = await Assert.ThrowsExactlyAsync<UserException>(() =>
            RecordIngest.FilesAsync(new FakeStore(), Center, "meters", [path], new(), TestContext.CancellationToken));
        Assert.AreEqual(MessageCode.FormatUnknown, unknown.Messages[0].Code);
    }

    private Task<IngestReport> Ingest(FakeStore store, string[] files, IngestOptions options) =>
        TelemetryIngest.FilesAsync(store, Center, files, options, TestContext.CancellationToken);

    private static string Rows(int count)
    {
        var text = new StringBuilder(Header);
        for (var row = 0; row < count; row++)
        {
            text.Append(Instants.ToText(1_772_323_200_000_000 + (row / 10 * 15_000_000L)))
                .Append(System.Globalization.CultureInfo.InvariantCulture, $",npu-{row % 10},h,ai,{row % 101},{row % 32768},{100 + (row % 7)}.{row % 10},{row % 90}\n");
        }

        return text.ToString();
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(Folder(), name);
        File.WriteAllText(path, text);
        return path;
    }

    private string WriteGzip(string name, string text)
    {
        var path = Path.Combine(Folder(), name);
        using var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        packed.Write(Encoding.UTF8.GetBytes(text));
        return path;
    }

    private string Folder() => Directory.CreateDirectory(Path.Combine(TestContext.TestRunDirectory ?? Path.GetTempPath(), "ingest", TestContext.TestName!)).FullName;
}
