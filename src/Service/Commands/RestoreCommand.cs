using System.CommandLine;
using Headroom.Reports.Language;
using Headroom.Storage;
using Headroom.Storage.Sqlite.Backups;

namespace Headroom.Service.Commands;

/// <summary><c>headroom restore FILE [--force]</c>: the backup is checked before anything is touched.</summary>
internal static class RestoreCommand
{
    public static Command Build(TextLookup text, CommandRunner runner)
    {
        Argument<string> file = new("FILE") { Description = text["Restore.File"] };
        Option<bool> force = new("--force") { Description = text["Restore.Force"] };
        Command command = new("restore", text["Restore.Description"]) { file, force };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var backup = parsed.GetValue(file)!;
            var restored = await Restorer.RestoreAsync(new StoreOptions { Path = context.Database }, backup, parsed.GetValue(force), context.Clock, cancellationToken);
            if (restored.SetAside is { } aside)
            {
                context.Say(text["Restore.SetAside", aside]);
            }

            context.Answer(
                new { file = backup, content_hash = restored.ContentHash, set_aside = restored.SetAside },
                text["Restore.Done", backup, restored.ContentHash]);
            return ExitCode.Done;
        });
        return command;
    }
}
