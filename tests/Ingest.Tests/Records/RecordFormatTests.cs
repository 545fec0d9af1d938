using System.Text;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Records;

namespace Headroom.Ingest.Tests.Records;

[TestClass]
public sealed class RecordFormatTests
{
    private const string JobsHeader = "cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state,pool,eligible_utc,card_ids,priority,preemptible,requested_s,attempt_of,revision,name\n";
    private const string RequestsHeader = "request_id,center,tenant,pool,cards,submitted,wanted_from,wanted_to,state,decided,reason,probability,model,gang,priority,kind,applicant_id,revision\n";
    private static readonly long Now = At("2026-11-21T00:00:00Z");

    [TestMethod]
    public void Read_FinishedJob_HasEveryField()
    {
        var (facts, rejects, notices) = Read("jobs", JobsHeader
            + "c1,42,nlp,2026-03-01T00:00:00Z,2026-03-01T08:10:00+08:00,1772330400,4,COMPLETED,ai,2026-03-01T00:05:00Z,npu-1;npu-2,high,true,7200,41,3,train bert\n");
        var job = facts.Jobs.Single();
        Assert.AreEqual(
            new JobFact("c1", "42", new("nlp"), At("2026-03-01T00:00:00Z"), At("2026-03-01T00:05:00Z"), At("2026-03-01T00:10:00Z"), At("2026-03-01T02:00:00Z"), 4, JobState.Completed, new("ai"), null, [new("npu-1"), new("npu-2")], "high", true, 7_200_000_000, "41") { Revision = 3, Name = "train bert" },
            job);
        Assert.AreEqual(new FeedCoverage("jobs", new(At("2026-03-01T00:00:00Z"), At("2026-03-01T02:00:00Z"))), facts.Coverage.Single());
        Assert.AreEqual((1L, 0L), (rejects.Accepted, rejects.Rejected));
        Assert.IsEmpty(notices);
    }

    [TestMethod]
    public void Read_OpenJobs_AreCoveredUntilTheLastInstantOfTheLogAndSaidSo()
    {
        const string text = JobsHeader + "c1,1,t,2026-03-01T00:00:00Z,2026-03-01T00:00:00Z,,1,RUNNING\nc1,2,t,2026-03-01T01:00:00Z,,,1,PENDING\n";
        var (facts, _, notices) = Read("jobs", text);
        Assert.AreEqual(At("2026-03-01T01:00:00Z"), facts.Coverage.Single().Valid.Until);
        Assert.AreEqual((MessageCode.OpenJobsWithoutTime, "2", "2026-03-01T01:00:00Z"), (notices.Single().Code, notices[0].Arguments[0], notices[0].Arguments[1]));

        var (said, _, none) = Read("jobs", text, new RecordSource("f", Now) { At = At("2026-03-02T00:00:00Z") });
        Assert.AreEqual(At("2026-03-02T00:00:00Z"), said.Coverage.Single().Valid.Until);
        Assert.IsEmpty(none);
    }

