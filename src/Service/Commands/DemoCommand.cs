using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Headroom.Reports.Language;
using Headroom.Service.Composition;

namespace Headroom.Service.Commands;

/// <summary><c>headroom demo [--out DIR]</c>: the whole path for the shipped centers.</summary>
internal static class DemoCommand
{
    public static Command Build(TextLookup text, CommandRunner runner)
    {
        Option<string> folder = new("--out") { Description = text["Option.Out"], HelpName = "DIR", DefaultValueFactory = _ => "headroom-demo" };
        Command command = new("demo", text["Demo.Description"]) { folder };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var watch = Stopwatch.StartNew();
            var run = new DemoRun(parsed.GetValue(folder)!, context.Clock, new DemoProgress(context, text));
            var files = await run.RunAsync(cancellationToken);
            var seconds = watch.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
            context.Answer(new { simulated = true, seconds, database = run.Database, reports = files }, string.Join(Environment.NewLine, [text["Demo.Done", seconds], .. files]));
            if (!context.Json)
            {
                foreach (var audit in run.Audits)
                {
                    AuditCommand.Lines(audit, text, context.Output);
                }

                context.Say(text["Demo.Next", run.Database, run.LastDay]);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
