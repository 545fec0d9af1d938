using System.Text.Json;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Records.Kubernetes;

/// <summary>What one object of a cluster says of a job: how many cards, since when it waits, when it ran.</summary>
/// <param name="Cards">Unit: cards; slices are parts of one. NaN: not a quantity.</param>
/// <param name="Held">True: it could not start however empty the center is.</param>
internal readonly record struct WorkloadReading(double Cards, long? Started, long? Ended, JobState State, string? Queue, string? Priority, bool Preemptible, bool Held);

/// <summary>Reads the kinds of objects that ask for cards.</summary>
/// <remarks>Sources: Kubernetes API reference; volcano-sh/apis batch v1alpha1 and scheduling v1beta1; kubernetes-sigs/kueue v1beta1 and v1beta2.</remarks>
internal static class WorkloadReader
{
    /// <summary>Null: an object of another kind.</summary>
    public static WorkloadReading? Read(string kind, string version, JsonElement item) => kind switch
    {
        "Pod" => Pod(item),
        "Job" when version.StartsWith("batch.volcano.sh/", StringComparison.Ordinal) => VolcanoJob(item),
        "Job" => BatchJob(item),
        "PodGroup" => PodGroup(item),
        "Workload" => Workload(item),
        _ => null,
    };

    /// <summary>Cards of one pod: its containers together, or the largest of those that run before them.</summary>
    private static double CardsOf(JsonElement? spec)
    {
        var (together, first) = (0.0, 0.0);
        foreach (var container in spec.Find("containers").Items())
        {
            together += container.Find("resources") is { } resources ? CardQuantity.Of(resources) : 0;
        }

        foreach (var container in spec.Find("initContainers").Items())
        {
            first = Math.Max(first, container.Find("resources") is { } resources ? CardQuantity.Of(resources) : 0);
        }

        return Math.Max(together, first);
    }

    private static WorkloadReading Pod(JsonElement pod)
    {
        var (spec, status) = (pod.Find("spec"), pod.Find("status"));
        var phase = status.Find("phase").Text();
        var ends = status.Find("containerStatuses").Items().Select(container => (container.Find("state").Find("terminated") ?? container.Find("lastState").Find("terminated")).Find("finishedAt").Instant()).ToArray();
        var isOver = phase is "Succeeded" or "Failed";
        var disrupted = status.Condition("DisruptionTarget") is { } target && target.Find("status").Text() == "True";
        var ended = isOver
            ? ends.Max() ?? status.TrueSince("DisruptionTarget") ?? (status.Condition("Ready") is { } ready ? ready.Find("lastTransitionTime").Instant() : null) ?? pod.Find("metadata").Find("deletionTimestamp").Instant()
            : null;
        var state = phase switch
        {
            "Succeeded" => JobState.Completed,
            "Failed" when disrupted || status.Find("reason").Text() is "Preempting" or "Preempted" or "Evicted" => JobState.Preempted,
            "Failed" => JobState.Failed,
            _ => status.TrueSince("PodScheduled") is null ? JobState.Pending : JobState.Running,
        };
        return new(
            CardsOf(spec),
            status.TrueSince("PodScheduled") ?? (isOver ? status.Find("startTime").Instant() : null),
            ended,
            state,
            pod.Find("metadata").Find("labels").Find("kueue.x-k8s.io/queue-name").Text(),
            spec.Find("priorityClassName").Text(),
            Preemptible: false,
            Held: spec.Find("schedulingGates").Items().Any());
    }

    private static WorkloadReading BatchJob(JsonElement job)
    {
        var (spec, status) = (job.Find("spec"), job.Find("status"));
        var failed = status.TrueSince("Failed");
        var ended = status.Find("completionTime").Instant() ?? status.TrueSince("Complete") ?? failed;
        var started = status.Find("startTime").Instant();
        return new(
            (spec.Find("parallelism").Whole() ?? 1) * CardsOf(spec.Find("template").Find("spec")),
            started,
            ended,
            failed is not null ? JobState.Failed : ended is not null ? JobState.Completed : started is not null ? JobState.Running : JobState.Pending,
            Queue: null,
            spec.Find("template").Find("spec").Find("priorityClassName").Text(),
            Preemptible: false,
            Held: spec.Find("suspend").IsTrue());
    }

    private static WorkloadReading VolcanoJob(JsonElement job)
    {
        var (spec, status) = (job.Find("spec"), job.Find("status"));
        var cards = 0.0;
        foreach (var task in spec.Find("tasks").Items())
        {
            cards += (task.Find("replicas").Whole() ?? 1) * CardsOf(task.Find("template").Find("spec"));
        }

        // The conditions of a Volcano job are its history, each with the phase it came to.
        long? At(params string[] phases) =>
            status.Find("conditions").Items().Where(condition => phases.Contains(condition.Find("status").Text())).Select(condition => condition.Find("lastTransitionTime").Instant()).Min();

        var phase = status.Find("state").Find("phase").Text();
        var isOver = phase is "Completed" or "Failed" or "Aborted" or "Terminated";
        var ended = isOver ? At(phase!) ?? status.Find("state").Find("lastTransitionTime").Instant() : null;
        var started = At("Running", "Completing", "Restarting");
        if (phase == "Running" && started is null)
        {
            started = status.Find("state").Find("lastTransitionTime").Instant();
        }

        return new(
            cards,
            started,
            ended,
            phase switch
            {
                "Completed" => JobState.Completed,
                "Failed" or "Terminated" => JobState.Failed,
                "Aborted" => JobState.Cancelled,
                _ => started is null ? JobState.Pending : JobState.Running,
            },
            spec.Find("queue").Text(),
            spec.Find("priorityClassName").Text(),
            Preemptible: false,
            Held: false);
    }

    private static WorkloadReading PodGroup(JsonElement group)
    {
        var (spec, status) = (group.Find("spec"), group.Find("status"));
        var phase = status.Find("phase").Text();
        var scheduled = status.TrueSince("Scheduled") ?? status.TrueSince("Running");
        return new(
            CardQuantity.OfList(spec.Find("minResources")),
            phase is "Running" or "Completed" ? scheduled : null,
            phase == "Completed" ? status.TrueSince("Completed") ?? group.Find("metadata").Find("deletionTimestamp").Instant() : null,
            phase switch { "Running" => JobState.Running, "Completed" => JobState.Completed, _ => JobState.Pending },
            spec.Find("queue").Text(),
            spec.Find("priorityClassName").Text(),
            Preemptible: false,
            Held: false);
    }

    private static WorkloadReading Workload(JsonElement workload)
    {
        var (spec, status) = (workload.Find("spec"), workload.Find("status"));
        var cards = 0.0;
        foreach (var set in spec.Find("podSets").Items())
        {
            cards += (set.Find("count").Whole() ?? 1) * CardsOf(set.Find("template").Find("spec"));
        }

        var (admitted, ended) = (status.TrueSince("Admitted"), status.TrueSince("Finished"));
        var reason = status.Condition("Finished") is { } finished ? finished.Find("reason").Text() : null;
        return new(
            cards,
            admitted,
            ended,
            ended is not null ? (reason?.Contains("Fail", StringComparison.OrdinalIgnoreCase) == true ? JobState.Failed : JobState.Completed)
                : admitted is not null ? JobState.Running
                : JobState.Pending,
            spec.Find("queueName").Text(),
            spec.Find("priorityClassName").Text(),
            Preemptible: false,
            Held: spec.Find("active").IsFalse());
    }
}
