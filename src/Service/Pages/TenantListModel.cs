using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Service.Composition;
using Headroom.Storage;

namespace Headroom.Service.Pages;

/// <summary>One tenant's allocation at one precision; what is not rated is counted in devices.</summary>
public sealed record TenantLine(TenantId Tenant, LocalText Name, LocalText Sector, Precision Precision, Figure Allocated, Figure Idle);

/// <summary>Whom a center serves, as centers publish it: tenants served, newly joined, solutions incubated, beside their P·h.</summary>
/// <param name="Served">Tenants with allocated time in these days.</param>
/// <param name="Joined">Those of them that held and asked for nothing before.</param>
/// <param name="Solutions">Requests of the kind <c>solution</c> in force or completed by the end of these days.</param>
/// <param name="Lines">Largest allocation first, precision by precision.</param>
public sealed record TenantListModel(CenterView View, DateOnly From, DateOnly Until, int Served, int Joined, int Solutions, ImmutableArray<TenantLine> Lines)
{
    /// <summary>How the ledger names a solution that was incubated.</summary>
    public const string SolutionKind = "solution";

    internal static async Task<TenantListModel> ReadAsync(CenterView view, IStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var until = (view.LastWholeDay ?? view.Today.AddDays(-1)).AddDays(1);
        var from = until.AddDays(-TenantModel.Days);
        var window = new Window(view.Clock.Day(from).From, view.Clock.Day(until).From);
        var lines = await new UsageQuery(store, clock, view.Catalog, Instants.Never).ReadAsync([view.Devices], UsageBy.Tenant, from, until, cancellationToken);
        var maker = new FigureMaker(view.Center.Id, window, Instants.Never);
        var served = lines.Where(line => line.Devices.Allocated > 0).ToList();
        var before = view.Facts.Jobs.Where(job => job.Submitted < window.From).Select(job => job.Tenant.Value)
            .Concat(view.Facts.Requests.Where(request => request.Submitted < window.From).Select(request => request.Tenant.Value))
            .ToHashSet(StringComparer.Ordinal);
        return new(
            view,
            from,
            until,
            served.Select(line => line.Key).Distinct(StringComparer.Ordinal).Count(),
            served.Select(line => line.Key).Distinct(StringComparer.Ordinal).Count(tenant => !before.Contains(tenant)),
            view.Facts.Requests.Count(request => request.Kind == SolutionKind && request.State is RequestState.Running or RequestState.Completed && request.Wanted.From < window.Until),
            [.. served.OrderBy(line => line.Precision).ThenByDescending(line => line.Weighed.Allocated).Select(line => LineOf(view.Center, maker, line))]);
    }

    private static TenantLine LineOf(CenterDefinition center, FigureMaker maker, UsageLine line)
    {
        var (tenant, pool) = (new TenantId(line.Key), new PoolDay(default, line.Devices, line.Rated));
        var definition = center.Tenants.FirstOrDefault(entry => entry.Id == tenant);
        var sums = line.Weighed;
        return new(
            tenant,
            definition?.Name ?? new(line.Key, line.Key),
            definition is null ? new("", "") : center.NameOfSector(definition.Sector),
            line.Precision,
            maker.Amount($"tenant.{tenant}.allocated", maker.Scope(tenant: tenant), MetricCatalog.Allocated.Id, pool.Unit, sums.Allocated, pool.PerUnit),
            maker.Share($"tenant.{tenant}.idle", maker.Scope(tenant: tenant), MetricValue.Ratio(MetricCatalog.IdleShare.Id, sums[Cell.AllocatedIdle], sums[Cell.AllocatedBusy] + sums[Cell.AllocatedIdle], sums.Allocated)));
    }
}