    [TestMethod]
    [DataRow("c,1,t,2026-03-01T00:00:00Z,,,1,SLEEPING", RejectReason.UnknownWord, "state", DisplayName = "state")]
    [DataRow("c,1,t,2026-03-01T00:00:00Z,2026-03-01T02:00:00Z,2026-03-01T01:00:00Z,1,FAILED", RejectReason.Backwards, "end_utc", DisplayName = "end before start")]
    [DataRow("c,1,t,2026-03-01T00:00:00Z,2026-02-01T02:00:00Z,,1,RUNNING", RejectReason.Backwards, "start_utc", DisplayName = "start before submit")]
    [DataRow("c,1,t,2026-03-01T00:00:00Z,,,0,PENDING", RejectReason.OutOfRange, "cards", DisplayName = "no cards")]
    [DataRow("c,1,t,2026-03-01T00:00:00Z,,,two,PENDING", RejectReason.NotANumber, "cards", DisplayName = "cards in words")]
    [DataRow("c,1,t,2026-03-01T00:00:00Z,,,1.5,PENDING", RejectReason.NotANumber, "cards", DisplayName = "half a card")]
    [DataRow("c,,t,2026-03-01T00:00:00Z,,,1,PENDING", RejectReason.MissingCell, "job_id", DisplayName = "no id")]
    [DataRow("c,1,t,,,,1,PENDING", RejectReason.MissingCell, "submit_utc", DisplayName = "never submitted")]
    [DataRow("c,1,t,yesterday,,,1,PENDING", RejectReason.BadTime, "submit_utc", DisplayName = "time in words")]
    [DataRow("c,1,t,1606402,,,1,PENDING", RejectReason.Ancient, "submit_utc", DisplayName = "1970")]
    [DataRow("c,1,t,2027-03-01T00:00:00Z,,,1,PENDING", RejectReason.Future, "submit_utc", DisplayName = "next year")]
    [DataRow("c,1,t,2026-03-01T00:00:00Z,2026-03-01T00:00:00Z,,1,COMPLETED", RejectReason.MissingCell, "end_utc", DisplayName = "over without an end")]
    [DataRow("c,1,t,2026-03-01T00:00:00Z,,,1,RUNNING", RejectReason.MissingCell, "start_utc", DisplayName = "runs without a start")]
    [DataRow("c,1,t,2026-03-01T00:00:00Z,,,1,PENDING,,,,,maybe", RejectReason.UnknownWord, "preemptible", DisplayName = "flag")]
    [DataRow("c,\"1\"x,t,2026-03-01T00:00:00Z,,,1,PENDING", RejectReason.Malformed, null, DisplayName = "text behind a quote")]
    public void Read_BadJob_IsRejectedWithReasonAndPlace(string line, RejectReason reason, string? column)
    {
        var (facts, rejects, _) = Read("jobs", JobsHeader + "c,0,t,2026-03-01T00:00:00Z,,,1,PENDING\n" + line + "\n");
        Assert.HasCount(1, facts.Jobs);
        var row = rejects.Rows.Single();
        Assert.AreEqual((reason, column, "f:3"), (row.Reason, row.Column, row.Place));
        Assert.AreEqual(2, rejects.Received);
    }

    [TestMethod]
    [DataRow("2026-03-01T01:00:00Z,2026-03-01T02:00:00Z", JobState.Unknown, DisplayName = "over")]
    [DataRow("2026-03-01T01:00:00Z,", JobState.Running, DisplayName = "started")]
    [DataRow(",", JobState.Pending, DisplayName = "waits")]
    public void Read_StateNotKnown_IsWhatTheInstantsSay(string times, JobState expected) =>
        Assert.AreEqual(expected, Read("jobs", JobsHeader + $"c,1,t,2026-03-01T00:00:00Z,{times},1,UNKNOWN\n").Facts.Jobs.Single().State);

    [TestMethod]
    public void Read_LogOfTheNineties_IsTaken() =>
        Assert.AreEqual(749_458_803_000_000, Read("jobs", JobsHeader + "nasa,1,u1,749458803,749458803,749460254,128,UNKNOWN\n").Facts.Jobs.Single().Submitted);

    [TestMethod]
    public void Read_CancelledBySomeone_IsCancelled() =>
        Assert.AreEqual(JobState.Cancelled, Read("jobs", JobsHeader + "c,1,t,2026-03-01T00:00:00Z,,2026-03-01T01:00:00Z,1,CANCELLED by 1001\n").Facts.Jobs.Single().State);

