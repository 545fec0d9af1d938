using System.CommandLine;
using System.Globalization;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Reports.Language;
using Headroom.Service.Composition;

namespace Headroom.Service.Commands;

/// <summary><c>headroom center add|catalog|list|show|cards</c>.</summary>
internal static class CenterCommand
{
    public static Command Build(TextLookup text, CommandRunner runner) => new("center", text["Center.Description"])
    {
        Add(text, runner),
        Catalog(text, runner),
        List(text, runner),
        Show(text, runner),
        CardsCommand.Build(text, runner),
    };

    private static Command Add(TextLookup text, CommandRunner runner)
    {
        Argument<string[]> files = new("FILE") { Description = text["Center.Add.Files"], Arity = ArgumentArity.OneOrMore };
        Command command = new("add", text["Center.Add.Description"]) { files };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            var centers = parsed.GetValue(files)!.Select(file => (file, center: CenterLibrary.ReadFile(file))).ToList();
            await using var store = await context.OpenToWriteAsync(cancellationToken);
            var library = new CenterLibrary(store);
            foreach (var (file, center) in centers)
            {
                var isNew = await library.SaveAsync(center, cancellationToken);
                context.Answer(
                    new { center = center.Definition.Id.Value, file, version = isNew ? "new" : "same" },
                    text[isNew ? "Center.Add.New" : "Center.Add.Same", center.Definition.Id, file]);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Catalog(TextLookup text, CommandRunner runner)
    {
        Argument<string> file = new("FILE") { Description = text["Center.Catalog.File"] };
        Command command = new("catalog", text["Center.Catalog.Description"]) { file };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            await using var store = await context.OpenToWriteAsync(cancellationToken);
            var models = await new CenterLibrary(store).SaveCatalogAsync(parsed.GetValue(file)!, cancellationToken);
            context.Answer(new { models }, text["Center.Catalog.Done", models]);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command List(TextLookup text, CommandRunner runner)
    {
        Command command = new("list", text["Center.List.Description"]);
        runner.Set(command, async (context, _, cancellationToken) =>
        {
            await using var store = await context.OpenToReadAsync(cancellationToken);
            foreach (var center in await new CenterLibrary(store).ListAsync(context.AsOf, cancellationToken))
            {
                context.Answer(
                    new { center = center.Id.Value, name = center.Name.In(text.Name), zone = center.Zone, pools = center.Pools.Length, draft = center.Draft },
                    $"{center.Id}  {center.Name.In(text.Name)}  {center.Zone}" + (center.Draft ? $"  ({text["Center.Show.Draft"]})" : ""));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show(TextLookup text, CommandRunner runner)
    {
        Argument<string> id = new("ID") { Description = text["Option.Center"] };
        Command command = new("show", text["Center.Show.Description"]) { id };
        runner.Set(command, async (context, parsed, cancellationToken) =>
        {
            await using var store = await context.OpenToReadAsync(cancellationToken);
            var library = new CenterLibrary(store);
            var center = await library.FindAsync(new(parsed.GetValue(id)!), context.AsOf, cancellationToken)
                ?? throw await library.UnknownAsync(parsed.GetValue(id)!, "--center", cancellationToken);
            var catalog = await library.CatalogAsync(context.AsOf, cancellationToken);
            var facts = await store.ReadFactsAsync(center.Id, context.AsOf, cancellationToken);
            var machine = new
            {
                center = center.Id.Value,
                name = center.Name.In(text.Name),
                zone = center.Zone,
                draft = center.Draft,
                devices = facts.Devices.Length,
                pools = center.Pools.Select(pool => new { pool = pool.Id.Value, precision = pool.Precision.ToString(), nameplate_p = pool.Nameplate, model = pool.Model, devices = pool.Devices, catalog_p = CatalogSum(pool, catalog), assumed = pool.DevicesProvenance.Assumed }),
                claims = center.Claims.Select(claim => new { text = claim.Text.In(text.Name), date = claim.Date, source = claim.Source.In(text.Name), metric = claim.Metric }),
            };
            context.Answer(machine, string.Join(Environment.NewLine, Lines(text, center, catalog, facts.Devices.Length, facts.Telemetry)));
            return ExitCode.Done;
        });
        return command;
    }

    private static IEnumerable<string> Lines(TextLookup text, CenterDefinition center, CardCatalog catalog, int devices, Window telemetry)
    {
        yield return $"{center.Id}  {center.Name.In(text.Name)}  {center.Zone}";
        if (center.Draft)
        {
            yield return text["Center.Show.Draft"];
        }

        foreach (var pool in center.Pools)
        {
            var provenance = pool.DevicesProvenance.Assumed ? text["Center.Show.Assumed"] : text["Center.Show.Published", pool.DevicesProvenance.Date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? ""];
            yield return text[
                "Center.Show.Pool",
                pool.Id,
                pool.Name.In(text.Name),
                pool.Nameplate is { } nameplate ? Petaflops(nameplate, pool) : text["Center.Show.NotPublished"],
                pool.Devices?.ToString(CultureInfo.InvariantCulture) ?? "?",
                pool.Model ?? "?",
                CatalogSum(pool, catalog) is { } sum ? Petaflops(sum, pool) : text["Center.Show.Unrated"],
                provenance];
        }

        foreach (var claim in center.Claims)
        {
            yield return text["Center.Show.Claim", claim.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), claim.Text.In(text.Name), claim.Source.In(text.Name)];
        }

        yield return text["Center.Show.Devices", devices, telemetry.IsEmpty ? "-" : telemetry];
    }

    private static string Petaflops(double value, PoolDefinition pool) =>
        string.Create(CultureInfo.InvariantCulture, $"{value:0.###} P {pool.Precision.ToString().ToUpperInvariant()}");

    // P at the pool's own precision; null where devices are counted only.
    private static double? CatalogSum(PoolDefinition pool, CardCatalog catalog) =>
        pool.Devices is { } devices && catalog.Find(pool.Model)?.RatingMflops(pool.Precision) is { } rating ? devices * (rating / 1e9) : null;
}
