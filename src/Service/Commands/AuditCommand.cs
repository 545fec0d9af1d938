using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Headroom.Domain.Messages;
using Headroom.Reports.Audits;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;
using Headroom.Service.Composition;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Commands;

/// <summary><c>headroom audit --center ID [--claim "U>=0.90" --from D --to D]</c>: under which definitions a published sentence holds.</summary>
internal static class AuditCommand
{
    public static Command Build(TextLookup text, CommandRunner runner)
    {
        Option<string> center = new("--center") { Description = text["Option.Center"], HelpName = "ID", Required = true };
        Option<string?> claim = new("--claim") { Description = text["Audit.Claim"], HelpName = "U>=0.90" };
        Option<string?> from = new("--from") { Description = text["Audit.From"], HelpName = "D" };
        Option<string?> to = new("--to") { Description = text["Audit.To"], HelpName = "D" };
        Command command = new("audit", text["Audit.Description"]) { center, claim, from, to };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var term = parsed.GetValue(claim) is { } asked
                ? ClaimTerm.Parse(asked) ?? throw new UserException(UserMessage.Of(MessageCode.UsageError, "--claim", asked, "U>=0.90, U3>90%, U1s<=0.5"))
                : null;
            var (first, last) = (Day(parsed.GetValue(from), "--from"), Day(parsed.GetValue(to), "--to"));
            if ((term is null) != (first is null) || (term is null) != (last is null) || first > last)
            {
                throw new UserException(UserMessage.Of(MessageCode.UsageError, "--from, --to", $"{parsed.GetValue(from)} {parsed.GetValue(to)}", "--claim \"U>=0.90\" --from 2021-06-18 --to 2021-12-18"));
            }

            await using var store = await context.OpenToReadAsync(cancellationToken);
            var library = new CenterLibrary(store);
            var definition = await library.FindAsync(new(parsed.GetValue(center)!), context.AsOf, cancellationToken)
                ?? throw await library.UnknownAsync(parsed.GetValue(center)!, "--center", cancellationToken);
            var catalog = await library.CatalogAsync(context.AsOf, cancellationToken);
            var devices = new CenterDevices(definition, await store.ReadFactsAsync(definition.Id, context.AsOf, cancellationToken));
            var desk = new AuditDesk(store, context.Clock);
            var audits = term is not null
                ? [await desk.AuditAsync(devices, catalog, term, first!.Value, last!.Value, context.AsOf, claim: null, cancellationToken)]
                : await desk.PublishedAsync(devices, catalog, context.AsOf, cancellationToken);
            Print(audits, context);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Audits as lines for a person, or one JSON line.</summary>
    public static void Print(ImmutableArray<ClaimAudit> audits, CommandContext context)
    {
        if (context.Json)
        {
            context.Answer(audits.Select(Machine), "");
            return;
        }

        if (audits.IsEmpty)
        {
            context.Output.WriteLine(context.Text["Audit.NoneAuditable"]);
        }

        foreach (var audit in audits)
        {
            Lines(audit, context.Text, context.Output);
        }
    }

    public static void Lines(ClaimAudit audit, TextLookup text, TextWriter output)
    {
        if (audit.Claim is { } claim)
        {
            output.WriteLine(text["Audit.Published", claim.Text.In(text.Name), Dates.Iso(claim.Date), claim.Source.In(text.Name)]);
        }

        output.WriteLine(text["Audit.Term", audit.Term, Dates.Iso(audit.From), Dates.Iso(audit.To)]);
        if (audit.Pools.IsEmpty)
        {
            output.WriteLine(text["Audit.NothingInstalled"]);
        }

        foreach (var pool in audit.Pools)
        {
            output.WriteLine($"  {pool.Name.In(text.Name)}");
            foreach (var verdict in pool.Tests.GroupBy(test => test.Verdict).OrderBy(group => group.Key))
            {
                output.WriteLine($"    {text[$"Audit.Verdict.{verdict.Key}"]}");
                foreach (var test in verdict)
                {
                    output.WriteLine($"      {test.Value.Metric.Name,-4}{text[$"Audit.Reading.{test.Reading}"]}: {Value(test.Value, text)}");
                }
            }
        }
    }

    private static string Value(Figure figure, TextLookup text)
    {
        var headline = FigureText.Headline(figure, text);
        return figure.Coverage is { } coverage
            ? text["Audit.Value", headline, FigureText.Quantity(coverage, figure.Unit, text), FigureText.Bounds(figure, text)]
            : headline;
    }

    private static object Machine(ClaimAudit audit) => new
    {
        claim = audit.Term.ToString(),
        from = Dates.Iso(audit.From),
        to = Dates.Iso(audit.To),
        published = audit.Claim is { } claim ? Dates.Iso(claim.Date) : null,
        pools = audit.Pools.Select(pool => new
        {
            pool = pool.Pool.Value,
            tests = pool.Tests.Select(test => new
            {
                metric = test.Value.Metric.ToString(),
                reading = Word(test.Reading),
                verdict = Word(test.Verdict),
                value = test.Value.Value,
                coverage = test.Value.Coverage,
                low = test.Value.Low,
                high = test.Value.High,
            }),
        }),
    };

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static DateOnly? Day(string? argument, string option) => argument is null
        ? null
        : DateOnly.TryParseExact(argument, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new UserException(UserMessage.Of(MessageCode.UsageError, option, argument, "2021-06-18"));
}
