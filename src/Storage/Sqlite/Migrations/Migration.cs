namespace Headroom.Storage.Sqlite.Migrations;

/// <summary>One step of the schema. A database at version N - 1 becomes version N by running step N in a transaction.</summary>
/// <param name="Version">From 1 up, without gaps.</param>
/// <param name="Then">What SQL alone cannot do, in the same transaction; null: nothing.</param>
internal sealed record Migration(int Version, string Sql, Action<Session>? Then = null)
{
    /// <summary>All steps, oldest first. To change the schema add a file here and a line to this list; never change an old step.</summary>
    public static IReadOnlyList<Migration> All { get; } = [FirstSchema.Step, RequestFacts.Step, PackedBlocks.Step, LapsedTime.Step, HeldAndMetered.Step, TimesOfFacts.Step, SettledCards.Step, NamedJobs.Step];

    public static int Newest => All[^1].Version;
}
