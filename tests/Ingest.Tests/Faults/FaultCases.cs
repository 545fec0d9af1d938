namespace Headroom.Ingest.Tests.Faults;

/// <summary>A fault that feeds really have, and what becomes of it. Its inputs are the files of its folder, in order; <c>expected.txt</c> is the whole result.</summary>
/// <param name="Fault">What is wrong with the input.</param>
/// <param name="Result">What we do with it.</param>
internal sealed record FaultCase(string Name, string Fault, string Result);

/// <summary>Every named fault. docs/faults.md is this list beside what came of it.</summary>
internal static class FaultCases
{
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("negative-value", "a utilization of -5", "rejected `out_of_range`; the time is unknown, never 0"),
        new("huge-value", "a utilization of 218322032", "rejected `out_of_range`"),
        new("nan-value", "`NaN`", "rejected `sentinel`"),
        new("infinite-value", "`+Inf`, `-Inf`, 1e400", "rejected `out_of_range`"),
        new("dcgm-blank", "blanks of DCGM in INT64, FP64 and INT32", "rejected `sentinel`; a blank beside a good utilization is a missing cell"),
        new("npu-sentinels", "-1, 0xFFFFFFFF and 255 of an NPU", "rejected `sentinel`"),
        new("not-available", "`[N/A]`", "no value: the row is accepted, its use unknown"),
        new("not-supported", "`[Not Supported]`", "no value, as `[N/A]`"),
        new("unknown-error", "`[Unknown Error]`", "rejected `sentinel`: the card was asked and did not answer"),
        new("lost-gpu-line", "free text of a lost GPU between rows", "the line is rejected `malformed`, the rows around it are taken"),
        new("half-written-last-line", "a table whose writer was killed", "the last line is rejected `malformed`"),
        new("half-written-page", "a page whose last line has no end", "the line is rejected `malformed`: it may lack digits"),
        new("html-instead-of-metrics", "a login page with status 200", "the target is not up: `TargetNotMetrics`, nothing is stored"),
        new("label-with-a-quote", "a label value with a quote that nobody escaped", "its line is rejected `malformed`, the others are taken"),
        new("page-of-100-mb", "a page of 100 MB", "the target is down, `> 64 MiB`; memory stays bounded"),
        new("line-of-2-mb", "a line of 2 MB", "rejected `malformed`, the next line is taken"),
        new("clock-8-hours-ahead", "a sender whose clock is 8 h ahead", "rejected `future`"),
        new("clock-8-hours-behind", "a page whose own times are 8 h behind", "taken at the times it says; the skew of the target is shown and told"),
        new("clock-jumps-back", "a clock that is set back by half a minute", "taken in any order; a second value at one instant is a conflict, the larger wins"),
        new("times-of-1970", "seconds where milliseconds belong", "rejected `ancient`"),
        new("local-time-that-was-skipped", "a local time that the clock change skipped", "rejected `bad_time`"),
        new("duplicate-uuid-on-two-hosts", "one UUID on two hosts at one instant", "one card; two values at one instant are a conflict, counted, the larger wins; listed as `two_hosts_at_once` for a person to settle"),
        new("card-swapped-at-noon", "a new UUID in the slot of an old one from noon on", "24 h installed in all: the newcomer ends the card before it"),
        new("host-renamed", "one UUID, first on one host and then on another name", "one card"),
        new("card-nobody-installed", "telemetry of a card that the inventory does not have", "kept, counted, and listed as `unattributed` by `headroom center cards`"),
        new("batch-sent-twice", "a batch that was sent again", "duplicates; nothing changes"),
        new("one-gpu-in-three-pods", "one GPU reported by three pods", "once"),
        new("not-displayed-for-multi-pod", "an NPU shared by pods", "one card, whatever its pod labels"),
        new("mig-without-parent", "slices of 3/7 at 60 % and 4/7 at 20 %, no value of the card", "37.1429 % of the card"),
        new("mig-of-unknown-share", "a slice with a profile nobody knows", "rejected `not_a_number`: half a truth is none"),
        new("silent-zero", "gauge 0 at 300 W for three hours on a card of 310 W", "unknown, reason `silent_zero`"),
        new("job-without-end", "a completed job without an end", "rejected `missing_cell`: it would hold its cards for ever"),
        new("job-ends-before-it-starts", "an end before the start", "rejected `backwards`"),
        new("job-of-the-future", "a job submitted tomorrow", "rejected `future`"),
        new("gpus-counted-twice-in-tres", "typed and untyped counts together", "counted once; without the untyped one the typed are added"),
        new("requeued-job", "a job that ran twice", "two runs of one job, each with its own wait"),
        new("array-with-a-pending-range", "`3_[5-7%2]` beside tasks that run", "three jobs that wait, each by its own name"),
        new("cancelled-before-it-ran", "`CANCELLED by 1001`, start `None`", "cancelled, it waited and held nothing"),
        new("bar-in-a-job-name", "a bar within a name", "mended where the name is the only free text"),
        new("latin1-names", "names in Latin-1", "read as Latin-1, line by line"),
        new("crlf-and-bom", "CRLF and a byte order mark", "no obstacle"),
        new("decimal-commas", "decimal commas", "in our table rejected `not_a_number` or `malformed`; read where a mapping says so"),
        new("excel-dates", "serial dates of a spreadsheet", "in our table rejected `ancient`; read where a mapping says so"),
    ];
}
