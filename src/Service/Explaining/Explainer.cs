using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Service.Composition;
using Headroom.Service.Explaining.Recounts;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Explaining;

/// <summary>Works printed numbers out again from the rows they name. Nothing of the report's own sums is used: card-hours one by one, jobs one by one.</summary>
internal sealed class Explainer(IStore store, TimeProvider clock, CenterDevices devices, DailyReportInput input)
{
    private const int DaysAtOnce = 7;

    /// <summary>Days that tell what is usual, as its definition says.</summary>
    private const int UsualDays = 28;

    private const int LeastUsualDays = 7;

    private readonly CenterClock _clock = devices.Center.Clock();
    private readonly string _report = new ReportName(input.Period, devices.Center.Id.Value).ToString();

    /// <summary>Every figure with its number worked out again; rows are counted, not listed.</summary>
    public async Task<ImmutableArray<Explanation>> AllAsync(IReadOnlyList<Figure> figures, CancellationToken cancellationToken)
    {
        var counter = new RowCounter(devices.Center, input.Catalog);
        var again = await AgainAsync(figures, counter, row: null, cancellationToken);
        var sources = await SourcesAsync(cancellationToken);
        return [.. figures.Select(figure => new Explanation(_report, figure, again.GetValueOrDefault(figure), [], RowsOf(figure, again.GetValueOrDefault(figure), counter), sources))];
    }

    /// <summary>One figure with all its rows.</summary>
    public async Task<Explanation> OneAsync(Figure figure, CancellationToken cancellationToken)
    {
        var (counter, scopes, rows) = (new RowCounter(devices.Center, input.Catalog), ScopesOf(figure).ToList(), ImmutableArray.CreateBuilder<ExplainedRow>());
        var again = await AgainAsync(
            [figure],
            counter,
            (device, hour) =>
            {
                if (scopes.Exists(scope => scope.Pool == hour.Pool
                    && scope.Window.Contains(hour.HourStart)
                    && (scope.Host is null || scope.Host == (hour.Host ?? ""))
                    && (scope.Tenant is not { } tenant || hour.Tenants.Any(part => part.Tenant == tenant))))
                {
                    rows.Add(new(device, hour));
                }
            },
            cancellationToken);
        return new(_report, figure, again.GetValueOrDefault(figure), rows.DrainToImmutable(), RowsOf(figure, again.GetValueOrDefault(figure), counter), await SourcesAsync(cancellationToken));
    }

    // First what needs no card-hour, then card-hours in one pass, then what is made of them and of other rows.
    private async Task<Dictionary<Figure, Recounted>> AgainAsync(IReadOnlyList<Figure> figures, RowCounter counter, Action<DeviceId, CardHour>? row, CancellationToken cancellationToken)
    {
        var (others, fleet) = (new OtherRecounts(store, devices, input), new PlainFleet(devices));
        var known = new Dictionary<Figure, Recounted>(ReferenceEqualityComparer.Instance);
        var ofRows = figures.Where(figure => RowRecounts.Has(figure, fleet.Register.Count > 0)).ToHashSet<Figure>(ReferenceEqualityComparer.Instance);
        foreach (var figure in figures.Where(figure => !ofRows.Contains(figure)))
        {
            if (await others.FindAsync(figure, cancellationToken) is { } other)
            {
                known[figure] = other;
                continue;
            }

            foreach (var scope in ScopesOf(figure))
            {
                counter.Of(scope);
            }
        }

        var period = new PeriodRows(devices.Center, input.Catalog, input.Window);
        await ReadAsync(
            counter,
            ofRows.Count > 0,
            (device, hour) =>
            {
                period.Add(device, hour);
                row?.Invoke(device, hour);
            },
            cancellationToken);
        var now = input.Until ?? Math.Min(input.AsOf, clock.Now());
        var raw = ofRows.Any(RowRecounts.NeedsSamples) ? await RawFindings.ReadAsync(store, devices, input, fleet, now, cancellationToken) : null;
        var recounts = new RowRecounts(devices, input, fleet, period, raw);
        foreach (var figure in figures.Where(figure => !known.ContainsKey(figure)))
        {
            if ((ofRows.Contains(figure) ? recounts.Find(figure) : Recount(figure, counter)) is { } again)
            {
                known[figure] = again;
            }
        }

        return known;
    }

