using System.Text;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Ingest.Formats.Records;
using Headroom.Ingest.Formats.Records.Slurm;

namespace Headroom.Ingest.Tests.Records;

[TestClass]
public sealed class SacctFormatTests
{
    private const string Header = "JobIDRaw|JobID|User|Account|Partition|QOS|Cluster|State|Submit|Eligible|Start|End|TimelimitRaw|NNodes|NodeList|ReqTRES|AllocTRES|JobName\n";

    [TestMethod]
    public void Read_EveryShapeOfJob_IsWhatItWas()
    {
        var read = Of(
            "1|1|games|nlp|gpu|normal|lab|COMPLETED|2026-11-21T19:00:00|2026-11-21T19:00:05|2026-11-21T19:01:00|2026-11-21T19:02:00|10|1|gpu1|cpu=4,gres/gpu=4|billing=4,cpu=4,gres/gpu:a100=4,gres/gpu=4|train\n"
            + "1.batch|1.batch||nlp|||lab|COMPLETED|2026-11-21T19:01:00|2026-11-21T19:01:00|2026-11-21T19:01:00|2026-11-21T19:02:00||1|gpu1||cpu=4,gres/gpu:a100=4,gres/gpu=4|batch\n"
            + "7|7|backup|vision|gpu|normal|lab|CANCELLED by 0|2026-11-21T19:00:00|2026-11-21T19:00:00|None|2026-11-21T19:05:00|10|1|None assigned|cpu=1,gres/gpu=2||gone\n"
            + "9|9|games|nlp|gpu|high|lab|REQUEUED|2026-11-21T19:00:00|2026-11-21T19:00:00|2026-11-21T19:01:00|2026-11-21T19:03:00|10|1|gpu1|gres/gpu=1|gres/gpu:a100=1,gres/gpu=1|again\n"
            + "9|9|games|nlp|gpu|high|lab|RUNNING|2026-11-21T19:03:00|2026-11-21T19:05:00|2026-11-21T19:06:00|Unknown|10|1|gpu1|gres/gpu=1|gres/gpu:a100=1,gres/gpu=1|again\n"
            + "3|3_[5-6,9%2]|games|nlp|gpu|normal|lab|PENDING|2026-11-21T19:00:00|2026-11-21T19:00:01|Unknown|Unknown|UNLIMITED|1|None assigned|gres/gpu=1||sweep\n"
            + "13|3_1|games|nlp|gpu|normal|lab|TIMEOUT|2026-11-21T19:00:00|2026-11-21T19:00:01|2026-11-21T19:00:02|2026-11-21T19:10:02|10|1|gpu1|gres/npu:910b=2,gres/npu:310=1|gres/npu:910b=2,gres/npu:310=1|sweep\n"
            + "17|17+1|games|nlp|gpu|normal|lab|NODE_FAIL|2026-11-21T19:00:00|2026-11-21T19:00:00|2026-11-21T19:00:00|2026-11-21T19:00:09|10|1|gpu1|gres/gpu=8|gres/gpu=8,gres/npu=4|het\n"
            + "21|21|games|nlp|gpu|normal|lab|CANCELLED by 1000|2026-11-21T19:00:00|2026-11-21T19:00:00|2026-11-21T19:00:03|2026-11-21T19:00:03|10|1|None assigned|gres/gpu=2||quick\n"
            + "11|11|games|nlp|gpu|normal|lab|CANCELLED|2026-11-21T19:00:00|Unknown|None|2026-11-21T19:00:07|10|1|None assigned|gres/gpu=2||never\n");

        CollectionAssert.AreEqual(
            new[]
            {
                "1 nlp x4 Completed | 19:00:00 19:00:05 19:01:00 19:02:00 | - a100 normal",
                "7 vision x2 Cancelled | 19:00:00 19:00:00 - 19:05:00 | - - normal",
                "9 nlp x1 Requeued | 19:00:00 19:00:00 19:01:00 19:03:00 | - a100 high",
                "9 nlp x1 Running | 19:03:00 19:05:00 19:06:00 - | - a100 high",
                "3_5 nlp x1 Pending | 19:00:00 19:00:01 - - | - - normal",
                "3_6 nlp x1 Pending | 19:00:00 19:00:01 - - | - - normal",
                "3_9 nlp x1 Pending | 19:00:00 19:00:01 - - | - - normal",
                "3_1 nlp x3 Timeout | 19:00:00 19:00:01 19:00:02 19:10:02 | - - normal",
                "17+1 nlp x12 NodeFail | 19:00:00 19:00:00 19:00:00 19:00:09 | - - normal",
                "21 nlp x2 Cancelled | 19:00:00 19:00:00 - 19:00:03 | - - normal",
                "11 nlp x2 Cancelled | 19:00:00 19:00:07 - 19:00:07 | - - normal",
            },
            read.Jobs());
        Assert.AreEqual((9L, 0L), (read.Rejects.Accepted, read.Rejects.Rejected), "steps belong to their job");
        Assert.AreEqual(600_000_000, read.Facts.Jobs[0].Requested);
        Assert.IsNull(read.Facts.Jobs[4].Requested);
    }

