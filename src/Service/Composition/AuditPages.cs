using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Reports.Audits;

namespace Headroom.Service.Composition;

/// <summary>Audits of published sentences, made once and kept while the center's data stay as they are.</summary>
internal sealed class AuditPages(ServedStore store, TimeProvider clock)
{
    private readonly Fresh<CenterId, ImmutableArray<ClaimAudit>> _audits = new(clock, atMost: 100);

    public Task<ImmutableArray<ClaimAudit>> PublishedAsync(CenterView view, CancellationToken cancellationToken) => _audits.GetAsync(
        view.Center.Id,
        (store.FactsVersion(view.Center.Id), store.DaysVersion(view.Center.Id)),
        pulse: 0,
        TimeSpan.Zero,
        token => new AuditDesk(store, clock).PublishedAsync(view.Devices, view.Catalog, Instants.Never, token),
        cancellationToken);
}
