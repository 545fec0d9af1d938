using System.CommandLine;
using Headroom.Reports.Language;

namespace Headroom.Service.Commands;

/// <summary><c>headroom backup FILE [--force]</c>: also beside a running writer.</summary>
internal static class BackupCommand
{
    public static Command Build(TextLookup text, CommandRunner runner)
    {
        Argument<string> file = new("FILE") { Description = text["Backup.File"] };
        Option<bool> force = new("--force") { Description = text["Backup.Force"] };
        Command command = new("backup", text["Backup.Description"]) { file, force };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            await using var store = await context.OpenToReadAsync(cancellationToken);
            var backup = await store.BackUpAsync(parsed.GetValue(file)!, parsed.GetValue(force), cancellationToken);
            context.Answer(
                new { file = backup.File, bytes = backup.Bytes, content_hash = backup.ContentHash },
                text["Backup.Done", backup.File, backup.Bytes, backup.ContentHash]);
            return ExitCode.Done;
        });
        return command;
    }
}
