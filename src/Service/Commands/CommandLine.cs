using System.CommandLine;
using System.Globalization;
using System.Reflection;
using Headroom.Domain.Messages;
using Headroom.Reports.Language;

namespace Headroom.Service.Commands;

/// <summary>The command line: parses, runs one command, and turns every failure into messages and an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, TimeProvider clock)
    {
        if (args is ["--version"])
        {
            await output.WriteLineAsync($"headroom {Version}");
            return ExitCode.Done;
        }

        var language = LanguageChoice.Of(args);
        var text = Texts.For(language);
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        var globals = new GlobalOptions(text);
        var parsed = Root(text, globals, output, errors, clock).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await errors.WriteLineAsync($"headroom: {error.Message}");
            }

            await errors.WriteLineAsync(text["Usage.SeeHelp", CommandPath(parsed)]);
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = errors,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
        });
    }

    public static string Version => typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static RootCommand Root(TextLookup text, GlobalOptions globals, TextWriter output, TextWriter errors, TimeProvider clock)
    {
        var runner = new CommandRunner(text, globals, output, errors, clock);
        RootCommand root = new(text["Root.Description"])
        {
            DemoCommand.Build(text, runner),
            CenterCommand.Build(text, runner),
            IngestCommand.Build(text, runner),
            CollectCommand.Build(text, runner),
            BackfillCommand.Build(text, runner),
            ServeCommand.Build(text, runner),
            TokenCommand.Build(text, runner),
            ReportCommand.Build(text, runner),
            ExplainCommand.Build(text, runner),
            AuditCommand.Build(text, runner),
            ExportCommand.Build(text, runner),
            ForecastCommand.Build(text, runner),
            DemandCommand.Build(text, runner),
            SaturationCommand.Build(text, runner),
            TrackCommand.Build(text, runner),
            SimulateCommand.Build(text, runner),
            VerifyCommand.Build(text, runner),
            BackupCommand.Build(text, runner),
            RestoreCommand.Build(text, runner),
            CompactCommand.Build(text, runner),
        };
        root.Options.Add(globals.Database);
        root.Options.Add(globals.Json);
        root.Options.Add(globals.Language);
        root.Options.Add(globals.AsOf);
        return root;
    }

    private static string CommandPath(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var command = parsed.CommandResult; command is not null; command = command.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Push(command.Command is RootCommand ? "headroom" : command.Command.Name);
        }

        return string.Join(' ', names);
    }
}
