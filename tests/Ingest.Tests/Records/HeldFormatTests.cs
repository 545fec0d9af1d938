using Headroom.Domain.Facts;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Tests.Records;

/// <summary>Allocations, counts and meters: our own tables.</summary>
[TestClass]
public sealed class HeldFormatTests
{
    public const string Allocations = "card,from,to,tenant,job_id,kind,share\n";
    public const string Counts = "hour,tenant,installed,allocated,queued,pool\n";
    public const string Meter = "meter,scope,from,to,kwh\n";

    [TestMethod]
    public void Read_Allocations_AreFactsAndTwoFeeds()
    {
        var read = RecordText.Of("allocations", "csv", Allocations
            + "c-1,2026-03-01T00:00:00Z,2026-03-01T08:00:00Z,lab,j-7,job,\n"
            + "c-1,2026-03-01T08:00:00+08:00,,lab,,JOB,0.428571\n"
            + "c-2,2026-03-01T00:00:00Z,2027-03-01T00:00:00Z,city,K-3,contract,1\n");

        CollectionAssert.AreEqual(
            new[]
            {
                new AllocationFact(new("c-1"), new(RecordText.At("2026-03-01T00:00:00Z"), RecordText.At("2026-03-01T08:00:00Z")), new("lab"), "j-7", AllocationKind.Job, 1_000_000),
                new AllocationFact(new("c-1"), new(RecordText.At("2026-03-01T00:00:00Z"), Instants.Never), new("lab"), null, AllocationKind.Job, 428_571),
                new AllocationFact(new("c-2"), new(RecordText.At("2026-03-01T00:00:00Z"), RecordText.At("2027-03-01T00:00:00Z")), new("city"), "K-3", AllocationKind.Contract, 1_000_000),
            },
            read.Facts.Allocations.ToArray());
        CollectionAssert.AreEqual(
            new[]
            {
                new FeedCoverage("allocations", new(RecordText.At("2026-03-01T00:00:00Z"), RecordText.Now)),
                new FeedCoverage("contracts", new(RecordText.At("2026-03-01T00:00:00Z"), Instants.Never)),
            },
            read.Facts.Coverage.ToArray());
    }

    [TestMethod]
    public void Read_Counts_AreDeviceMicrosecondsOfTheHour()
    {
        var read = RecordText.Of("counts", "csv", Counts + "2026-03-01T00:00:00Z,lab,64,58.317,0.5,\n2026-03-01T01:00:00Z,lab,,3,,ai\n");

        CollectionAssert.AreEqual(
            new[]
            {
                new CountFact(RecordText.At("2026-03-01T00:00:00Z"), new("lab"), null, 64 * Micros.PerHour, 209_941_200_000, Micros.PerHour / 2),
                new CountFact(RecordText.At("2026-03-01T01:00:00Z"), new("lab"), new("ai"), null, 3 * Micros.PerHour, null),
            },
            read.Facts.Counts.ToArray());
        Assert.IsEmpty(read.Facts.Coverage);
    }

    [TestMethod]
    public void Read_Meter_IsMillijoules()
    {
        var read = RecordText.Of("meter", "csv", Meter + "main,facility,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,1200.5\nrow-1,IT,2026-03-01T00:00:00Z,2026-03-01T01:00:00Z,0\n");

        CollectionAssert.AreEqual(
            new[]
            {
                new MeterFact("main", MeterScope.Facility, new(RecordText.At("2026-03-01T00:00:00Z"), RecordText.At("2026-03-02T00:00:00Z")), 4_321_800_000_000),
                new MeterFact("row-1", MeterScope.It, new(RecordText.At("2026-03-01T00:00:00Z"), RecordText.At("2026-03-01T01:00:00Z")), 0),
            },
            read.Facts.Meters.ToArray());
    }

    [TestMethod]
    [DataRow("allocations", ",2026-03-01T00:00:00Z,,t,,job,1", RejectReason.NoDevice, "card", DisplayName = "no card")]
    [DataRow("allocations", "c,,,t,,job,1", RejectReason.MissingCell, "from", DisplayName = "no beginning")]
    [DataRow("allocations", "c,2026-03-01T00:00:00Z,2026-03-01T00:00:00Z,t,,job,1", RejectReason.Backwards, "to", DisplayName = "no time at all")]
    [DataRow("allocations", "c,2027-03-01T00:00:00Z,,t,,job,1", RejectReason.Future, "from", DisplayName = "a job next year")]
    [DataRow("allocations", "c,2026-03-01T00:00:00Z,,,,job,1", RejectReason.MissingCell, "tenant", DisplayName = "no tenant")]
    [DataRow("allocations", "c,2026-03-01T00:00:00Z,,t,,loan,1", RejectReason.UnknownWord, "kind", DisplayName = "kind")]
    [DataRow("allocations", "c,2026-03-01T00:00:00Z,,t,,job,1.5", RejectReason.OutOfRange, "share", DisplayName = "more than a card")]
    [DataRow("allocations", "c,2026-03-01T00:00:00Z,,t,,job,0", RejectReason.OutOfRange, "share", DisplayName = "nothing of a card")]
    [DataRow("allocations", "c,2026-03-01T00:00:00Z,,t,,job,3g", RejectReason.NotANumber, "share", DisplayName = "share in words")]
    [DataRow("counts", "2026-03-01T00:10:00Z,t,1,1,1,", RejectReason.BadTime, "hour", DisplayName = "ten past")]
    [DataRow("counts", ",t,1,1,1,", RejectReason.MissingCell, "hour", DisplayName = "no hour")]
    [DataRow("counts", "2026-03-01T00:00:00Z,,1,1,1,", RejectReason.MissingCell, "tenant", DisplayName = "nobody")]
    [DataRow("counts", "2026-03-01T00:00:00Z,t,1,,1,", RejectReason.MissingCell, "allocated", DisplayName = "not counted at all")]
    [DataRow("counts", "2026-03-01T00:00:00Z,t,1,-1,1,", RejectReason.OutOfRange, "allocated", DisplayName = "fewer than none")]
    [DataRow("counts", "2026-03-01T00:00:00Z,t,1,1,NaN,", RejectReason.NotANumber, "queued", DisplayName = "NaN")]
    [DataRow("counts", "2027-03-01T00:00:00Z,t,1,1,1,", RejectReason.Future, "hour", DisplayName = "next year")]
    [DataRow("meter", ",it,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,1", RejectReason.MissingCell, "meter", DisplayName = "no meter")]
    [DataRow("meter", "m,rack,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,1", RejectReason.UnknownWord, "scope", DisplayName = "scope")]
    [DataRow("meter", "m,it,2026-03-02T00:00:00Z,2026-03-01T00:00:00Z,1", RejectReason.Backwards, "to", DisplayName = "ends before it begins")]
    [DataRow("meter", "m,it,2026-03-01T00:00:00Z,,1", RejectReason.MissingCell, "to", DisplayName = "no end")]
    [DataRow("meter", "m,it,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z,-1", RejectReason.OutOfRange, "kwh", DisplayName = "below zero")]
    public void Read_BadRow_IsRejectedWithReasonAndColumn(string kind, string line, RejectReason reason, string column)
    {
        var header = kind switch { "allocations" => Allocations, "counts" => Counts, _ => Meter };
        var read = RecordText.Of(kind, "csv", header + line + "\n");

        Assert.AreEqual(0, read.Facts.Count);
        Assert.AreEqual((reason, column, "f:2"), (read.Rejects.Rows.Single().Reason, read.Rejects.Rows[0].Column, read.Rejects.Rows[0].Place));
    }
}
