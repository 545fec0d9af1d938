using System.CommandLine;
using Headroom.Analytics.Demand;
using Headroom.Reports.Language;
using Headroom.Service.Composition;
using Headroom.Service.Rendering;

namespace Headroom.Service.Commands;

/// <summary><c>headroom demand --center ID | --observed FILE [--jobs FILE] [--runtimes FILE] [--horizon N] [--seed N] --out FILE</c>.</summary>
internal static class DemandCommand
{
    private const int LongestHorizon = 100_000;

    public static Command Build(TextLookup text, CommandRunner runner)
    {
        var source = new DemandSource(text);
        Option<int> horizon = new("--horizon") { Description = text["Demand.Horizon"], HelpName = "N" };
        Option<string> target = new("--out") { Description = text["Demand.Out"], HelpName = "FILE", Required = true };
        Option<string> regime = new("--regime") { Description = text["Demand.Regime"], HelpName = "R", DefaultValueFactory = _ => "queue" };
        regime.AcceptOnlyFromAmong("queue", "loss");
        horizon.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > LongestHorizon)
            {
                result.AddError(text["Demand.HorizonRange"]);
            }
        });
        Command command = new("demand", text["Demand.Description"]) { horizon, regime, target };
        source.AddTo(command, text);
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var hours = parsed.GetValue(horizon);
            var subject = await source.ReadAsync(context, parsed, capacity: null, cancellationToken);
            var input = subject.Input with { Horizon = hours, IsLoss = parsed.GetValue(regime) == "loss" };
            var (answer, causes) = (LatentDemand.Of(input), QueueCauses.Of(input));
            var output = parsed.GetValue(target)!;
            await OutputFile.WriteAsync(output, writer => DemandOutput.WriteHours(writer, answer, hours), cancellationToken);
            await OutputFile.WriteAsync($"{output}.json", writer => DemandOutput.WriteAnswer(writer, answer, causes), cancellationToken);
            context.Answer(DemandOutput.Machine(answer, causes), DemandSentence.Of(text, answer));
            return answer is DemandAnswer.Refused ? ExitCode.Refused : ExitCode.Done;
        });
        return command;
    }
}
