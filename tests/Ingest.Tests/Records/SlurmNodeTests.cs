using Headroom.Ingest.Formats.Records;

namespace Headroom.Ingest.Tests.Records;

[TestClass]
public sealed class SlurmNodeTests
{
    private static string Node(string state, string reason) =>
        $"NodeName=gpu01 Arch=x86_64 Gres=gpu:a100:2(S:0-1) OS=Linux 6.1 #1 SMP State={state} ThreadsPerCore=1 Partitions=ai,debug  CfgTRES=cpu=64,mem=500G,gres/gpu=2,gres/gpu:a100=2 AllocTRES= {reason}\n";

    [TestMethod]
    public void Read_NodeThatNothingElseTold_HasItsCards()
    {
        var read = Nodes(Node("MIXED", ""), RecordText.Source with { Pools = [RecordText.Pool("ai")] });

        CollectionAssert.AreEqual(new[] { "0@gpu01 Installed 00:00:00- gpu01/0 a100ai", "1@gpu01 Installed 00:00:00- gpu01/1 a100ai" }, read.Inventory());
    }

    [TestMethod]
    [DataRow("IDLE+DRAIN", "Down", DisplayName = "drained")]
    [DataRow("DOWN*", "Down", DisplayName = "down and silent")]
    [DataRow("IDLE+MAINT", "Maintenance", DisplayName = "maintenance")]
    public void Read_NodeOutOfService_IsSinceItsReason(string state, string happened)
    {
        var source = RecordText.Source with { Hosts = RecordText.Hosts(("gpu01", "GPU-1")) };
        var read = Nodes(Node(state, "Reason=fan = loud [root@2026-11-21T19:10:05]"), source);

        Assert.AreEqual($"GPU-1 {happened} 19:10:05-00:00:00 gpu01/  fan = loud", read.Inventory().Single());
    }

    [TestMethod]
    public void Read_NodeBlocks_SayTheSameAsLines()
    {
        var line = Places.Shared("scontrol-show-node-oneline.txt");
        var block = Places.Shared("scontrol-show-node.txt");
        Assert.AreEqual("scontrol-node", RecordFormats.Guess("inventory", line)!.Name);

        var (one, other) = (RecordText.Of("inventory", "scontrol-node", line), RecordText.Of("inventory", "scontrol-node", block));

        Assert.HasCount(12, one.Facts.Inventory, "eight gpu and four npu, counted once");
        CollectionAssert.AreEqual(one.Inventory(), other.Inventory());
        Assert.AreEqual((1L, 1L), (one.Rejects.Accepted, other.Rejects.Accepted));
    }

    [TestMethod]
    public void Read_Events_AreOutagesOfEveryDeviceOfTheNode()
    {
        const string text = "Cluster|NodeName|TimeStart|TimeEnd|State|Reason|User\nlab||2026-11-21T19:04:39|Unknown||Cluster Registered TRES|\n"
            + "lab|vm|2026-11-21T19:04:40|2026-11-21T19:05:19|DOWN|fan|root(0)\nlab|vm|2026-11-21T20:04:40|Unknown|DRAIN*|disk|root(0)\nlab|other|2026-11-21T20:04:40|Unknown|DOWN|disk|root(0)\n"
            + "lab|vm|2026-11-21T19:10:05|2026-11-21T19:10:05|DOWN|test-fail|root(0)\nlab|vm|2026-11-21T19:10:05|2026-11-21T19:10:00|DOWN|back|root(0)\n";
        var read = RecordText.Of("inventory", "sacctmgr-event", text, RecordText.Source with { Hosts = RecordText.Hosts(("vm", "a"), ("vm", "b")) });

        CollectionAssert.AreEqual(
            new[] { "a Down 19:04:40-19:05:19 vm/  fan", "b Down 19:04:40-19:05:19 vm/  fan", "a Down 20:04:40- vm/  disk", "b Down 20:04:40- vm/  disk" },
            read.Inventory());
        CollectionAssert.AreEqual(new[] { "f:5 NoDevice NodeName", "f:7 Backwards TimeEnd" }, read.RejectTexts());
        Assert.AreEqual(3, read.Rejects.Accepted, "one of no length is no outage");
    }

    [TestMethod]
    public void Read_RealEvents_AreTheDocumentedOutages()
    {
        var bytes = Places.Shared("sacctmgr-events.psv");
        Assert.AreEqual("sacctmgr-event", RecordFormats.Guess("inventory", bytes)!.Name);

        var read = RecordText.Of("inventory", "sacctmgr-event", bytes, RecordText.Source with { Hosts = RecordText.Hosts(("vm", "a")) });

        Assert.AreEqual((4L, 0L), (read.Rejects.Accepted, read.Rejects.Rejected));
        CollectionAssert.AreEqual(
            new[] { "a Down 19:04:39-19:04:40 vm/  cold-start", "a Down 19:04:40-19:05:19 vm/  gres/gpu count reported lower than configured (0 < 8)", "a Down 19:05:19-19:05:31 vm/  cold-start" },
            read.Inventory());
    }

    private static RecordText Nodes(string text, Formats.Records.RecordSource source) => RecordText.Of("inventory", "scontrol-node", text, source);
}
