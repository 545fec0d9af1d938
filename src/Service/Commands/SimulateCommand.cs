using System.Collections.Immutable;
using System.CommandLine;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Ingest.Catalogs;
using Headroom.Reports.Language;
using Headroom.Service.Composition;
using Headroom.Service.Endpoints;
using Headroom.Simulation;
using Headroom.Simulation.Pages;
using Headroom.Simulation.Plans;
using Headroom.Simulation.Records;

namespace Headroom.Service.Commands;

/// <summary><c>headroom simulate CENTER.yaml --from D --to D --seed N [--out DIR | --serve URL --speed X]</c>.</summary>
internal static class SimulateCommand
{
    public static Command Build(TextLookup text, CommandRunner runner)
    {
        Argument<string> file = new("CENTER.yaml") { Description = text["Simulate.File"] };
        Option<string?> from = new("--from") { Description = text["Simulate.From"], HelpName = "D" };
        Option<string?> to = new("--to") { Description = text["Simulate.To"], HelpName = "D" };
        Option<ulong> seed = new("--seed") { Description = text["Option.Seed"], HelpName = "N", DefaultValueFactory = _ => 1 };
        Option<string?> folder = new("--out") { Description = text["Option.Out"], HelpName = "DIR" };
        Option<string?> serve = new("--serve") { Description = text["Simulate.Serve"], HelpName = "URL" };
        Option<double> speed = new("--speed") { Description = text["Simulate.Speed"], HelpName = "X", DefaultValueFactory = _ => 1 };
        Option<double?> demand = new("--demand") { Description = text["Simulate.Demand"], HelpName = "P" };
        Option<string?> exporter = new("--exporter") { Description = text["Simulate.Exporter"], HelpName = "E" };
        exporter.AcceptOnlyFromAmong("npu-exporter", "npu-exporter-5", "dcgm-exporter");
        Command command = new("simulate", text["Simulate.Description"]) { file, from, to, seed, folder, serve, speed, exporter, demand };
        command.Validators.Add(result =>
        {
            if (result.GetValue(folder) is null == result.GetValue(serve) is null)
            {
                result.AddError(text["Simulate.OneOf"]);
            }
        });
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var center = CenterLibrary.ReadFile(parsed.GetValue(file)!).Definition;
            var today = center.Clock().DayOf(context.Clock.Now());
            var serving = parsed.GetValue(serve);
            var demo = SimulationPlan.Demo(center);
            var first = parsed.GetValue(from) is { } begin ? ReportCommand.DayArgument(begin) : serving is null ? demo.From : today.AddDays(-1);
            var last = parsed.GetValue(to) is { } end ? ReportCommand.DayArgument(end) : serving is null ? demo.Until.AddDays(-1) : today.AddDays(7);
            if (last < first)
            {
                throw new UserException(UserMessage.Of(MessageCode.UsageError, "--to", $"{last:O}", $">= {first:O}"));
            }

            var isDemo = first == demo.From && last.AddDays(1) == demo.Until;
            var plan = demo with { From = first, Until = last.AddDays(1), Opens = isDemo && demo.Opens, TelemetryFrom = isDemo ? demo.TelemetryFrom : null, Seed = parsed.GetValue(seed), Pools = Pools(demo, center, parsed.GetValue(demand)) };
            var simulated = Simulator.Run(center, plan, CardCatalogFile.Load(Path.Combine(CenterLibrary.ShippedFolder, "card-models.csv")));
            if (serving is not null)
            {
                ExporterDialect? dialect = parsed.GetValue(exporter) switch
                {
                    "npu-exporter" => ExporterDialect.Npu7,
                    "npu-exporter-5" => ExporterDialect.Npu5,
                    "dcgm-exporter" => ExporterDialect.Dcgm,
                    _ => null,
                };
                var pages = new ExporterPages(simulated);
                await ExporterServer.RunAsync(
                    pages,
                    new SimulatedTime(context.Clock, simulated.Window, parsed.GetValue(speed)),
                    dialect,
                    serving,
                    () => context.Answer(new { simulated = true, hosts = pages.Hosts.Length, url = serving }, text["Simulate.Serving", pages.Hosts.Length, serving]),
                    cancellationToken);
                return ExitCode.Done;
            }

            var target = parsed.GetValue(folder)!;
            await SimulationFiles.WriteAsync(simulated, target, day => context.Say($"{day:O}"), cancellationToken);
            var listed = Instants.ToText(simulated.Window.Until);
            context.Answer(
                new { simulated = true, days = plan.Until.DayNumber - plan.From.DayNumber, @out = target, jobs_listed_at = listed },
                text["Simulate.Done", plan.Until.DayNumber - plan.From.DayNumber, target, center.Id.Value, listed]);
            return ExitCode.Done;
        });
        return command;
    }

    // Of the AI pools only: P of two precisions are never one number.
    private static ImmutableArray<PoolPlan> Pools(SimulationPlan demo, CenterDefinition center, double? petaflops) => petaflops is not { } asked
        ? demo.Pools
        : [.. center.Pools.Select(pool => pool.Precision == Precision.Fp16 ? demo.For(pool.Id) with { Demand = new DemandTarget.InPetaflops(asked) } : demo.For(pool.Id))];
}
