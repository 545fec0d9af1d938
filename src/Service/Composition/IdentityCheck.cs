using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Composition;

/// <summary>What was checked, and by how much anything did not add up. Unit of residuals: device-microseconds; 0, or something is wrong.</summary>
/// <param name="CardResidual">Card by day: cells against the inventory's installed time, tenants against allocated time, hour by hour.</param>
/// <param name="ModelResidual">Model by day: the sums of its cards against the inventory and against the kept roll-ups, cell by cell.</param>
/// <param name="TenantResidual">Tenant by day: the sums of its parts against the kept roll-ups; all of them against the allocated time.</param>
/// <param name="SumResidual">Hosts against pools; hours against days; days against months.</param>
/// <param name="NetworkResidual">The kept roll-ups of all centers in one sum, as accounts of the network are made, against the sum of each center's card-hours.</param>
internal sealed record IdentityResult(
    long CardDays, long ModelDays, long TenantDays, int Centers, Int128 CardResidual, Int128 ModelResidual, Int128 TenantResidual, Int128 SumResidual, Int128 NetworkResidual)
{
    public Int128 ResidualMicros => CardResidual + ModelResidual + TenantResidual + SumResidual + NetworkResidual;
}

/// <summary>Does every stored card-day add up to the installed time of the inventory, and every sum to its parts?</summary>
internal sealed class IdentityCheck(IStore store, CenterLibrary library)
{
    private const int DaysAtOnce = 7;

    /// <summary>Over local days [from, until) of every center; null: as far as data reach.</summary>
    public async Task<IdentityResult> RunAsync(DateOnly? from, DateOnly? until, long asOf, CancellationToken cancellationToken)
    {
        var (centers, result) = (await library.ListAsync(asOf, cancellationToken), new IdentityResult(0, 0, 0, 0, 0, 0, 0, 0, 0));
        var (network, ofCenters) = (new Int128[HourCells.Count], new Int128[HourCells.Count]);
        foreach (var center in centers)
        {
            var facts = await store.ReadFactsAsync(center.Id, asOf, cancellationToken);
            var spans = facts.Coverage.Select(feed => feed.Valid).Concat(facts.Telemetry.IsEmpty ? [] : [facts.Telemetry]).ToList();
            if (spans.Count == 0)
            {
                continue;
            }

            var clock = center.Clock();
            var (first, last) = (clock.DayOf(spans.Min(span => span.From)), clock.DayOf(spans.Max(span => span.Until - 1)).AddDays(1));
            var days = (From: from is { } begin && begin > first ? begin : first, Until: until is { } end && end < last ? end : last);
            var of = new CenterSums(center, facts, network);
            for (var day = days.From; day < days.Until; day = day.AddDays(DaysAtOnce))
            {
                var next = day.AddDays(DaysAtOnce) < days.Until ? day.AddDays(DaysAtOnce) : days.Until;
                var rollUps = await RollUpsAsync(center.Id, day, next, asOf, cancellationToken);
                foreach (var cards in (await store.ReadCardDaysAsync(center.Id, day, next, asOf, cancellationToken)).GroupBy(card => card.Day))
                {
                    of.Day(cards.Key, [.. cards], rollUps);
                }
            }

            if (asOf == Instants.Never)
            {
                await MonthsAsync(of, center.Id, days.From, days.Until, cancellationToken);
            }

            Add(ofCenters, of.Total);
            result = of.AddTo(result) with { Centers = result.Centers + 1 };
        }

        return result with { Centers = centers.Count, NetworkResidual = Difference(network, ofCenters) };
    }

    private async Task<Dictionary<(RollUpScope Scope, RollUpGrain Grain, DateOnly Day), RollUpDay>> RollUpsAsync(
        CenterId center, DateOnly from, DateOnly until, long asOf, CancellationToken cancellationToken)
    {
        var rollUps = new Dictionary<(RollUpScope Scope, RollUpGrain Grain, DateOnly Day), RollUpDay>();
        foreach (var scope in Enum.GetValues<RollUpScope>())
        {
            foreach (var grain in (RollUpGrain[])[RollUpGrain.Hour, RollUpGrain.Day])
            {
                foreach (var day in await store.ReadRollUpsAsync(center, scope, grain, from, until, asOf, cancellationToken))
                {
                    rollUps[(scope, grain, day.Day)] = day;
                }
            }
        }

        return rollUps;
    }

