using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Records.Jobs;

namespace Headroom.Ingest.Formats.Records.StandardWorkload;

/// <summary>Standard Workload Format 2.2, as the Parallel Workloads Archive keeps logs, and its look-alikes with a header row, tabs or absolute times. A processor is a device.</summary>
/// <remarks>Source: cs.huji.ac.il/labs/parallel/workload/swf.html.</remarks>
internal sealed class SwfFormat : IRecordFormat
{
    private const int Columns = 18;
    private const int MostCards = 1_000_000;

    // Submit times beyond this are instants, not seconds since the log began.
    private const double FirstInstant = 1e9;

    public string Kind => "jobs";

    public string Name => "swf";

    public bool Begins(ReadOnlySpan<byte> beginning)
    {
        foreach (var range in beginning.Split((byte)'\n'))
        {
            var line = beginning[range].Trim(" \t\r\uFEFF"u8);
            if (line.StartsWith(";"u8))
            {
                return true;
            }

            if (!line.IsEmpty)
            {
                return Cells(Encoding.UTF8.GetString(line)) is { Length: >= Columns } cells && cells.Take(Columns).All(cell => Number(cell) is not null);
            }
        }

        return false;
    }

    public FactBatch Read(Stream content, RecordSource source, RejectCounts rejects, ICollection<UserMessage> notices)
    {
        var lines = new RecordLines(content, source, rejects);
        var header = new Header(source);
        var jobs = ImmutableArray.CreateBuilder<JobFact>();
        var isFirst = true;
        while (lines.Next() is { } line)
        {
            var text = line.Trim();
            if (text.StartsWith(';'))
            {
                header.Read(text);
                continue;
            }

            var cells = Cells(text);
            if (cells.Length == 0 || (isFirst && Number(cells[0]) is null))
            {
                isFirst &= cells.Length == 0;
                continue;
            }

            isFirst = false;
            if (Fault(cells, header, source, out var job) is { } fault)
            {
                lines.Reject(fault.Reason, fault.Column, text);
                continue;
            }

            rejects.Accept();
            if (job is not null)
            {
                jobs.Add(job);
            }
        }

        return new([], jobs.ToImmutable(), JobCoverage.OfLog(jobs, source, notices));
    }

    private static (RejectReason Reason, string? Column)? Fault(string[] cells, Header header, RecordSource source, out JobFact? job)
    {
        job = null;
        var numbers = cells.Take(Columns).Select(Number).ToArray();
        if (numbers.Length < Columns)
        {
            return (RejectReason.Malformed, null);
        }

        if (Array.FindIndex(numbers, number => number is null) is >= 0 and var wrong)
        {
            return (RejectReason.NotANumber, Name0(wrong));
        }

        var status = Cell(numbers, 11);
        if (status is 2 or 3 or 4)
        {
            // A part of a job that the line of the whole job has in it.
            return null;
        }

        if (Cell(numbers, 2) is not { } since)
        {
            return (RejectReason.MissingCell, "submit");
        }

        var (wait, run, cards) = (Cell(numbers, 3), Cell(numbers, 4), Cell(numbers, 5) ?? Cell(numbers, 8));
        if (cards is null)
        {
            return (RejectReason.MissingCell, "processors");
        }

        if (cards < 1 || cards > MostCards || since > 1e11 || wait > 1e11 || run > 1e11)
        {
            return (RejectReason.OutOfRange, cards is < 1 or > MostCards ? "processors" : "submit");
        }

        var submitted = since >= FirstInstant ? Micros(since) : header.Begin() + Micros(since);
        var cancelled = status == 5;
        var started = wait is { } waited && !(cancelled && run is null or 0) ? submitted + Micros(waited) : (long?)null;
        var ended = started is { } start && run is { } ran ? start + Micros(ran) : cancelled && wait is { } gaveUp ? submitted + Micros(gaveUp) : (long?)null;
        var made = new JobFact(
            source.Center?.Value ?? "swf",
            cells[0],
            new(Cell(numbers, 12) is { } user ? string.Create(CultureInfo.InvariantCulture, $"u{user:0}") : "unknown"),
            submitted,
            Eligible: null,
            started,
            ended,
            (int)cards,
            status switch { 0 => JobState.Failed, 1 => JobState.Completed, 5 => JobState.Cancelled, _ => JobState.Unknown },
            source.PoolOf(header.Partition(Cell(numbers, 16))),
            Model: null,
            [],
            header.Queue(Cell(numbers, 15)),
            Preemptible: false,
            Cell(numbers, 9) is { } seconds and < 1e9 ? Micros(seconds) : null,
            AttemptOf: null)
        {
            Revision = source.Revision,
        };
        if (JobCheck.FaultOf(made, source.Now) is { } fault)
        {
            return (fault.Reason, fault.Column == "end" ? "run" : fault.Column);
        }

        job = made;
        return null;
    }

    private static string Name0(int column) => string.Create(CultureInfo.InvariantCulture, $"column {column + 1}");

    private static double? Cell(double?[] numbers, int column) => numbers[column - 1] is >= 0 and var number ? number : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static string[] Cells(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static long Micros(double seconds) => (long)Math.Round(seconds * Domain.Time.Micros.PerSecond);

    /// <summary>The lines that begin with a semicolon.</summary>
    private sealed class Header(RecordSource source)
    {
        private readonly Dictionary<int, string> _queues = [];
        private readonly Dictionary<int, string> _partitions = [];
        private long? _begin;

        /// <summary>When the log begins. Unit: microseconds since the Unix epoch.</summary>
        /// <exception cref="UserException">The log does not say, and nobody else did.</exception>
        public long Begin() => _begin ?? source.At ?? throw new UserException(UserMessage.Of(MessageCode.TimeMissing, source.Place, "swf"));

        public string? Queue(double? number) => number is { } n and <= int.MaxValue ? _queues.GetValueOrDefault((int)n) : null;

        public string? Partition(double? number) => number is { } n and <= int.MaxValue ? _partitions.GetValueOrDefault((int)n) : null;

        public void Read(string line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                return;
            }

            var (key, value) = (line[1..colon].Trim(), line[(colon + 1)..].Trim());
            switch (key)
            {
                case "UnixStartTime" when long.TryParse(value.Split(' ', 2)[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && seconds is > -100_000_000_000 and < 100_000_000_000:
                    _begin = seconds * Domain.Time.Micros.PerSecond;
                    break;
                case "Queue":
                    Named(value, _queues);
                    break;
                case "Partition":
                    Named(value, _partitions);
                    break;
            }
        }

        // "1 [batch] the first queue".
        private static void Named(string value, Dictionary<int, string> names)
        {
            var parts = value.Split([' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && names.Count < 10_000)
            {
                names[number] = parts[1].Split(' ', 2)[0].Trim('[', ']');
            }
        }
    }
}
