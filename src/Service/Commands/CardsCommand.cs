using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Ingest.Identity;
using Headroom.Reports.Language;
using Headroom.Service.Composition;
using Headroom.Storage;

namespace Headroom.Service.Commands;

/// <summary><c>headroom center cards CENTER</c>: the cards, what does not fit, and what was settled; <c>... settle CARD</c> settles it.</summary>
internal static class CardsCommand
{
    private static readonly SourceNote Person = new("headroom center cards settle", "settlement", Simulated: false, Rejects: null);

    public static Command Build(TextLookup text, CommandRunner runner)
    {
        Argument<string> id = new("ID") { Description = text["Option.Center"] };
        Command command = new("cards", text["Center.Cards.Description"]) { id };
        command.Subcommands.Add(Settle(id, text, runner));
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            await using var store = await context.OpenToReadAsync(cancellationToken);
            var center = await FindAsync(store, parsed.GetValue(id)!, context.AsOf, cancellationToken);
            Tell(context, center, await store.ReadFactsAsync(center.Id, context.AsOf, cancellationToken));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Settle(Argument<string> id, TextLookup text, CommandRunner runner)
    {
        Argument<string> card = new("CARD") { Description = text["Center.Settle.Card"] };
        Option<string?> on = new("--on") { Description = text["Center.Settle.On"], HelpName = "HOST" };
        Option<string?> two = new("--two-cards") { Description = text["Center.Settle.TwoCards"], HelpName = "HOST" };
        Option<string?> same = new("--same-as") { Description = text["Center.Settle.SameAs"], HelpName = "CARD" };
        Option<string?> apart = new("--apart-from") { Description = text["Center.Settle.ApartFrom"], HelpName = "CARD" };
        Option<bool> undo = new("--undo") { Description = text["Center.Settle.Undo"] };
        Option<string?> from = new("--from") { Description = text["Center.Settle.From"], HelpName = "T" };
        Option<string?> note = new("--note") { Description = text["Center.Settle.Note"], HelpName = "TEXT" };
        Command command = new("settle", text["Center.Settle.Description"]) { card, on, two, same, apart, undo, from, note };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var device = new DeviceId(parsed.GetValue(card)!);
            var since = parsed.GetValue(from) is { } instant ? CommandRunner.InstantArgument(instant, "--from") : context.Clock.Now();
            SettlementFact Fact(Settlement decision, string? other, string? host) => new(device, other is null ? null : new DeviceId(other), decision, host, since, parsed.GetValue(note));
            ImmutableArray<SettlementFact> asked =
            [
                .. parsed.GetValue(on) is { } host ? [Fact(Settlement.OnHost, null, host)] : Array.Empty<SettlementFact>(),
                .. parsed.GetValue(two) is { } keeper ? [Fact(Settlement.TwoCards, null, keeper)] : Array.Empty<SettlementFact>(),
                .. parsed.GetValue(same) is { } name ? [Fact(Settlement.SameCard, name, null)] : Array.Empty<SettlementFact>(),
                .. parsed.GetValue(apart) is { } neighbor ? [Fact(Settlement.ApartCards, neighbor, null)] : Array.Empty<SettlementFact>(),
            ];
            if (asked.Length + (parsed.GetValue(undo) ? 1 : 0) != 1)
            {
                throw new UserException(UserMessage.Of(MessageCode.UsageError, "settle", asked.Length, "--on HOST | --two-cards HOST | --same-as CARD | --apart-from CARD | --undo"));
            }

            await using var store = await context.OpenToWriteAsync(cancellationToken);
            var center = await FindAsync(store, parsed.GetValue(id)!, Instants.Never, cancellationToken);
            var facts = await store.ReadFactsAsync(center.Id, Instants.Never, cancellationToken);
            var decided = Numbered(facts, asked.IsEmpty ? Undone(facts, device, since, parsed.GetValue(note)) : [Known(center, facts, asked[0])]);
            await store.AppendAsync(center.Id, FactBatch.Empty with { Settlements = decided }, Person, cancellationToken);
            foreach (var settlement in decided)
            {
                Tell(context, settlement);
            }

            await IngestCommand.AccountAsync(context, text, store, center, await new CenterLibrary(store).CatalogAsync(Instants.Never, cancellationToken), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<CenterDefinition> FindAsync(IStore store, string id, long asOf, CancellationToken cancellationToken)
    {
        var library = new CenterLibrary(store);
        return await library.FindAsync(new(id), asOf, cancellationToken) ?? throw await library.UnknownAsync(id, "ID", cancellationToken);
    }

    // A typing error would settle nothing and look as if it had.
    private static SettlementFact Known(CenterDefinition center, CenterFacts facts, SettlementFact settlement)
    {
        var cards = facts.Devices.Select(device => device.Sighting.Id).Concat(facts.Inventory.Select(fact => fact.Device.Value)).ToHashSet(StringComparer.Ordinal);
        foreach (var card in (DeviceId?[])[settlement.Device, settlement.Other])
        {
            if (card is { } named && !cards.Contains(named.Value))
            {
                throw new UserException(UserMessage.Of(MessageCode.DeviceUnknown, center.Id.Value, named));
            }
        }

        var seen = facts.Devices.Where(device => device.Sighting.Id == settlement.Device.Value).SelectMany(device => device.Hosts.Select(span => span.Host).Append(device.Sighting.Host))
            .Concat(facts.Inventory.Where(fact => fact.Device == settlement.Device).Select(fact => fact.Host)).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToArray();
        return settlement.Host is not { } host || seen.Contains(host)
            ? settlement.Device != settlement.Other ? settlement : throw new UserException(UserMessage.Of(MessageCode.UsageError, "settle", settlement.Other, "--same-as | --apart-from CARD"))
            : throw new UserException(UserMessage.Of(MessageCode.UsageError, "settle", host, string.Join(" | ", seen)));
    }

    // Everything that holds about the card is open again.
    private static IEnumerable<SettlementFact> Undone(CenterFacts facts, DeviceId device, long since, string? note)
    {
        var holds = facts.Settlements.Where(settlement => settlement.Holds && (settlement.Device == device || settlement.Other == device)).ToArray();
        return holds.Length > 0
            ? holds.Select(settlement => settlement with { Decision = Settlement.Undone, Host = null, From = since, Note = note })
            : throw new UserException(UserMessage.Of(MessageCode.UsageError, "--undo", device, string.Join(" | ", facts.Settlements.Where(settlement => settlement.Holds).Select(settlement => settlement.Device))));
    }

    // The last decision on a question counts: it has the highest number.
    private static ImmutableArray<SettlementFact> Numbered(CenterFacts facts, IEnumerable<SettlementFact> decided) =>
    [
        .. decided.Select(settlement => settlement with
        {
            Revision = 1 + facts.Settlements
                .Where(known => settlement.Other is { } other ? known.IsAbout(settlement.Device, other) : known.Device == settlement.Device && known.Other is null)
                .Select(known => known.Revision)
                .DefaultIfEmpty(-1)
                .Max(),
        }),
    ];

    private static void Tell(CommandContext context, CenterDefinition center, CenterFacts facts)
    {
        foreach (var device in facts.Devices.OrderBy(device => device.Sighting.Host, StringComparer.Ordinal).ThenBy(device => device.Sighting.Slot, StringComparer.Ordinal).ThenBy(device => device.Sighting.Id, StringComparer.Ordinal))
        {
            var (card, first, last) = (device.Sighting, Instants.ToText(device.FirstSample), Instants.ToText(device.LastSample));
            context.Answer(
                new { card = card.Id, host = card.Host, slot = card.Slot, model = card.Model, first, last },
                $"{card.Id}  {card.Host ?? "-"}  {card.Slot ?? "-"}  {card.Model ?? "-"}  {first}  {last}");
        }

        foreach (var conflict in CardConflicts.Of(center, facts))
        {
            context.Answer(
                new { conflict = Word(conflict.Kind), card = conflict.Device.Value, other = conflict.Other },
                context.Text["Center.Cards.Conflict", Word(conflict.Kind), conflict.Device, conflict.Other ?? "-"]);
        }

        foreach (var settlement in facts.Settlements)
        {
            Tell(context, settlement);
        }
    }

    private static void Tell(CommandContext context, SettlementFact settlement)
    {
        var said = settlement.Decision switch
        {
            Settlement.OnHost => context.Text["Center.Settled.OnHost", settlement.Device, settlement.Host],
            Settlement.TwoCards => context.Text["Center.Settled.TwoCards", settlement.Device, settlement.Host],
            Settlement.SameCard => context.Text["Center.Settled.SameCard", settlement.Device, settlement.Other],
            Settlement.ApartCards => context.Text["Center.Settled.ApartCards", settlement.Device, settlement.Other],
            _ => context.Text["Center.Settled.Undone", settlement.Device, settlement.Other?.Value ?? "-"],
        };
        context.Answer(
            new
            {
                settled = Word(settlement.Decision),
                card = settlement.Device.Value,
                other = settlement.Other?.Value,
                host = settlement.Host,
                from = Instants.ToText(settlement.From),
                decision = settlement.Revision + 1,
                note = settlement.Note,
            },
            context.Text["Center.Settled.Line", said, Instants.ToText(settlement.From), settlement.Note ?? "-"]);
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
