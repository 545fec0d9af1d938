using System.Collections.Immutable;
using System.Text.Json;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Records.Jobs;

namespace Headroom.Ingest.Formats.Records.Kubernetes;

/// <summary>Objects of a cluster as <c>kubectl get ... -A -o json</c> prints them: pods, jobs of Kubernetes and Volcano, pod groups, workloads of Kueue. The unit of counting is the object.</summary>
/// <remarks>One request is one job: where a list has both a workload and what was made for it, the workload counts. Objects that ask for no card are none of ours.</remarks>
internal sealed class KubernetesFormat : IRecordFormat
{
    private const int MostCards = 1_000_000;

    private static readonly string[] Kinds = ["Pod", "Job", "PodGroup", "Workload"];

    public string Kind => "jobs";

    public string Name => "kubernetes";

    public bool Begins(ReadOnlySpan<byte> beginning) => beginning.TrimStart(" \t\r\n\uFEFF"u8).StartsWith("{"u8);

    public FactBatch Read(Stream content, RecordSource source, RejectCounts rejects, ICollection<UserMessage> notices)
    {
        using var document = Parse(content, source.Place);
        try
        {
            return Read(document, source, rejects, notices);
        }
        catch (InvalidOperationException problem)
        {
            // A text that is no UTF-8, or half a surrogate: JSON finds out when the text is asked for.
            throw new UserException(UserMessage.Of(MessageCode.FileUnreadable, source.Place, problem.Message), problem);
        }
    }

    private static FactBatch Read(JsonDocument document, RecordSource source, RejectCounts rejects, ICollection<UserMessage> notices)
    {
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || root.Find("kind").Text() is not { } rootKind)
        {
            throw new UserException(UserMessage.Of(MessageCode.FormatUnknown, source.Place, root.ToString()[..Math.Min(80, root.ToString().Length)], "kind: List"));
        }

        var items = rootKind.EndsWith("List", StringComparison.Ordinal) ? root.Find("items").Items().ToArray() : [root];
        string KindOf(JsonElement item) => item.Find("kind").Text() ?? (rootKind.EndsWith("List", StringComparison.Ordinal) ? rootKind[..^4] : rootKind);
        var kinds = items.Select(KindOf).ToHashSet(StringComparer.Ordinal);
        var jobs = ImmutableArray.CreateBuilder<JobFact>();
        var (held, number) = (0, 0);
        foreach (var item in items)
        {
            number++;
            var kind = KindOf(item);
            if (!Kinds.Contains(kind) || IsMadeForAnother(kind, kinds, item))
            {
                continue;
            }

            try
            {
                held += Take(kind, item, number, root.Find("apiVersion").Text() ?? "", source, rejects, jobs) ? 1 : 0;
            }
            catch (FormatException problem)
            {
                Reject(rejects, source, number, item, RejectReason.BadTime, "time", problem.Message);
            }
        }

        if (held > 0)
        {
            notices.Add(UserMessage.Of(MessageCode.JobsHeld, source.Place, held));
        }

        return new([], jobs.ToImmutable(), JobCoverage.OfList(jobs, source, notices));
    }

    // True: it is held, and no demand.
    private static bool Take(string kind, JsonElement item, int number, string listVersion, RecordSource source, RejectCounts rejects, ImmutableArray<JobFact>.Builder jobs)
    {
        var reading = WorkloadReader.Read(kind, item.Find("apiVersion").Text() ?? listVersion, item)!.Value;
        if (reading.Cards == 0)
        {
            return false;
        }

        var metadata = item.Find("metadata");
        if (metadata.Find("name").Text() is not { } name || metadata.Find("creationTimestamp").Instant() is not { } created)
        {
            Reject(rejects, source, number, item, RejectReason.MissingCell, "metadata", kind);
            return false;
        }

        var cards = Math.Ceiling(reading.Cards - 1e-9);
        if (!(cards is >= 1 and <= MostCards))
        {
            Reject(rejects, source, number, item, RejectReason.OutOfRange, "resources", kind);
            return false;
        }

        var space = metadata.Find("namespace").Text() ?? "default";
        var job = new JobFact(
            source.Center?.Value ?? "kubernetes",
            $"{space}/{name}",
            new(space),
            created,
            Eligible: created,
            reading.Started,
            reading.Ended,
            (int)cards,
            reading.State,
            source.PoolOf(reading.Queue),
            Model: null,
            [],
            reading.Priority,
            reading.Preemptible,
            Requested: null,
            AttemptOf: null)
        {
            Revision = source.Revision,
            Name = NameOf(metadata, name),
        };
        if (JobCheck.FaultOf(job, source.Now) is { } fault)
        {
            Reject(rejects, source, number, item, fault.Reason, fault.Column, kind);
            return false;
        }

        rejects.Accept();
        if (reading.Held && reading.Started is null)
        {
            return reading.Ended is null;
        }

        jobs.Add(job);
        return false;
    }

    // What it was made for has the name that a person gave; of what has no owner, the part before the random tail.
    private static string NameOf(JsonElement? metadata, string name) =>
        metadata.Find("ownerReferences").Items().Select(owner => owner.Find("name").Text()).FirstOrDefault(owner => owner is not null)
        ?? metadata.Find("generateName").Text()?.TrimEnd('-')
        ?? name;

    private static bool IsMadeForAnother(string kind, HashSet<string> kinds, JsonElement item)
    {
        var owners = item.Find("metadata").Find("ownerReferences").Items().Select(owner => owner.Find("kind").Text()).ToArray();
        var labels = item.Find("metadata").Find("labels");
        var annotations = item.Find("metadata").Find("annotations");
        return kind switch
        {
            "Workload" => false,
            _ when kinds.Contains("Workload") && labels.Find("kueue.x-k8s.io/queue-name").Text() is not null => true,
            "Pod" => owners.Any(owner => owner == "Job" && kinds.Contains("Job")) || (kinds.Contains("PodGroup") && annotations.Find("scheduling.k8s.io/group-name").Text() is not null),
            "PodGroup" => owners.Any(owner => owner == "Job" && kinds.Contains("Job")),
            _ => false,
        };
    }

    private static void Reject(RejectCounts rejects, RecordSource source, int number, JsonElement item, RejectReason reason, string column, string found)
    {
        var name = item.Find("metadata").Find("name").Text();
        rejects.Reject(new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{source.Place}:{number}"), Device: null, Instant: null, column, name ?? found, reason));
    }

    private static JsonDocument Parse(Stream content, string place)
    {
        try
        {
            return JsonDocument.Parse(content, new JsonDocumentOptions { AllowTrailingCommas = true, MaxDepth = 64 });
        }
        catch (JsonException problem)
        {
            throw new UserException(UserMessage.Of(MessageCode.FileUnreadable, place, problem.Message), problem);
        }
    }
}
