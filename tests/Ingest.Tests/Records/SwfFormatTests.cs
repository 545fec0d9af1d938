using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Ingest.Formats.Records;

namespace Headroom.Ingest.Tests.Records;

[TestClass]
public sealed class SwfFormatTests
{
    private const string Begin = "; UnixStartTime: 1795287600\n; Queue: 1 [batch] first\n; Partition: 2 ai\n";

    [TestMethod]
    public void Read_EveryStatus_IsWhatTheFormatSays()
    {
        var read = Of(Begin
            + "1  0  60 120   4 552.21 -1   4 600 -1 1 7 1 -1  1  2 -1 -1\n"
            + "2 10  -1  -1  -1  -1 -1   8 600 -1 0 7 1 -1 -1 -1 -1 -1\n"
            + "3 20  30   0   2  -1 -1   2 600 -1 5 8 1 -1 -1 -1 -1 -1\n"
            + "4 30   0  50   2  -1 -1   2 600 -1 3 8 1 -1 -1 -1 -1 -1\n"
            + "5 40   5  -1   2  -1 -1   2 600 -1 -1 8 1 -1 -1 -1 -1 -1\n"
            + "6 50   0  10   1  -1 -1   1  -1 -1 0 -1 1 -1 -1 -1 -1 -1\n");

        CollectionAssert.AreEqual(
            new[]
            {
                "1 u7 x4 Completed | 19:00:00 - 19:01:00 19:03:00 | - - batch",
                "3 u8 x2 Cancelled | 19:00:20 - - 19:00:50 | - - -",
                "6 unknown x1 Failed | 19:00:50 - 19:00:50 19:01:00 | - - -",
            },
            read.Jobs());
        CollectionAssert.AreEqual(new[] { "f:5 MissingCell run", "f:8 MissingCell run" }, read.RejectTexts());
        Assert.AreEqual((4L, 6L), (read.Rejects.Accepted, read.Rejects.Received), "a part of a job is in the line of the whole");
    }

    [TestMethod]
    public void Read_LookAlike_WithHeaderTabsAndAbsoluteTimes_IsRead() =>
        Assert.AreEqual(
            "1 u7 x4 Completed | 19:00:00 - 19:01:00 19:03:00 | - - -",
            Of("job\tsubmit\twait\n1\t1795287600\t60\t120\t4\t-1\t-1\t4\t600\t-1\t1\t7\t1\t-1\t-1\t-1\t-1\t-1\t99\n").Jobs().Single());

    // Found by fuzzing: its magnitude does not fit.
    [TestMethod]
    public void Read_LeastBeginningThereIs_IsNone() =>
        Assert.ThrowsExactly<Headroom.Domain.Messages.UserException>(() => RecordText.Of("jobs", "swf", "; UnixStartTime: -9223372036854775808\n1 0 60 120 4 -1 -1 4 600 -1 1 7 1 -1 1 2 -1 -1\n", RecordText.Source with { At = null }));

    [TestMethod]
    public void Read_LogWithoutItsBeginning_NeedsOneSaid()
    {
        const string row = "1 0 60 120 4 -1 -1 4 600 -1 1 7 1 -1 -1 -1 -1 -1\n";
        Assert.AreEqual(MessageCode.TimeMissing, Assert.ThrowsExactly<UserException>(() => RecordText.Of("jobs", "swf", row, RecordText.Source with { At = null })).Messages[0].Code);
        Assert.HasCount(1, RecordText.Of("jobs", "swf", row, RecordText.Source with { At = RecordText.At("2026-11-21T00:00:00Z") }).Facts.Jobs);
    }

    [TestMethod]
    public void Read_RealLog_IsTheDocumentedJobs()
    {
        var bytes = Places.Shared("sample.swf");
        Assert.AreEqual("swf", RecordFormats.Guess("jobs", bytes)!.Name);

        var read = RecordText.Of("jobs", "swf", bytes);

        Assert.AreEqual(47, read.Rejects.Received);
        Assert.AreEqual(read.Rejects.Rejected, read.RejectTexts().Count(text => text.EndsWith("MissingCell run", StringComparison.Ordinal)), "run -1 with status -1");
        var first = read.Facts.Jobs[0];
        Assert.AreEqual((1_027_839_845L * 1_000_000, 308_434L, 31_405L, 30), (first.Submitted, (first.Started!.Value - first.Submitted) / 1_000_000, (first.Ended!.Value - first.Started.Value) / 1_000_000, first.Devices));
        Assert.IsTrue(read.Facts.Jobs.All(job => job.State == JobState.Completed || job.Ended is not null));
    }

    private static RecordText Of(string text) => RecordText.Of("jobs", "swf", text);
}
