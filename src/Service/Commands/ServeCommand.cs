using System.CommandLine;
using Headroom.Domain.Messages;
using Headroom.Reports.Language;
using Headroom.Service.Access;
using Headroom.Service.Composition;
using Microsoft.Extensions.Options;

namespace Headroom.Service.Commands;

/// <summary><c>headroom serve [--urls U] [--behind-proxy]</c>: API, pages and collectors, until stopped.</summary>
internal static class ServeCommand
{
    public static Command Build(TextLookup text, CommandRunner runner)
    {
        Option<string> urls = new("--urls") { Description = text["Serve.Urls"], HelpName = "U", DefaultValueFactory = _ => ServeAddress.Default };
        Option<bool> behindProxy = new("--behind-proxy") { Description = text["Serve.BehindProxy"] };
        Command command = new("serve", text["Serve.Description"]) { urls, behindProxy };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var proxied = parsed.GetValue(behindProxy);
            var settings = new ServeSettings(ServeAddress.Parse(parsed.GetValue(urls)!, proxied), proxied, context.Database);
            await using var store = await context.OpenToWriteAsync(cancellationToken);
            await new CenterLibrary(store).CatalogOrShippedAsync(cancellationToken);
            await using var host = await StartAsync(store, settings, context.Clock, cancellationToken);
            context.Answer(new { urls = host.Addresses, database = context.Database }, text["Serve.Serving", string.Join(" ", host.Addresses), context.Database]);
            await host.WaitAsync(cancellationToken);
            await host.StopAsync();
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<ServeHost> StartAsync(Storage.IStore store, ServeSettings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            return await ServeHost.StartAsync(store, settings, clock, cancellationToken);
        }
        catch (OptionsValidationException problem)
        {
            throw new UserException([.. problem.Failures.Select(failure => UserMessage.Of(MessageCode.UsageError, "HEADROOM_Serve", failure))], problem);
        }
        catch (IOException problem)
        {
            throw new UserException(UserMessage.Of(MessageCode.UsageError, "--urls", problem.Message, ServeAddress.Default), problem);
        }
    }
}
