using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using Headroom.Ingest.Catalogs;
using Headroom.Ingest.Centers;
using Headroom.Storage;

namespace Headroom.Service.Composition;

/// <summary>A center file as it was read: what it says, and its words.</summary>
internal sealed record CenterFileText(CenterDefinition Definition, string Content);

/// <summary>Center files and card catalogs on their way into the store and out of it. Everything downstream reads versions, never files.</summary>
internal sealed class CenterLibrary(IStore store)
{
    internal const string CatalogId = "card-models";

    // A draft has no file; its version says only that it is one.
    private const string DraftContent = "";

    /// <summary>The files that come with the product.</summary>
    public static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "data");

    public static string ShippedCenter(string id) => Path.Combine(ShippedFolder, "centers", $"{id}.yaml");

    /// <exception cref="UserException">Missing, unreadable, or not a center file; every problem of it at once.</exception>
    public static CenterFileText ReadFile(string path)
    {
        var definition = CenterFile.Load(path);
        return new(definition, File.ReadAllText(path));
    }

    /// <summary>False when the store's newest version says the same. Where it changes what card-hours are made by, they become dirty.</summary>
    public async Task<bool> SaveAsync(CenterFileText file, CancellationToken cancellationToken)
    {
        var before = await FindAsync(file.Definition.Id, Instants.Never, cancellationToken) ?? CenterDefinition.NewDraft(file.Definition.Id);
        return await store.SaveDocumentAsync(
            DocumentKind.Center, file.Definition.Id.Value, file.Content, HasSameHours(before, file.Definition) ? [] : [file.Definition.Id], cancellationToken);
    }

    public async Task<CenterDefinition?> FindAsync(CenterId id, long asOf, CancellationToken cancellationToken) =>
        await store.FindDocumentAsync(DocumentKind.Center, id.Value, asOf, cancellationToken) is { } version ? Parse(version) : null;

    /// <summary>The center, or a draft made for an ingest that names one nobody described.</summary>
    public async Task<CenterDefinition> FindOrDraftAsync(CenterId id, Action<UserMessage> say, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, Instants.Never, cancellationToken) is { } known)
        {
            return known;
        }

        await store.SaveDocumentAsync(DocumentKind.Center, id.Value, DraftContent, cancellationToken);
        say(UserMessage.Of(MessageCode.CenterDrafted, "--center", id));
        return CenterDefinition.NewDraft(id);
    }

    public async Task<IReadOnlyList<CenterDefinition>> ListAsync(long asOf, CancellationToken cancellationToken) =>
        [.. (await store.ListDocumentsAsync(DocumentKind.Center, asOf, cancellationToken)).Select(Parse)];

    /// <summary>The failure to throw when a center is asked for that the store does not have; it names those that there are.</summary>
    /// <param name="place">Where it was asked for: an option, an address.</param>
    public async Task<UserException> UnknownAsync(string id, string place, CancellationToken cancellationToken)
    {
        var known = await store.ListDocumentsAsync(DocumentKind.Center, Instants.Never, cancellationToken);
        return new(UserMessage.Of(MessageCode.CenterUnknown, place, id, string.Join(", ", known.Select(version => version.Id))));
    }

    /// <summary>The card catalog in force; the shipped one where none was loaded by then.</summary>
    public async Task<CardCatalog> CatalogAsync(long asOf, CancellationToken cancellationToken) =>
        await store.FindDocumentAsync(DocumentKind.CardCatalog, CatalogId, asOf, cancellationToken) is { } version
            ? CardCatalogFile.Parse(version.Content, version.Id)
            : CardCatalogFile.Load(ShippedCatalog);

    /// <summary>Records the shipped catalog unless the store has one.</summary>
    public async Task<CardCatalog> CatalogOrShippedAsync(CancellationToken cancellationToken)
    {
        if (await store.FindDocumentAsync(DocumentKind.CardCatalog, CatalogId, Instants.Never, cancellationToken) is null)
        {
            await SaveCatalogAsync(ShippedCatalog, cancellationToken);
        }

        return await CatalogAsync(Instants.Never, cancellationToken);
    }

    /// <returns>How many models it has.</returns>
    /// <exception cref="UserException">Not a catalog, or one name with two ratings.</exception>
    public async Task<int> SaveCatalogAsync(string path, CancellationToken cancellationToken)
    {
        var (before, catalog) = (await CatalogAsync(Instants.Never, cancellationToken), CardCatalogFile.Load(path));
        var recompute = HasSameHours(before, catalog)
            ? []
            : (await store.ListDocumentsAsync(DocumentKind.Center, Instants.Never, cancellationToken)).Select(center => new CenterId(center.Id)).ToList();
        await store.SaveDocumentAsync(DocumentKind.CardCatalog, CatalogId, await File.ReadAllTextAsync(path, cancellationToken), recompute, cancellationToken);
        return catalog.Models.Length;
    }

    // Local days, the reach of a sample, and where a card belongs that no pool is known of.
    private static bool HasSameHours(CenterDefinition one, CenterDefinition other) =>
        (one.Zone, one.PeriodMicros, one.FallbackPool) == (other.Zone, other.PeriodMicros, other.FallbackPool);

    // A gauge that says 0 at high power is told by the rated power.
    private static bool HasSameHours(CardCatalog one, CardCatalog other) => one.Models
        .Concat(other.Models)
        .SelectMany(model => model.Aliases.Prepend(model.Name))
        .All(name => one.Find(name)?.RatedPowerMilliwatts == other.Find(name)?.RatedPowerMilliwatts);

    private static string ShippedCatalog => Path.Combine(ShippedFolder, "card-models.csv");

    private static CenterDefinition Parse(DocumentVersion version) =>
        version.Content == DraftContent ? CenterDefinition.NewDraft(new(version.Id)) : CenterFile.Parse(version.Content, version.Id);
}
