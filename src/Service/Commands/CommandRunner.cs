using System.CommandLine;
using System.Globalization;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Reports.Language;
using Headroom.Simulation.Plans;

namespace Headroom.Service.Commands;

/// <summary>Runs the action of a command with what every command has, and is the border at which failures become messages.</summary>
internal sealed class CommandRunner(TextLookup text, GlobalOptions globals, TextWriter output, TextWriter errors, TimeProvider clock)
{
    public void Set(Command command, Func<CommandContext, ParseResult, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await action(Context(parsed), parsed, cancellationToken);
            }
            catch (UserException failure)
            {
                foreach (var message in failure.Messages)
                {
                    await errors.WriteLineAsync(MessagePrinter.Print(message, text.Name));
                }

                return failure.Messages.Any(m => m.Code is MessageCode.UsageError or MessageCode.AddressRefused) ? ExitCode.Usage : ExitCode.Failed;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await errors.WriteLineAsync(text["Run.Interrupted"]);
                return ExitCode.Interrupted;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidPlanException)
            {
                await errors.WriteLineAsync(MessagePrinter.Print(UserMessage.Of(MessageCode.Unexpected, "headroom", failure.Message), text.Name));
                return ExitCode.Failed;
            }
        });

    private CommandContext Context(ParseResult parsed) => new()
    {
        Text = text,
        Output = output,
        Errors = errors,
        Clock = clock,
        Json = parsed.GetValue(globals.Json),
        Database = parsed.GetValue(globals.Database) ?? Environment.GetEnvironmentVariable("HEADROOM_DB") ?? "headroom.db",
        AsOf = parsed.GetValue(globals.AsOf) is { } asOf ? InstantArgument(asOf, "--as-of") : Instants.Never,
    };

    internal static long InstantArgument(string argument, string option) =>
        DateTimeOffset.TryParse(argument, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? Instants.From(instant)
            : throw new UserException(UserMessage.Of(MessageCode.UsageError, option, argument, "2026-03-01T08:00:00Z"));
}
