using System.CommandLine;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Reports.Language;
using Headroom.Service.Access;
using Headroom.Service.Composition;
using Microsoft.Extensions.Options;

namespace Headroom.Service.Commands;

/// <summary><c>headroom serve [--urls U] [--behind-proxy] [--certificate FILE] [--require-tokens]</c>: API, pages and collectors, until stopped.</summary>
internal static class ServeCommand
{
    public static Command Build(TextLookup text, CommandRunner runner)
    {
        Option<string> urls = new("--urls") { Description = text["Serve.Urls"], HelpName = "U", DefaultValueFactory = _ => ServeAddress.Default };
        Option<bool> behindProxy = new("--behind-proxy") { Description = text["Serve.BehindProxy"] };
        Option<bool> requireTokens = new("--require-tokens") { Description = text["Serve.RequireTokens"] };
        Option<string?> certificate = new("--certificate") { Description = text["Serve.Certificate"], HelpName = "FILE" };
        Option<string?> key = new("--certificate-key") { Description = text["Serve.CertificateKey"], HelpName = "FILE" };
        Option<string?> password = new("--certificate-password-file") { Description = text["Serve.CertificatePassword"], HelpName = "FILE" };
        Command command = new("serve", text["Serve.Description"]) { urls, behindProxy, requireTokens, certificate, key, password };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var proxied = parsed.GetValue(behindProxy);
            using var served = parsed.GetValue(certificate) is { } file ? ServeCertificate.Load(file, parsed.GetValue(key), parsed.GetValue(password)) : null;
            var hasTokens = new TokenFile(context.Database).Read().Any(token => token.IsGoodAt(context.Clock.Now()));
            var addresses = ServeAddress.Parse(parsed.GetValue(urls)!, proxied, hasTokens, served is not null);
            var settings = new ServeSettings(addresses, proxied, context.Database)
            {
                Certificate = served,
                RequireTokens = parsed.GetValue(requireTokens) || (!proxied && !ServeAddress.AreLoopback(addresses)),
            };
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
