namespace Headroom.Storage.Sqlite.Migrations;

/// <summary>Version 2: facts of kind 3, requests. They lie in the table of all facts; the version keeps away programs that do not know the kind.</summary>
internal static class RequestFacts
{
    public static Migration Step { get; } = new(2, "/* no table changes */");
}