    [TestMethod]
    public void Read_JobsWithoutZone_AsksForTheZone()
    {
        var message = Assert.ThrowsExactly<UserException>(() => Read("jobs", JobsHeader + "c,1,t,2026-03-01T00:00:00,,,1,PENDING\n")).Messages.Single();
        Assert.AreEqual((MessageCode.ZoneMissing, "f:2"), (message.Code, message.Place));
        var source = new RecordSource("f", Now) { Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai") };
        Assert.AreEqual(At("2026-02-28T16:00:00Z"), Read("jobs", JobsHeader + "c,1,t,2026-03-01T00:00:00,,,1,PENDING\n", source).Facts.Jobs.Single().Submitted);
    }

    [TestMethod]
    public void Read_WrongColumns_SaysWhichAreMissing()
    {
        var message = Assert.ThrowsExactly<UserException>(() => Read("jobs", "cluster,job,tenant,submit_utc,start_utc,end_utc,cards,status\n")).Messages.Single();
        Assert.AreEqual((MessageCode.ColumnMissing, "f:1", "job_id, state"), (message.Code, message.Place, message.Arguments[0]));
    }

    [TestMethod]
    public void Read_Inventory_HasDatedFacts()
    {
        var (facts, rejects, _) = Read("inventory", """
            card,host,slot,model,pool,event,from,to,reason,rack
            npu-1,h1,0,Ascend 910A,ai,installed,2021-05-31T00:00:00+08:00,,,r1
            npu-1,h1,0,,,maintenance,2027-01-01T00:00:00Z,2027-01-02T00:00:00Z,firmware,
            npu-2,,,,,exploded,2026-01-01T00:00:00Z,,,
            ,,,,,down,2026-01-01T00:00:00Z,,,
            npu-3,,,,,down,,,,
            npu-4,,,,,down,2026-01-02T00:00:00Z,2026-01-01T00:00:00Z,,

            """);
        CollectionAssert.AreEqual(
            new[]
            {
                new InventoryFact(new("npu-1"), InventoryEvent.Installed, new(At("2021-05-30T16:00:00Z"), Instants.Never), "h1", "0", "Ascend 910A", new("ai"), null),
                new InventoryFact(new("npu-1"), InventoryEvent.Maintenance, new(At("2027-01-01T00:00:00Z"), At("2027-01-02T00:00:00Z")), "h1", "0", null, null, "firmware"),
            },
            facts.Inventory.ToArray());
        CollectionAssert.AreEqual(
            new[] { "f:4 npu-2 UnknownWord event", "f:5  NoDevice card", "f:6 npu-3 MissingCell from", "f:7 npu-4 Backwards to" },
            rejects.Rows.Select(r => $"{r.Place} {r.Device} {r.Reason} {r.Column}").ToArray());
        CollectionAssert.AreEqual(new[] { "rack" }, rejects.IgnoredColumns.ToArray());
    }

    [TestMethod]
    public void Read_Request_HasEveryField()
    {
        var (facts, rejects, _) = Read("requests", RequestsHeader
            + "R-1,wuhan,nlp,ai,64,2026-03-01T00:00:00Z,2027-01-01T08:00:00+08:00,2027-06-01T00:00:00Z,APPROVED,2026-03-02T00:00:00Z,,0.75,Ascend 910A,16,high,training,A-7,2\n"
            + "R-2,,city,,8,2026-03-01T00:00:00Z,,,pending,,,\n");

        Assert.AreEqual((2L, 0L), (rejects.Accepted, rejects.Rejected));
        CollectionAssert.AreEqual(
            new[]
            {
                new RequestFact("R-1", new("nlp"), new("ai"), 64, At("2026-03-01T00:00:00Z"), At("2027-01-01T00:00:00Z"), At("2027-06-01T00:00:00Z"), RequestState.Approved, At("2026-03-02T00:00:00Z"), null, 0.75, "Ascend 910A", 16, "high", "training", "A-7") { Revision = 2 },
                new RequestFact("R-2", new("city"), null, 8, At("2026-03-01T00:00:00Z"), null, null, RequestState.Pending, null, null, null, null, null, null, null, null),
            },
            facts.Requests.ToArray());
        Assert.IsEmpty(facts.Coverage);
    }

    [TestMethod]
    [DataRow("R,qingdao,t,ai,1,2026-03-01T00:00:00Z,,,PENDING,,,", RejectReason.OtherCenter, "center", DisplayName = "another center")]
    [DataRow(",wuhan,t,ai,1,2026-03-01T00:00:00Z,,,PENDING,,,", RejectReason.MissingCell, "request_id", DisplayName = "no id")]
    [DataRow("R,wuhan,t,ai,0,2026-03-01T00:00:00Z,,,PENDING,,,", RejectReason.OutOfRange, "cards", DisplayName = "no cards")]
    [DataRow("R,wuhan,t,ai,1,2026-03-01T00:00:00Z,,,MAYBE,,,", RejectReason.UnknownWord, "state", DisplayName = "state")]
    [DataRow("R,wuhan,t,ai,1,2026-03-01T00:00:00Z,2026-04-02T00:00:00Z,2026-04-01T00:00:00Z,PENDING,,,", RejectReason.Backwards, "wanted_to", DisplayName = "ends before it begins")]
    [DataRow("R,wuhan,t,ai,1,2026-03-01T00:00:00Z,,,REJECTED,,no capacity,0", RejectReason.MissingCell, "decided", DisplayName = "refused on no day")]
    [DataRow("R,wuhan,t,ai,1,2026-03-01T00:00:00Z,,,REJECTED,2026-02-01T00:00:00Z,,0", RejectReason.Backwards, "decided", DisplayName = "decided before it was asked")]
    [DataRow("R,wuhan,t,ai,1,2026-03-01T00:00:00Z,,,APPROVED,2027-02-01T00:00:00Z,,", RejectReason.Future, "decided", DisplayName = "decided next year")]
    [DataRow("R,wuhan,t,ai,1,2026-03-01T00:00:00Z,,,PENDING,,,30", RejectReason.OutOfRange, "probability", DisplayName = "percent")]
    [DataRow("R,wuhan,t,ai,1,2026-03-01T00:00:00Z,,,PENDING,,,high", RejectReason.NotANumber, "probability", DisplayName = "probability in words")]
    public void Read_BadRequest_IsRejectedWithReasonAndColumn(string line, RejectReason reason, string column)
    {
        var (facts, rejects, _) = Read("requests", RequestsHeader + line + "\n", new RecordSource("f", Now) { Center = new("wuhan") });

        Assert.IsEmpty(facts.Requests);
        Assert.AreEqual((reason, column, "f:2"), (rejects.Rows.Single().Reason, rejects.Rows[0].Column, rejects.Rows[0].Place));
    }

    [TestMethod]
    [DataRow("jobs")]
    [DataRow("inventory")]
    [DataRow("requests")]
    [DataRow("allocations")]
    [DataRow("counts")]
    [DataRow("meter")]
    public void Read_RandomRows_AreAllCounted(string format)
    {
        var header = format switch
        {
            "jobs" => JobsHeader,
            "requests" => RequestsHeader,
            "allocations" => HeldFormatTests.Allocations,
            "counts" => HeldFormatTests.Counts,
            "meter" => HeldFormatTests.Meter,
            _ => "card,host,slot,model,pool,event,from,to,reason\n",
        };
        var random = new Random(23);
        string[] cells = ["", "1", "-1", "x", "COMPLETED", "down", "2026-03-01T00:00:00Z", "2026-03-01", "1e9", "\"", "\"a,b\"", "中", "\0", "99999999999999999999"];
        for (var run = 0; run < 500; run++)
        {
            var rows = random.Next(1, 6);
            var text = new StringBuilder(header);
            for (var row = 0; row < rows; row++)
            {
                text.AppendJoin(',', Enumerable.Range(0, random.Next(2, 14)).Select(_ => cells[random.Next(cells.Length)])).Append('\n');
            }

            var (facts, rejects, _) = Read(format, text.ToString(), new RecordSource("f", Now) { Zone = TimeZoneInfo.Utc });
            Assert.AreEqual(rows, rejects.Received);
            Assert.AreEqual(rejects.Accepted, facts.Count - facts.Coverage.Length);
        }
    }

    private static (FactBatch Facts, RejectCounts Rejects, List<UserMessage> Notices) Read(string format, string text, RecordSource? source = null)
    {
        var (rejects, notices) = (new RejectCounts(), new List<UserMessage>());
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return (RecordFormats.Find(format)!.Read(content, source ?? new("f", Now), rejects, notices), rejects, notices);
    }

    private static long At(string text) => Instants.From(DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
}