    // Whole months of the period only: a kept month is the sum of all its days.
    private async Task MonthsAsync(CenterSums of, CenterId center, DateOnly from, DateOnly until, CancellationToken cancellationToken)
    {
        for (var month = new DateOnly(from.Year, from.Month, 1); month < until; month = month.AddMonths(1))
        {
            if (month < from || month.AddMonths(1) > until)
            {
                continue;
            }

            foreach (var scope in Enum.GetValues<RollUpScope>())
            {
                var days = await store.ReadRollUpsAsync(center, scope, RollUpGrain.Day, month, month.AddMonths(1), Instants.Never, cancellationToken);
                var kept = await store.ReadRollUpsAsync(center, scope, RollUpGrain.Month, month, month.AddMonths(1), Instants.Never, cancellationToken);
                of.Compare(days.SelectMany(day => day.RollUps), kept.SelectMany(day => day.RollUps));
            }
        }
    }

    private static void Add(Int128[] into, Int128[] part)
    {
        for (var cell = 0; cell < into.Length; cell++)
        {
            into[cell] += part[cell];
        }
    }

    private static Int128 Difference(Int128[] left, Int128[] right) => left.Zip(right, (a, b) => Int128.Abs(a - b)).Aggregate((Int128)0, (sum, part) => sum + part);

    /// <summary>The sums of one center, day after day.</summary>
    private sealed class CenterSums(CenterDefinition center, CenterFacts facts, Int128[] network)
    {
        private readonly CenterClock _clock = center.Clock();
        private readonly Dictionary<DeviceId, DeviceHistory> _histories = CardHourKeeper.HistoriesOf(center, facts).ToDictionary(history => history.Device);
        private IdentityResult _result = new(0, 0, 0, 0, 0, 0, 0, 0, 0);

        /// <summary>Every cell of every card-hour.</summary>
        public Int128[] Total { get; } = new Int128[HourCells.Count];

        public IdentityResult AddTo(IdentityResult sum) => new(
            sum.CardDays + _result.CardDays,
            sum.ModelDays + _result.ModelDays,
            sum.TenantDays + _result.TenantDays,
            sum.Centers,
            sum.CardResidual + _result.CardResidual,
            sum.ModelResidual + _result.ModelResidual,
            sum.TenantResidual + _result.TenantResidual,
            sum.SumResidual + _result.SumResidual,
            sum.NetworkResidual);

