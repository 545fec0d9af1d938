using System.CommandLine;
using Headroom.Analytics.Demand;
using Headroom.Analytics.Saturation;
using Headroom.Reports.Language;
using Headroom.Service.Composition;
using Headroom.Service.Rendering;

namespace Headroom.Service.Commands;

/// <summary><c>headroom saturation --center ID | --observed FILE [--jobs FILE] [--capacity FILE] [--theta 0.9] [--horizon N] --out FILE.json</c>.</summary>
internal static class SaturationCommand
{
    private const int LongestHorizonDays = 3_650;

    public static Command Build(TextLookup text, CommandRunner runner)
    {
        var source = new DemandSource(text);
        Option<string?> capacity = new("--capacity") { Description = text["Saturation.Capacity"], HelpName = "FILE" };
        Option<double> theta = new("--theta") { Description = text["Saturation.Theta"], HelpName = "0.9", DefaultValueFactory = _ => 0.9 };
        Option<int> horizon = new("--horizon") { Description = text["Saturation.Horizon"], HelpName = "N", DefaultValueFactory = _ => 365 };
        Option<string> target = new("--out") { Description = text["Saturation.Out"], HelpName = "FILE.json", Required = true };
        theta.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 1))
            {
                result.AddError(text["Saturation.ThetaRange"]);
            }
        });
        horizon.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > LongestHorizonDays)
            {
                result.AddError(text["Saturation.HorizonRange"]);
            }
        });
        Command command = new("saturation", text["Saturation.Description"]) { capacity, theta, horizon, target };
        source.AddTo(command, text);
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var subject = await source.ReadAsync(context, parsed, parsed.GetValue(capacity), cancellationToken);
            var answer = SaturationForecast.Of(new(LatentDemand.Of(subject.Input), subject.Input.Observed, subject.Clock)
            {
                Capacity = subject.Capacity,
                Applied = subject.Input.Applied,
                Packing = QueueCauses.Of(subject.Input).Packing,
                Theta = parsed.GetValue(theta),
                HorizonDays = parsed.GetValue(horizon),
                Seed = subject.Input.Seed,
            });
            await OutputFile.WriteAsync(parsed.GetValue(target)!, writer => SaturationOutput.Write(writer, answer), cancellationToken);
            context.Answer(SaturationOutput.Machine(answer), DemandSentence.Of(text, answer));
            return answer is SaturationAnswer.NotIdentifiable ? ExitCode.Refused : ExitCode.Done;
        });
        return command;
    }
}
