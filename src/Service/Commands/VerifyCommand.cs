using System.CommandLine;
using Headroom.Reports.Language;
using Headroom.Service.Composition;

namespace Headroom.Service.Commands;

/// <summary><c>headroom verify identity|store</c>: 0 when all is well, 1 when not.</summary>
internal static class VerifyCommand
{
    public static Command Build(TextLookup text, CommandRunner runner) => new("verify", text["Verify.Description"])
    {
        Identity(text, runner),
        Store(text, runner),
    };

    private static Command Identity(TextLookup text, CommandRunner runner)
    {
        Option<string?> from = new("--from") { Description = text["Verify.Identity.From"], HelpName = "D" };
        Option<string?> to = new("--to") { Description = text["Verify.Identity.To"], HelpName = "D" };
        Command command = new("identity", text["Verify.Identity.Description"]) { from, to };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var first = parsed.GetValue(from) is { } begin ? ReportCommand.DayArgument(begin) : (DateOnly?)null;
            var until = parsed.GetValue(to) is { } end ? ReportCommand.DayArgument(end).AddDays(1) : (DateOnly?)null;
            var watch = System.Diagnostics.Stopwatch.StartNew();
            await using var store = await context.OpenToReadAsync(cancellationToken);
            var check = await new IdentityCheck(store, new CenterLibrary(store)).RunAsync(first, until, context.AsOf, cancellationToken);
            context.Answer(
                new
                {
                    card_days = check.CardDays,
                    model_days = check.ModelDays,
                    tenant_days = check.TenantDays,
                    centers = check.Centers,
                    residual_us = long.CreateSaturating(check.ResidualMicros),
                    seconds = Math.Round(watch.Elapsed.TotalSeconds, 1),
                },
                text["Verify.Identity.Done", check.CardDays, check.Centers, check.ResidualMicros]
                    + text["Verify.Identity.More", check.ModelDays, check.TenantDays, check.CardResidual, check.ModelResidual, check.TenantResidual, check.SumResidual, check.NetworkResidual]);
            return check.ResidualMicros == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static Command Store(TextLookup text, CommandRunner runner)
    {
        Command command = new("store", text["Verify.Store.Description"]);
        runner.Set(command, async (context, _, cancellationToken) =>
        {
            await using var store = await context.OpenToReadAsync(cancellationToken);
            var (compared, stale, faults) = await StoreCheck.RunAsync(store, context.Clock, cancellationToken);
            foreach (var fault in faults)
            {
                context.Say(text["Verify.Store.Fault", fault.Place, text[$"Verify.Fault.{fault.Kind}"], text[$"Verify.ToDo.{fault.Kind}"]]);
            }

            context.Say(text["Verify.Store.Raw", compared]);
            if (stale > 0)
            {
                context.Say(text["Verify.Store.Stale", stale]);
            }

            var hash = faults.Count == 0 ? await store.ContentHashAsync(cancellationToken) : null;
            if (context.Json || hash is not null)
            {
                context.Answer(
                    new
                    {
                        content_hash = hash,
                        faults = faults.Count,
                        fault = faults.Select(fault => new { place = fault.Place, what = text[$"Verify.Fault.{fault.Kind}"], detail = fault.Detail, to_do = text[$"Verify.ToDo.{fault.Kind}"] }),
                        card_days_compared = compared,
                        card_days_stale = stale,
                    },
                    text["Verify.Store.Clean", hash]);
            }

            return faults.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
