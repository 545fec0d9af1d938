using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Records.Jobs;

namespace Headroom.Ingest.Formats.Records.Slurm;

/// <summary>Slurm's accounting as <c>sacct -P</c> prints it; the command is in docs/slurm.md. The unit of counting is the job row: steps belong to their job.</summary>
/// <remarks>
/// A job is (cluster, JobID, submit): tasks of an array go by <c>3_4</c>, since the last of them takes over the raw id of the array, and a requeued job has a row for each run.
/// Source: SchedMD, sacct(1); Slurm 22.05.8 run for FORMATS.md section 6.1.
/// </remarks>
internal sealed class SacctFormat : IRecordFormat
{
    private const int MostTasks = 10_000;
    private const int MostJobs = 2_000_000;

    private static readonly ImmutableArray<string> Required = ["JobID", "State", "Submit", "Start", "End"];

    public string Kind => "jobs";

    public string Name => "sacct";

    public bool NeedsHosts => true;

    public bool Begins(ReadOnlySpan<byte> beginning)
    {
        foreach (var range in beginning.Split((byte)'\n'))
        {
            var line = Encoding.UTF8.GetString(beginning[range].TrimStart("\uFEFF"u8).TrimEnd((byte)'\r'));
            var names = line.Split(SlurmTable.DelimiterOf(line));
            if (names.Contains("JobID", StringComparer.OrdinalIgnoreCase) && names.Contains("State", StringComparer.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    public FactBatch Read(Stream content, RecordSource source, RejectCounts rejects, ICollection<UserMessage> notices)
    {
        var lines = new RecordLines(content, source, rejects);
        var table = new SlurmTable(lines, source, Required);
        var jobs = ImmutableArray.CreateBuilder<JobFact>();
        var (held, without) = (0, 0);
        while (table.Read())
        {
            var id = table.Cell("JobID");
            if (id is not null && id.Contains('.', StringComparison.Ordinal))
            {
                continue;
            }

            if (Fault(table, source, id, out var job, out var tasks) is { } fault)
            {
                lines.Reject(fault.Reason, fault.Column, table.Cell(fault.Column) ?? "");
                continue;
            }

            if (jobs.Count + tasks.Length > MostJobs)
            {
                lines.Reject(RejectReason.OutOfRange, "JobID", id!);
                continue;
            }

            rejects.Accept();
            if (job is null)
            {
                without++;
            }
            else if (job is { State: JobState.Pending, Eligible: null } && table.Has("Eligible"))
            {
                held++;
            }
            else
            {
                foreach (var task in tasks)
                {
                    jobs.Add(job with { JobId = task });
                }
            }
        }

        Tell(MessageCode.JobsHeld, held, source, notices);
        Tell(MessageCode.JobsWithoutCards, without, source, notices);
        return new([], jobs.ToImmutable(), JobCoverage.OfLog(jobs, source, notices));
    }

    private static void Tell(MessageCode code, int jobs, RecordSource source, ICollection<UserMessage> notices)
    {
        if (jobs > 0)
        {
            notices.Add(UserMessage.Of(code, source.Place, jobs));
        }
    }

    // Job: null where it is well and holds nothing that is counted.
    private static (RejectReason Reason, string Column)? Fault(SlurmTable table, RecordSource source, string? id, out JobFact? job, out ImmutableArray<string> tasks)
    {
        (job, tasks) = (null, []);
        if (id is null || !TryTasks(id, out tasks))
        {
            return (id is null ? RejectReason.MissingCell : RejectReason.Malformed, "JobID");
        }

        if (JobWords.State(table.Cell("State") ?? "") is not { } state)
        {
            return (table.Cell("State") is null ? RejectReason.MissingCell : RejectReason.UnknownWord, "State");
        }

        if ((table.Cell("Account") ?? table.Cell("User")) is not { } tenant)
        {
            return (RejectReason.MissingCell, "Account");
        }

        if (!Tres.TryRead(table.Cell("ReqTRES") ?? "", out var requested))
        {
            return (RejectReason.NotANumber, "ReqTRES");
        }

        if (!Tres.TryRead(table.Cell("AllocTRES") ?? "", out var allocated))
        {
            return (RejectReason.NotANumber, "AllocTRES");
        }

        if (BadTime(table, out var submitted, out var eligible, out var started, out var ended) is { } column)
        {
            return (RejectReason.BadTime, column);
        }

        if (submitted is null)
        {
            return (RejectReason.MissingCell, "Submit");
        }

        // Cancelled before it got anything: Slurm then repeats the end as the start.
        var nothing = table.Has("AllocTRES") && table.Cell("AllocTRES") is null && table.Cell("NodeList") is null or "None assigned";
        started = state == JobState.Pending || (nothing && ended is not null) ? null : started;
        var cards = started is null ? requested : allocated.Count > 0 ? allocated : requested;
        var pool = source.PoolOf(table.Cell("Partition")) ?? (cards.Count == 0 ? source.NodePool : null);
        var devices = cards.Count > 0 ? cards.Count : Nodes(table);
        var made = new JobFact(
            table.Cell("Cluster") ?? source.Center?.Value ?? "slurm",
            id,
            new(tenant),
            submitted.Value,
            // What never could start waited for nothing.
            eligible ?? (state == JobState.Pending || !table.Has("Eligible") ? null : started ?? ended),
            started,
            state is JobState.Pending or JobState.Running ? null : ended,
            devices,
            state == JobState.Unknown && ended is null ? JobState.Running : state,
            pool,
            cards.Model,
            started is null ? [] : Cards(table, source, cards.Count),
            table.Cell("QOS"),
            Preemptible: false,
            int.TryParse(table.Cell("TimelimitRaw"), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) ? minutes * Micros.PerMinute : null,
            AttemptOf: null)
        {
            Revision = source.Revision,
            Name = NameOf(table),
        };
        if (JobCheck.FaultOf(made, source.Now) is { } fault)
        {
            return (fault.Reason, char.ToUpperInvariant(fault.Column[0]) + fault.Column[1..]);
        }

        job = cards.Count > 0 || pool is not null ? made : null;
        return null;
    }

    // Of one account several people may call their jobs "train". What Slurm calls a job whose owner gave no name says nothing of it, and neither does a name that its database could not keep.
    private static string? NameOf(SlurmTable table) =>
        table.Cell("JobName") is not { } name || name is "wrap" or "interactive" or "sbatch" or "allocation" || name.All(letter => letter is '?' or ' ') ? null
        : table.Cell("User") is { } user ? $"{user}/{name}"
        : name;

    private static string? BadTime(SlurmTable table, out long? submitted, out long? eligible, out long? started, out long? ended)
    {
        (eligible, started, ended) = (null, null, null);
        return !table.TryInstant("Submit", out submitted) ? "Submit"
            : !table.TryInstant("Eligible", out eligible) ? "Eligible"
            : !table.TryInstant("Start", out started) ? "Start"
            : !table.TryInstant("End", out ended) ? "End"
            : null;
    }

    // "3_[5-9%2]" are five tasks that wait.
    private static bool TryTasks(string id, out ImmutableArray<string> tasks)
    {
        tasks = [id];
        var open = id.IndexOf("_[", StringComparison.Ordinal);
        if (open < 0)
        {
            return true;
        }

        var inside = id[(open + 2)..].TrimEnd(']').Split('%', 2)[0];
        if (!Hostlist.TryNumbers(inside, MostTasks, out var numbers))
        {
            return false;
        }

        tasks = [.. numbers.Select(number => string.Create(CultureInfo.InvariantCulture, $"{id[..open]}_{number}"))];
        return true;
    }

    private static int Nodes(SlurmTable table) =>
        int.TryParse(table.Cell("NNodes"), NumberStyles.None, CultureInfo.InvariantCulture, out var nodes) && nodes is > 0 and <= 1_000_000 ? nodes : 1;

    // sacct names hosts, not cards: which ones is certain only where the job holds all that there are.
    private static ImmutableArray<Domain.Devices.DeviceId> Cards(SlurmTable table, RecordSource source, int cards)
    {
        if (table.Cell("NodeList") is not { } list || !Hostlist.TryExpand(list, out var hosts))
        {
            return [];
        }

        var devices = hosts.SelectMany(host => source.Hosts[host]).Take(cards + 1).ToImmutableArray();
        return devices.Length == cards ? devices : [];
    }
}
