using Headroom.Domain.Messages;
using Headroom.Ingest.Formats.Records;

namespace Headroom.Ingest.Tests.Records;

[TestClass]
public sealed class KubernetesFormatTests
{
    [TestMethod]
    public void Read_Pods_WaitRunAndEnd()
    {
        var read = Of(List(
            Pod("waits", """ "phase":"Pending" """, """ "nvidia.com/gpu":"8" """),
            Pod("runs", """ "phase":"Running","conditions":[{"type":"PodScheduled","status":"True","lastTransitionTime":"2026-11-21T19:01:00Z"}] """, """ "huawei.com/Ascend910":4 """),
            Pod("done", """ "phase":"Succeeded","startTime":"2026-11-21T19:01:30Z","conditions":[{"type":"PodScheduled","status":"True","lastTransitionTime":"2026-11-21T19:01:00Z"}],"containerStatuses":[{"state":{"terminated":{"startedAt":"2026-11-21T19:01:40Z","finishedAt":"2026-11-21T19:09:00Z","exitCode":0}}}] """, """ "nvidia.com/mig-3g.40gb":"1","memory":"64Gi","cpu":"500m" """),
            Pod("evicted", """ "phase":"Failed","reason":"Evicted","conditions":[{"type":"PodScheduled","status":"True","lastTransitionTime":"2026-11-21T19:01:00Z"},{"type":"DisruptionTarget","status":"True","lastTransitionTime":"2026-11-21T19:05:00Z"}] """, """ "amd.com/gpu":"1" """),
            Pod("no-cards", """ "phase":"Running" """, """ "cpu":"4" """)));

        CollectionAssert.AreEqual(
            new[]
            {
                "nlp/waits nlp x8 Pending | 19:00:00 19:00:00 - - | - - high",
                "nlp/runs nlp x4 Running | 19:00:00 19:00:00 19:01:00 - | - - high",
                "nlp/done nlp x1 Completed | 19:00:00 19:00:00 19:01:00 19:09:00 | - - high",
                "nlp/evicted nlp x1 Preempted | 19:00:00 19:00:00 19:01:00 19:05:00 | - - high",
            },
            read.Jobs());
        Assert.AreEqual((4L, 0L), (read.Rejects.Accepted, read.Rejects.Rejected));
        Assert.AreEqual(RecordText.At("2026-11-21T19:05:00Z"), read.Facts.Coverage.Single().Valid.From, "what ended earlier may be deleted");
    }

    [TestMethod]
    public void Read_VolcanoJob_HasItsHistory()
    {
        const string job = """
            {"apiVersion":"batch.volcano.sh/v1alpha1","kind":"Job","metadata":{"name":"v1","namespace":"lab","creationTimestamp":"2026-11-21T19:00:00Z"},
             "spec":{"queue":"ai","priorityClassName":"gold","tasks":[{"replicas":2,"template":{"spec":{"containers":[{"resources":{"limits":{"huawei.com/Ascend910":"8"}}}]}}},{"replicas":1,"template":{"spec":{"containers":[{"resources":{}}]}}}]},
             "status":{"state":{"phase":"Completed","lastTransitionTime":"2026-11-21T20:00:00Z"},"conditions":[{"status":"Pending","lastTransitionTime":"2026-11-21T19:00:01Z"},{"status":"Running","lastTransitionTime":"2026-11-21T19:30:00Z"},{"status":"Completed","lastTransitionTime":"2026-11-21T20:00:00Z"}]}}
            """;
        const string pod = """
            {"kind":"Pod","metadata":{"name":"v1-0","namespace":"lab","creationTimestamp":"2026-11-21T19:00:02Z","ownerReferences":[{"kind":"Job","name":"v1"}]},
             "spec":{"containers":[{"resources":{"limits":{"huawei.com/Ascend910":"8"}}}]},"status":{"phase":"Running"}}
            """;
        const string group = """
            {"apiVersion":"scheduling.volcano.sh/v1beta1","kind":"PodGroup","metadata":{"name":"g1","namespace":"lab","creationTimestamp":"2026-11-21T19:00:00Z"},
             "spec":{"minMember":2,"minResources":{"huawei.com/Ascend910":"16"},"queue":"other"},"status":{"phase":"Inqueue"}}
            """;

        var read = Of(List(job, pod, group), RecordText.Source with { Pools = [RecordText.Pool("ai")] });

        CollectionAssert.AreEqual(
            new[] { "lab/v1 lab x16 Completed | 19:00:00 19:00:00 19:30:00 20:00:00 | ai - gold", "lab/g1 lab x16 Pending | 19:00:00 19:00:00 - - | - - -" },
            read.Jobs());
    }