    private IEnumerable<RowScope> ScopesOf(Figure figure) => figure.Metric == MetricCatalog.U3Usual.Id
        ? UsualHours(figure).Select(hour => new RowScope(hour, figure.Scope.Pool!.Value))
        : CardHourRecounts.Has(figure) ? [CardHourRecounts.ScopeOf(figure)] : [];

    // The first hour of each of the days before whose clocks show the same.
    private IEnumerable<Window> UsualHours(Figure figure)
    {
        var (day, hour) = (_clock.DayOf(figure.Window.From), _clock.Local(figure.Window.From).Hour);
        for (var back = UsualDays; back >= 1; back--)
        {
            foreach (var window in _clock.Hours(day.AddDays(-back)))
            {
                if (_clock.Local(window.From).Hour == hour)
                {
                    yield return window;
                    break;
                }
            }
        }
    }

    private Recounted? Recount(Figure figure, RowCounter counter)
    {
        if (figure.Metric == MetricCatalog.U3Usual.Id)
        {
            var uses = ScopesOf(figure).Select(scope => CardHourRecounts.UseOf(counter.Of(scope))).OfType<double>().ToList();
            uses.Sort();
            return uses.Count < LeastUsualDays
                ? null
                : new(RowKind.CardHours, null, null, Rank(0.5), null, Rank(0.1), Rank(0.9), FigureGap.None, "median, P10, P90", [new("n", uses.Count, MetricUnit.Count)]);

            double Rank(double share)
            {
                var rank = 1;
                while (rank < share * uses.Count)
                {
                    rank++;
                }

                return uses[rank - 1];
            }
        }

        if (!CardHourRecounts.Has(figure))
        {
            return null;
        }

        var scope = CardHourRecounts.ScopeOf(figure);
        return CardHourRecounts.Of(figure, counter.Of(scope), counter.Of(scope.WholePool));
    }

    private long RowsOf(Figure figure, Recounted? again, RowCounter counter) => again is { RowCount: > 0 and var rows } ? rows : ScopesOf(figure).Sum(scope => counter.Of(scope).Rows);

    private async Task ReadAsync(RowCounter counter, bool withPeriod, Action<DeviceId, CardHour> row, CancellationToken cancellationToken)
    {
        var days = counter.Scopes.Select(scope => scope.Window).Distinct().SelectMany(_clock.Days).Concat(withPeriod ? _clock.Days(input.Elapsed) : []).Distinct().Order().ToList();

        // A running report is explained as of the moment it was made.
        var keeper = new CardHourKeeper(store, input.Until is { } until ? new StoppedClock(until) : clock);
        for (var first = 0; first < days.Count;)
        {
            var last = first;
            while (last + 1 < days.Count && days[last + 1] == days[last].AddDays(1) && last - first + 1 < DaysAtOnce)
            {
                last++;
            }

            foreach (var cardDay in await keeper.ReadAsync(devices, input.Catalog, days[first], days[last].AddDays(1), input.AsOf, cancellationToken))
            {
                foreach (var hour in cardDay.Hours)
                {
                    counter.Add(hour);
                    row(cardDay.Device, hour);
                }
            }

            first = last + 1;
        }
    }

    private async Task<ImmutableArray<RowSource>> SourcesAsync(CancellationToken cancellationToken) =>
    [
        .. (await store.ReadReceivedAsync(devices.Center.Id, input.AsOf, cancellationToken))
            .GroupBy(note => (Kind: SourceKind.Of(note.Source), note.Format))
            .Select(group => new RowSource(SourceKind.NameOf(group.Key.Kind, [.. group.Select(note => note.Source).Distinct()]), group.Key.Format, group.Sum(note => note.Accepted))),
    ];

    private sealed class StoppedClock(long now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Instants.ToDateTime(now);
    }
}
