using System.Collections.Immutable;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;

namespace Headroom.Ingest.Formats.Records.Jobs;

/// <summary>A job log that feeds one command and no store.</summary>
public static class JobsFile
{
    /// <param name="path">Plain or <c>.gz</c>.</param>
    /// <exception cref="UserException">Missing, unreadable, or without one of the columns.</exception>
    public static RowsOf<JobFact> Read(string path, RecordSource source)
    {
        using var content = TextFile.Open(path);
        var (rejects, notices) = (new RejectCounts(), new List<UserMessage>());
        var jobs = new JobsCsv().Read(content, source with { Place = path, At = source.Now }, rejects, notices).Jobs;
        return new(jobs, [.. notices, .. RejectMessages.Of(rejects)]);
    }
}