    [TestMethod]
    [DataRow("""
        "name":"train-x7k2p","generateName":"train-"
        """, "train", DisplayName = "a tail made up by the cluster")]
    [DataRow("""
        "name":"v1-0","ownerReferences":[{"kind":"Job","name":"v1"}]
        """, "v1", DisplayName = "made for another object")]
    [DataRow("""
        "name":"bert"
        """, "bert", DisplayName = "its own")]
    public void Read_Name_IsWhatAPersonCalledIt(string metadata, string expected)
    {
        const string pod = """
            {"kind":"Pod","metadata":{METADATA,"namespace":"lab","creationTimestamp":"2026-11-21T19:00:02Z"},
             "spec":{"containers":[{"resources":{"limits":{"huawei.com/Ascend910":"8"}}}]},"status":{"phase":"Pending"}}
            """;

        Assert.AreEqual(expected, Of(List(pod.Replace("METADATA", metadata, StringComparison.Ordinal))).Facts.Jobs.Single().Name);
    }

    [TestMethod]
    public void Read_KueueWorkload_WaitsUntilItIsAdmitted()
    {
        static string Workload(string name, string spec, string status) => $$"""
            {"apiVersion":"kueue.x-k8s.io/v1beta1","kind":"Workload","metadata":{"name":"{{name}}","namespace":"lab","creationTimestamp":"2026-11-21T19:00:00Z"},
             "spec":{"queueName":"ai","podSets":[{"count":4,"template":{"spec":{"containers":[{"resources":{"requests":{"nvidia.com/gpu":"2"} } }] } } }]{{spec}} },"status":{ {{status}} } }
            """;

        var read = Of(List(
            Workload("waits", "", """ "conditions":[{"type":"QuotaReserved","status":"False","lastTransitionTime":"2026-11-21T19:00:01Z"}] """),
            Workload("held", ""","active":false""", ""),
            Workload("runs", "", """ "conditions":[{"type":"Admitted","status":"True","lastTransitionTime":"2026-11-21T19:10:00Z"}] """),
            Workload("done", "", """ "conditions":[{"type":"Admitted","status":"True","lastTransitionTime":"2026-11-21T19:10:00Z"},{"type":"Finished","status":"True","reason":"JobFailed","lastTransitionTime":"2026-11-21T19:20:00Z"}] """)));

        CollectionAssert.AreEqual(
            new[]
            {
                "lab/waits lab x8 Pending | 19:00:00 19:00:00 - - | - - -",
                "lab/runs lab x8 Running | 19:00:00 19:00:00 19:10:00 - | - - -",
                "lab/done lab x8 Failed | 19:00:00 19:00:00 19:10:00 19:20:00 | - - -",
            },
            read.Jobs());
        Assert.Contains(notice => notice.Code == MessageCode.JobsHeld, read.Notices);
    }

    [TestMethod]
    public void Read_ObjectsThatCannotBe_AreRejectedWithReason()
    {
        var read = Of(List(
            Pod("time", """ "phase":"Running","conditions":[{"type":"PodScheduled","status":"True","lastTransitionTime":"noon"}] """, """ "nvidia.com/gpu":"8" """),
            Pod("amount", """ "phase":"Pending" """, """ "nvidia.com/gpu":"many" """),
            Pod("back", """ "phase":"Running","conditions":[{"type":"PodScheduled","status":"True","lastTransitionTime":"2026-11-21T18:00:00Z"}] """, """ "nvidia.com/gpu":"8" """),
            Pod("noend", """ "phase":"Succeeded","conditions":[] """, """ "nvidia.com/gpu":"8" """)));

        CollectionAssert.AreEqual(new[] { "f:1 BadTime time", "f:2 OutOfRange resources", "f:3 Backwards start", "f:4 MissingCell end" }, read.RejectTexts());
    }

    [TestMethod]
    [DataRow("{\"kind\":\"List\",\"items\":[", MessageCode.FileUnreadable, DisplayName = "cut short")]
    [DataRow("{\"a\":1}", MessageCode.FormatUnknown, DisplayName = "another object")]
    public void Read_NoList_IsAMessage(string text, MessageCode code) =>
        Assert.AreEqual(code, Assert.ThrowsExactly<UserException>(() => Of(text)).Messages[0].Code);

    private static string List(params string[] items) => $"{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{string.Join(',', items)}]}}";

    private static string Pod(string name, string status, string limits) => $$"""
        {"kind":"Pod","metadata":{"name":"{{name}}","namespace":"nlp","creationTimestamp":"2026-11-21T19:00:00Z"},
         "spec":{"priorityClassName":"high","containers":[{"resources":{"limits":{ {{limits}} } } }]},"status":{ {{status}} } }
        """;

    private static RecordText Of(string text, RecordSource? source = null) => RecordText.Of("jobs", "kubernetes", text, source);
}