        public void Day(DateOnly day, List<CardDay> cards, Dictionary<(RollUpScope Scope, RollUpGrain Grain, DateOnly Day), RollUpDay> rollUps)
        {
            var window = _clock.Day(day);
            var (models, tenants, hosts) = (new Cells(), new Cells(), new Cells());
            var installed = new Dictionary<(PoolId Pool, string? Model), Int128>();
            var allocated = (Int128)0;
            foreach (var card in cards)
            {
                Int128 own = 0;
                foreach (var place in _histories.GetValueOrDefault(card.Device)?.Placements ?? [])
                {
                    var length = place.Valid.Within(window).Length.Value;
                    own += length;
                    installed[(place.Pool, place.Model)] = installed.GetValueOrDefault((place.Pool, place.Model)) + length;
                }

                Int128 cells = 0;
                foreach (var hour in card.Hours)
                {
                    cells += hour.Cells.Installed;
                    allocated += hour.Cells.Allocated;
                    _result = _result with { CardResidual = _result.CardResidual + Int128.Abs(hour.Tenants.Sum(part => part.Allocated) - hour.Cells.Allocated) };
                    models.Add(new("", hour.Pool, hour.Model), hour.Cells.Micros);
                    hosts.Add(new(hour.Host ?? "", hour.Pool, hour.Model), hour.Cells.Micros);
                    foreach (var part in hour.Tenants)
                    {
                        tenants.AddHeld(new(part.Tenant.Value, hour.Pool, hour.Model), part);
                    }

                    for (var cell = 0; cell < HourCells.Count; cell++)
                    {
                        Total[cell] += hour.Cells.Micros[cell];
                    }
                }

                _result = _result with { CardResidual = _result.CardResidual + Int128.Abs(cells - own) };
            }

            var byModel = models.ByKey.Aggregate((Int128)0, (sum, model) => sum + Int128.Abs(model.Value.Aggregate((Int128)0, (all, cell) => all + cell) - installed.GetValueOrDefault((model.Key.Pool, model.Key.Model))));
            var held = tenants.ByKey.Values.Aggregate((Int128)0, (sum, cells) => sum + cells.Aggregate((Int128)0, (all, cell) => all + cell));
            IEnumerable<RollUp> Kept(RollUpScope scope, RollUpGrain grain) => rollUps.TryGetValue((scope, grain, day), out var kept) ? kept.RollUps : [];
            _result = _result with
            {
                CardDays = _result.CardDays + cards.Count,
                ModelDays = _result.ModelDays + models.ByKey.Count,
                TenantDays = _result.TenantDays + tenants.ByKey.Select(tenant => tenant.Key.Name).Distinct(StringComparer.Ordinal).Count(),
                ModelResidual = _result.ModelResidual + byModel + models.Difference(Cells.Of(Kept(RollUpScope.Pool, RollUpGrain.Day))),
                TenantResidual = _result.TenantResidual + Int128.Abs(held - allocated) + tenants.Difference(Cells.Of(Kept(RollUpScope.Tenant, RollUpGrain.Day))),
                SumResidual = _result.SumResidual + hosts.Difference(Cells.Of(Kept(RollUpScope.Host, RollUpGrain.Day))),
            };
            foreach (var sum in Kept(RollUpScope.Pool, RollUpGrain.Day))
            {
                for (var cell = 0; cell < HourCells.Count; cell++)
                {
                    network[cell] += sum.Cells.Micros[cell];
                }
            }

            foreach (var scope in Enum.GetValues<RollUpScope>())
            {
                Compare(Kept(scope, RollUpGrain.Hour), Kept(scope, RollUpGrain.Day));
            }
        }

        /// <summary>Parts against their whole.</summary>
        public void Compare(IEnumerable<RollUp> parts, IEnumerable<RollUp> whole) =>
            _result = _result with { SumResidual = _result.SumResidual + Cells.Of(parts).Difference(Cells.Of(whole)) };
    }

    /// <summary>Cells by key.</summary>
    private sealed class Cells
    {
        public Dictionary<RollUpKey, Int128[]> ByKey { get; } = [];

        public static Cells Of(IEnumerable<RollUp> rollUps)
        {
            var cells = new Cells();
            foreach (var sum in rollUps)
            {
                cells.Add(sum.Key, sum.Cells.Micros);
            }

            return cells;
        }

        public void Add(RollUpKey key, ReadOnlySpan<long> micros)
        {
            var cells = Find(key);
            for (var cell = 0; cell < cells.Length; cell++)
            {
                cells[cell] += micros[cell];
            }
        }

        public void AddHeld(RollUpKey key, TenantHour part)
        {
            var cells = Find(key);
            cells[(int)Cell.AllocatedBusy] += part.Busy;
            cells[(int)Cell.AllocatedIdle] += part.Idle;
            cells[(int)Cell.AllocatedUseUnknown] += part.UseUnknown;
        }

        public Int128 Difference(Cells other)
        {
            Int128 sum = 0;
            foreach (var key in ByKey.Keys.Union(other.ByKey.Keys))
            {
                var (left, right) = (ByKey.GetValueOrDefault(key), other.ByKey.GetValueOrDefault(key));
                for (var cell = 0; cell < HourCells.Count; cell++)
                {
                    sum += Int128.Abs((left?[cell] ?? 0) - (right?[cell] ?? 0));
                }
            }

            return sum;
        }

        private Int128[] Find(RollUpKey key)
        {
            if (!ByKey.TryGetValue(key, out var cells))
            {
                ByKey[key] = cells = new Int128[HourCells.Count];
            }

            return cells;
        }
    }
}