    [TestMethod]
    [DataRow("train bert", "games/train bert")]
    [DataRow("训练", "games/训练")]
    [DataRow("wrap", null)]
    [DataRow("interactive", null)]
    [DataRow("????", null)]
    [DataRow("", null)]
    public void Read_JobName_IsTheOwnersAndNullWhereItSaysNothing(string name, string? expected) => Assert.AreEqual(
        expected,
        Of($"7|7|games|nlp|gpu|normal|lab|CANCELLED|2026-11-21T19:00:00|2026-11-21T19:00:00|None|2026-11-21T19:05:00|10|1|None assigned|gres/gpu=2||{name}\n").Facts.Jobs.Single().Name);

    [TestMethod]
    public void Read_HeldJob_IsToldAndIsNoDemand()
    {
        var read = Of("10|10|games|nlp|gpu|normal|lab|PENDING|2026-11-21T19:00:00|Unknown|Unknown|Unknown|10|1|None assigned|gres/gpu=8||held\n");

        Assert.IsEmpty(read.Facts.Jobs);
        Assert.AreEqual(1, read.Rejects.Accepted);
        Assert.AreEqual(MessageCode.JobsHeld, read.Notices.Single().Code);
    }

    [TestMethod]
    public void Read_JobWithoutCards_TakesNodesWhereTheCenterCountsThem()
    {
        const string row = "5|5|games|nlp|debug|normal|lab|COMPLETED|2026-11-21T19:00:00|2026-11-21T19:00:00|2026-11-21T19:01:00|2026-11-21T19:02:00|1|3|cpu[1-3]|cpu=1|cpu=1|cpu-only\n";

        var none = Of(row);
        Assert.IsEmpty(none.Facts.Jobs);
        Assert.AreEqual(MessageCode.JobsWithoutCards, none.Notices.Single().Code);

        var nodes = Of(row, RecordText.Source with { Pools = [RecordText.Pool("ai"), RecordText.Pool("hpc", hasGauge: false)] });
        Assert.AreEqual("5 nlp x3 Completed | 19:00:00 19:00:00 19:01:00 19:02:00 | hpc - normal", nodes.Jobs().Single());
    }

    [TestMethod]
    public void Read_JobThatHoldsAllCardsOfItsHosts_NamesThem()
    {
        var source = RecordText.Source with { Hosts = RecordText.Hosts(("gpu01", "a"), ("gpu01", "b"), ("gpu02", "c"), ("gpu02", "d")) };
        const string row = "1|1|games|nlp|gpu|normal|lab|RUNNING|2026-11-21T19:00:00|2026-11-21T19:00:00|2026-11-21T19:01:00|Unknown|1|2|gpu[01-02]|gres/gpu={0}|gres/gpu={0}|x\n";

        CollectionAssert.AreEqual(new[] { "a", "b", "c", "d" }, Of(row.Replace("{0}", "4", StringComparison.Ordinal), source).Facts.Jobs.Single().DeviceIds.Select(id => id.Value).ToArray());
        Assert.IsEmpty(Of(row.Replace("{0}", "3", StringComparison.Ordinal), source).Facts.Jobs.Single().DeviceIds, "three of four: nobody says which");
    }

