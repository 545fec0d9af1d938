using Headroom.Domain.Centers;
using Headroom.Domain.Time;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Composition;

/// <summary>Everything that can be checked of a store: its bytes, its sums, and card-hours against the raw samples that are still there.</summary>
internal static class StoreCheck
{
    /// <summary>Older rules are tried only where newer ones do not explain what is stored.</summary>
    private const int VersionsTried = 8;

    public static async Task<AuditResult> RunAsync(IStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var faults = new List<StoreFault>(await store.VerifyAsync(cancellationToken));
        var library = new CenterLibrary(store);
        var (compared, stale) = (0L, 0L);
        foreach (var center in await library.ListAsync(Instants.Never, cancellationToken))
        {
            var audit = await new RawAudit(store, clock).RunAsync(await VersionsAsync(store, library, center, cancellationToken), cancellationToken);
            compared += audit.Compared;
            stale += audit.Stale;

            // What is damaged is named already; that hours of the card differ follows from it.
            var damaged = faults.Select(CardOf).ToHashSet(StringComparer.Ordinal);
            faults.AddRange(audit.Faults.Where(fault => !damaged.Contains(CardOf(fault))));
        }

        return new(compared, stale, faults);
    }

    // A place reads "center/card day".
    private static string CardOf(StoreFault fault) => fault.Place.Split(' ')[0];

    // Card-hours are those of the rules in force when they were computed.
    private static async Task<List<AccountingVersion>> VersionsAsync(IStore store, CenterLibrary library, CenterDefinition center, CancellationToken cancellationToken)
    {
        var versions = new List<AccountingVersion>();
        for (var asOf = Instants.Never; versions.Count < VersionsTried;)
        {
            if (await library.FindAsync(center.Id, asOf, cancellationToken) is not { } definition)
            {
                break;
            }

            versions.Add(new(definition, await library.CatalogAsync(asOf, cancellationToken)));
            var recorded = new[]
            {
                await store.FindDocumentAsync(DocumentKind.Center, center.Id.Value, asOf, cancellationToken),
                await store.FindDocumentAsync(DocumentKind.CardCatalog, CenterLibrary.CatalogId, asOf, cancellationToken),
            };
            asOf = recorded.Max(version => version?.Recorded ?? long.MinValue) - 1;
        }

        return versions;
    }
}
