namespace Headroom.Storage.Sqlite.Migrations;

/// <summary>Version 8: jobs have names. They lie in the content of a job's fact; the version keeps away programs that would not see them.</summary>
internal static class NamedJobs
{
    public static Migration Step { get; } = new(8, "/* no table changes */");
}