    [TestMethod]
    [DataRow("x", DisplayName = "delimiter of its own")]
    [DataRow("|", DisplayName = "bars at the ends of lines")]
    public void Read_OtherDelimiters_SaysTheSame(string kind)
    {
        const string row = "1|1|games|nlp|gpu|normal|lab|COMPLETED|1795287600|1795287600|1795287660|1795287720|10|1|vm|gres/gpu=4|gres/gpu=4|seg\n";
        var text = kind == "x" ? (Header + row).Replace('|', '\x1f') : (Header + row).Replace("\n", "|\n", StringComparison.Ordinal);

        var read = RecordText.Of("jobs", "sacct", text, RecordText.Source with { Zone = null });

        Assert.AreEqual("1 nlp x4 Completed | 19:00:00 19:00:00 19:01:00 19:02:00 | - - normal", read.Jobs().Single());
    }

    [TestMethod]
    public void Read_BarInAName_IsMended()
    {
        const string row = "1|1|games|nlp|gpu|normal|lab|COMPLETED|1795287600|1795287600|1795287660|1795287720|10|1|vm|gres/gpu=4|gres/gpu=4|seg|pipe| name\n";
        Assert.HasCount(1, Of(row).Facts.Jobs);
        Assert.AreEqual("f:2 Malformed ", RecordText.Of("jobs", "sacct", Header.Replace("JobName", "JobName|Comment", StringComparison.Ordinal) + row).RejectTexts().Single(), "two free texts: nobody knows whose bar it is");
    }

    [TestMethod]
    public void Read_Latin1CarriageReturnsAndMark_AreNoObstacle()
    {
        var bytes = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true).GetPreamble()
            .Concat(Encoding.Latin1.GetBytes((Header + "1|1|jos\u00e9|f\u00edsica|gpu|normal|lab|COMPLETED|1795287600|1795287600|1795287660|1795287720|10|1|vm|gres/gpu=4|gres/gpu=4|simulaci\u00f3n\n").Replace("\n", "\r\n", StringComparison.Ordinal)))
            .ToArray();

