namespace Headroom.Storage.Sqlite.Migrations;

/// <summary>Version 5: facts of kind 4 to 6, allocations, counts and meters. They lie in the table of all facts; the version keeps away programs that do not know the kinds.</summary>
internal static class HeldAndMetered
{
    public static Migration Step { get; } = new(5, "/* no table changes */");
}
