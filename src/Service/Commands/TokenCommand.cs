using System.CommandLine;
using System.Globalization;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Reports.Language;
using Headroom.Service.Access;

namespace Headroom.Service.Commands;

/// <summary><c>headroom token add|list|revoke</c>: who may send and ask.</summary>
internal static class TokenCommand
{
    public static Command Build(TextLookup text, CommandRunner runner) => new("token", text["Token.Description"])
    {
        Add(text, runner),
        List(text, runner),
        Revoke(text, runner),
    };

    private static Command Add(TextLookup text, CommandRunner runner)
    {
        Option<string> name = new("--name") { Description = text["Token.Name"], HelpName = "TEXT", Required = true };
        Option<string[]> scope = new("--scope") { Description = text["Token.Scope"], HelpName = "ingest|read", Required = true, AllowMultipleArgumentsPerToken = true };
        scope.AcceptOnlyFromAmong("ingest", "read");
        Option<string?> center = new("--center") { Description = text["Token.Center"], HelpName = "ID" };
        Option<string?> expires = new("--expires") { Description = text["Token.Expires"], HelpName = "T" };
        Command command = new("add", text["Token.Add.Description"]) { name, scope, center, expires };
        runner.Set(command, (context, parsed, _) =>
        {
            var scopes = parsed.GetValue(scope)!.Aggregate(TokenScope.None, (all, word) => all | (word == "ingest" ? TokenScope.Ingest : TokenScope.Read));
            var end = parsed.GetValue(expires) is { } argument ? CommandRunner.InstantArgument(argument, "--expires") : (long?)null;
            if (end <= context.Clock.Now())
            {
                throw new UserException(UserMessage.Of(MessageCode.UsageError, "--expires", parsed.GetValue(expires), "> " + Instants.ToText(context.Clock.Now())));
            }

            var file = new TokenFile(context.Database);
            var (token, secret) = AccessToken.New(parsed.GetValue(name)!, scopes, parsed.GetValue(center), context.Clock.Now(), end);
            file.Write([.. file.Read(), token]);
            context.Say(text["Token.Add.Once"]);
            context.Answer(new { id = token.Id, token = secret }, $"{token.Id}  {secret}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static Command List(TextLookup text, CommandRunner runner)
    {
        Command command = new("list", text["Token.List.Description"]);
        runner.Set(command, (context, _, _) =>
        {
            foreach (var token in new TokenFile(context.Database).Read())
            {
                var state = token.Revoked is not null ? "revoked" : token.IsGoodAt(context.Clock.Now()) ? "good" : "expired";
                var told = state switch { "revoked" => text["Token.State.revoked"], "good" => text["Token.State.good"], _ => text["Token.State.expired"] };
                context.Answer(
                    new { id = token.Id, name = token.Name, scopes = Scopes(token), center = token.Center, created = Instants.ToText(token.Created), expires = Text(token.Expires), revoked = Text(token.Revoked), state },
                    string.Create(CultureInfo.InvariantCulture, $"{token.Id}  {token.Name}  {string.Join(',', Scopes(token))}  {token.Center ?? "*"}  {Text(token.Expires) ?? "-"}  {told}"));
            }

            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static Command Revoke(TextLookup text, CommandRunner runner)
    {
        Argument<string> id = new("ID") { Description = text["Token.Id"] };
        Command command = new("revoke", text["Token.Revoke.Description"]) { id };
        runner.Set(command, (context, parsed, _) =>
        {
            var file = new TokenFile(context.Database);
            var tokens = file.Read();
            var token = tokens.FirstOrDefault(token => token.Id == parsed.GetValue(id))
                ?? throw new UserException(UserMessage.Of(MessageCode.UsageError, "ID", parsed.GetValue(id), string.Join(", ", tokens.Select(known => known.Id))));
            file.Write(tokens.Replace(token, token with { Revoked = token.Revoked ?? context.Clock.Now() }));
            context.Answer(new { id = token.Id, revoked = true }, text["Token.Revoked", token.Id, token.Name]);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static string[] Scopes(AccessToken token) =>
        [.. Enum.GetValues<TokenScope>().Where(scope => scope != TokenScope.None && token.Scopes.HasFlag(scope)).Select(scope => scope.ToString().ToLowerInvariant())];

    private static string? Text(long? instant) => instant is { } at ? Instants.ToText(at) : null;
}