        Assert.AreEqual("f\u00edsica", RecordText.Of("jobs", "sacct", bytes).Facts.Jobs.Single().Tenant.Value);
    }

    [TestMethod]
    [DataRow("1|1|u|a|p|q|c|COMPLETED|1795287600|1795287600|1795287660|Unknown|1|1|vm|gres/gpu=1|gres/gpu=1|n", RejectReason.MissingCell, "End", DisplayName = "job without end")]
    [DataRow("1|1|u|a|p|q|c|COMPLETED|1795287600|1795287600|1795287660|1795287650|1|1|vm|gres/gpu=1|gres/gpu=1|n", RejectReason.Backwards, "End", DisplayName = "ends before it starts")]
    [DataRow("1|1|u|a|p|q|c|SLEEPING|1795287600|1795287600|1795287660|1795287650|1|1|vm|gres/gpu=1|gres/gpu=1|n", RejectReason.UnknownWord, "State", DisplayName = "state")]
    [DataRow("1|1|u|a|p|q|c|COMPLETED|soon|1795287600|1795287660|1795287650|1|1|vm|gres/gpu=1|gres/gpu=1|n", RejectReason.BadTime, "Submit", DisplayName = "time")]
    [DataRow("1|1|u|a|p|q|c|COMPLETED|1795287600|1795287600|1795287660|1795287670|1|1|vm|gres/gpu=many|gres/gpu=1|n", RejectReason.NotANumber, "ReqTRES", DisplayName = "TRES")]
    [DataRow("1|3_[1-99999999]|u|a|p|q|c|PENDING|1795287600|1795287600|Unknown|Unknown|1|1|vm|gres/gpu=1||n", RejectReason.Malformed, "JobID", DisplayName = "an array without bound")]
    [DataRow("1|1|u|a|p|q", RejectReason.Malformed, null, DisplayName = "half a line")]
    public void Read_BadRow_IsRejectedWithReason(string row, RejectReason reason, string? column)
    {
        var read = Of(row + "\n");
        Assert.IsEmpty(read.Facts.Jobs);
        Assert.AreEqual((reason, column, "f:2"), (read.Rejects.Rows.Single().Reason, read.Rejects.Rows[0].Column, read.Rejects.Rows[0].Place));
    }

    [TestMethod]
    public void Read_LocalTimesWithoutZone_AreRefused() =>
        Assert.AreEqual(
            MessageCode.ZoneMissing,
            Assert.ThrowsExactly<UserException>(() => Of("1|1|u|a|p|q|c|COMPLETED|2026-11-21T19:00:00|Unknown|None|None|1|1|vm|||n\n", RecordText.Source with { Zone = null })).Messages[0].Code);

    [TestMethod]
    [DataRow("gpu[01-03,07],cpu1", "gpu01 gpu02 gpu03 gpu07 cpu1", DisplayName = "ranges and names")]
    [DataRow("rack[1-2]n[08-10]", "rack1n08 rack1n09 rack1n10 rack2n08 rack2n09 rack2n10", DisplayName = "two brackets")]
    [DataRow("vm", "vm", DisplayName = "one")]
    [DataRow("a[1-3", null, DisplayName = "open bracket")]
    [DataRow("a]", null, DisplayName = "close bracket")]
    [DataRow("a[3-1]", null, DisplayName = "backwards")]
    [DataRow("a[1-9999999]", null, DisplayName = "too many")]
    [DataRow("a[1-300]b[1-300]c[1-300]", null, DisplayName = "too many together")]
    public void TryExpand_Hostlist_IsItsHosts(string list, string? hosts)
    {
        Assert.AreEqual(hosts is not null, Hostlist.TryExpand(list, out var found));
        Assert.AreEqual(hosts ?? "", string.Join(' ', found));
    }

    [TestMethod]
    public void Read_RealAccounting_IsTheDocumentedJobs()
    {
        var bytes = Places.Shared("sacct.psv");
        Assert.AreEqual("sacct", RecordFormats.Guess("jobs", bytes)!.Name);

        var read = RecordText.Of("jobs", "sacct", bytes);

        Assert.AreEqual(0, read.Rejects.Rejected, string.Join('\n', read.RejectTexts()));
        CollectionAssert.IsSubsetOf(
            new[]
            {
                "1 nlp x4 Completed | 19:05:45 19:05:45 19:05:46 19:05:54 | - a100 normal",
                "2 vision x1 Failed | 19:05:45 19:05:45 19:05:46 19:05:49 | - a100 normal",
                "4 nlp x2 Completed | 19:05:45 19:05:45 19:05:46 19:05:50 | - - normal",
                "7 vision x2 Cancelled | 19:05:45 19:05:45 - 19:05:51 | - - normal",
                "12 nlp x12 Completed | 19:05:45 19:05:45 19:07:00 19:07:05 | - a100 normal",
                "3_1 vision x1 Completed | 19:05:45 19:05:46 19:05:46 19:05:49 | - a100 normal",
                "20 vision x2 NodeFail | 19:09:08 19:09:08 19:10:00 19:10:05 | - a100 normal",
                "11 nlp x1 Cancelled | 19:05:45 19:05:52 - 19:05:52 | - - normal",
            },
            read.Jobs());
        Assert.Contains(notice => notice.Code == MessageCode.JobsHeld && notice.Arguments[0] == "1", read.Notices, "job 10 is held");
        Assert.IsTrue(read.Facts.Jobs.GroupBy(job => (job.Cluster, job.JobId, job.Submitted)).All(group => group.Count() == 1), "one row per run");
    }

    private static RecordText Of(string rows, RecordSource? source = null) => RecordText.Of("jobs", "sacct", Header + rows, source);
}
