using System.CommandLine;
using Headroom.Analytics.Demand;
using Headroom.Domain.Time;
using Headroom.Reports.Feeds;
using Headroom.Reports.Language;
using Headroom.Service.Composition;
using Headroom.Service.Rendering;

namespace Headroom.Service.Commands;

/// <summary><c>headroom demand --center ID | --network | --observed FILE [--jobs FILE] [--runtimes FILE] [--horizon N] [--seed N] --out FILE</c>.</summary>
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
        Option<DateOnly?> clearBy = new("--clear-by") { Description = text["Demand.ClearBy"], HelpName = "DAY" };
        horizon.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > LongestHorizon)
            {
                result.AddError(text["Demand.HorizonRange"]);
            }
        });
        Option<bool> network = new("--network") { Description = text["Demand.Network"] };
        Command command = new("demand", text["Demand.Description"]) { horizon, regime, clearBy, target, network };
        source.AddTo(command, text, network);
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            if (parsed.GetValue(network))
            {
                await WriteNetworkAsync(context, parsed.GetValue(target)!, cancellationToken);
                return ExitCode.Done;
            }

            var hours = parsed.GetValue(horizon);
            var subject = await source.ReadAsync(context, parsed, capacity: null, cancellationToken);
            var input = subject.Input with { Horizon = hours, IsLoss = parsed.GetValue(regime) == "loss" };
            var (findings, by) = (DemandFindings.Of(input, subject.Clock), parsed.GetValue(clearBy));
            DemandFindings.Check("--clear-by", by, findings.Day);
            var output = parsed.GetValue(target)!;
            await OutputFile.WriteAsync(output, writer => DemandOutput.WriteHours(writer, findings.Answer, hours), cancellationToken);
            await OutputFile.WriteAsync($"{output}.json", writer => DemandOutput.WriteAnswer(writer, findings, by), cancellationToken);
            context.Answer(DemandOutput.Machine(findings, by), string.Join(Environment.NewLine, DemandSentence.Of(text, findings, by)));
            return findings.Answer is DemandAnswer.Refused ? ExitCode.Refused : ExitCode.Done;
        });
        return command;
    }

    private static async Task WriteNetworkAsync(CommandContext context, string output, CancellationToken cancellationToken)
    {
        await using var store = await context.OpenToReadAsync(cancellationToken);
        var centers = await new CenterLibrary(store).ListAsync(context.AsOf, cancellationToken);
        var demand = await NetworkDemand.ReadAsync(store, centers, Math.Min(context.AsOf, context.Clock.Now()), context.AsOf, cancellationToken);
        await OutputFile.WriteAsync(output, demand.WriteParts, cancellationToken);
        await OutputFile.WriteAsync($"{output}.json", demand.WriteAnswer, cancellationToken);
        context.Answer(demand.Machine(), string.Join(Environment.NewLine, Lines(context.Text, demand)));
    }

    private static IEnumerable<string> Lines(TextLookup text, NetworkDemand demand)
    {
        yield return text["Demand.Network.Headline", demand.Centers.Length, Instants.ToText(demand.At)];
        foreach (var (precision, part, low, high) in demand.Parts())
        {
            yield return text[low == high ? "Demand.Network.Known" : "Demand.Network.Range", precision.ToString().ToUpperInvariant(), text[$"Demand.Network.Part.{part}"], low, high];
        }

        foreach (var set in demand.Twice)
        {
            yield return FiledTwiceText.Of(text, set);
        }
    }
}
