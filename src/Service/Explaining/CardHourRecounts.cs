using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Numerics;
using Headroom.Domain.Accounting;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Figures;

namespace Headroom.Service.Explaining;

/// <summary>The formulas of the metrics that are made of card-hours, written out once more. A new metric is one line here.</summary>
internal static class CardHourRecounts
{
    private const long MflopsPerPetaflops = 1_000_000_000;
    private const long NanojoulesPerKilowattHour = 3_600_000_000_000_000;

    private static readonly Cell[] All = Enum.GetValues<Cell>();
    private static readonly Cell[] Unavailable = [Cell.Down, Cell.Maintenance];
    private static readonly Cell[] Allocated = [Cell.AllocatedBusy, Cell.AllocatedIdle, Cell.AllocatedUseUnknown];
    private static readonly Cell[] AllocUnknown = [Cell.AllocUnknownBusy, Cell.AllocUnknownIdle, Cell.AllocUnknownUseUnknown];
    private static readonly Cell[] Busy = [Cell.AllocatedBusy, Cell.AllocUnknownBusy, Cell.FreeBusy];
    private static readonly Cell[] UseUnknown = [Cell.AllocatedUseUnknown, Cell.AllocUnknownUseUnknown, Cell.FreeUseUnknown];

    private static readonly FrozenDictionary<string, Func<Rows, Recounted>> ByMetric = new Dictionary<string, Func<Rows, Recounted>>(StringComparer.Ordinal)
    {
        [MetricCatalog.U1s.Id.Name] = rows => rows.HasAllocationSource
            ? Share(rows, "Allocated", rows.Sum(Allocated), rows.Available - rows.Sum(AllocUnknown), "C_available", rows.Available)
            : NoSource(),
        [MetricCatalog.U2.Id.Name] = UseOfInstalled,
        [MetricCatalog.U3.Id.Name] = rows => Share(rows, "Busy", rows.Sum(Busy), rows.Available - rows.Sum(UseUnknown), "C_available", rows.Available),
        [MetricCatalog.U4.Id.Name] = rows => rows.HasAllocationSource
            ? Share(rows, "Busy", rows.Sum(Cell.AllocatedBusy), rows.Sum(Cell.AllocatedBusy, Cell.AllocatedIdle), "Allocated", rows.Sum(Allocated))
            : NoSource(),
        [MetricCatalog.CInstalled.Id.Name] = rows => rows.Figure.Unit == MetricUnit.Petaflops
            ? Amount(rows, "C_installed", rows.Sum(All), (BigInteger)MflopsPerPetaflops * rows.Figure.Window.Length.Value, MetricUnit.Petaflops)
            : Capacity(rows, "C_installed", rows.Sum(All)),
        [MetricCatalog.CAvailable.Id.Name] = rows => Capacity(rows, "C_available", rows.Available),
        [MetricCatalog.NInstalled.Id.Name] = rows => Amount(rows, "N_installed", rows.Devices(All), rows.Figure.Window.Length.Value, MetricUnit.Devices),
        [MetricCatalog.State.Id.Name] = State,
        [MetricCatalog.CardEnergy.Id.Name] = Energy,
        [MetricCatalog.Allocated.Id.Name] = rows => Capacity(rows, "Allocated", Total(rows.Held)),
        [MetricCatalog.Used.Id.Name] = Used,
        [MetricCatalog.IdleShare.Id.Name] = rows => Share(rows, "Idle", rows.Held.Idle, rows.Held.Busy + rows.Held.Idle, "Allocated", Total(rows.Held)),
        [MetricCatalog.SilentZero.Id.Name] = rows => Amount(rows, "SilentZero", rows.Sums.SilentZero, Micros.PerHour, MetricUnit.DeviceHours),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether a figure is one of these.</summary>
    public static bool Has(Figure figure) => figure.Scope.Pool is not null && ByMetric.ContainsKey(figure.Metric.Name) && figure.Scope.Part != Reports.Sections.Counts.CountsModel.Part;

    /// <summary>The rows a figure is made of: its part is a host where the metric is a ratio of use or allocation.</summary>
    public static RowScope ScopeOf(Figure figure) => new(
        figure.Window,
        figure.Scope.Pool!.Value,
        figure.Scope.Part is { } part && figure.Metric.Name != MetricCatalog.State.Id.Name ? part : null,
        figure.Scope.Tenant);

    /// <param name="sums">Of <see cref="ScopeOf"/>.</param>
    /// <param name="pool">Of the whole pool over the same time.</param>
    public static Recounted Of(Figure figure, RowSums sums, RowSums pool) => ByMetric[figure.Metric.Name](new(figure, sums, pool));

    /// <summary>The ratio of one hour or day, to be ranked among others; null where less than half is known.</summary>
    public static double? UseOf(RowSums sums)
    {
        var rated = !sums.IsUnrated;
        var available = sums.Sum(rated, All) - sums.Sum(rated, Unavailable);
        var known = available - sums.Sum(rated, UseUnknown);
        return known > 0 && (double)known / (double)available >= MetricValue.BoundsOnlyBelow ? (double)sums.Sum(rated, Busy) / (double)known : null;
    }

    private static Recounted Share(Rows rows, string name, Int128 part, Int128 known, string wholeName, Int128 whole)
    {
        if (whole == 0)
        {
            return new(RowKind.CardHours, null, null, null, null, null, null, FigureGap.Nothing, $"{wholeName} = 0", []);
        }

        var coverage = (double)known / (double)whole;
        var isKnown = coverage >= MetricValue.BoundsOnlyBelow && known > 0;
        return new(
            RowKind.CardHours,
            part,
            known,
            isKnown ? (double)part / (double)known : null,
            coverage,
            (double)part / (double)whole,
            (double)(part + whole - known) / (double)whole,
            isKnown ? FigureGap.None : FigureGap.BoundsOnly,
            $"{name} ÷ Known",
            [rows.Term(name, part), rows.Term("Known", known), rows.Term(wholeName, whole)]);
    }

    private static Recounted UseOfInstalled(Rows rows)
    {
        var installed = rows.Sum(All);
        if (installed == 0 || rows.Available == 0)
        {
            return new(RowKind.CardHours, null, null, null, null, null, null, FigureGap.Nothing, "C_available = 0", []);
        }

        var (busy, known) = (rows.Sum(Busy), rows.Available - rows.Sum(UseUnknown));
        var coverage = (double)known / (double)rows.Available;
        var isKnown = coverage >= MetricValue.BoundsOnlyBelow && known > 0;
        var (numerator, denominator) = ((BigInteger)busy * rows.Available, (BigInteger)known * installed);
        return new(
            RowKind.CardHours,
            numerator,
            denominator,
            isKnown ? Ratio(numerator, denominator) : null,
            coverage,
            (double)busy / (double)installed,
            (double)(busy + rows.Available - known) / (double)installed,
            isKnown ? FigureGap.None : FigureGap.BoundsOnly,
            "Busy ÷ Known × C_available ÷ C_installed",
            [rows.Term("Busy", busy), rows.Term("Known", known), rows.Term("C_available", rows.Available), rows.Term("C_installed", installed)]);
    }

    private static Recounted State(Rows rows)
    {
        Cell[] cells = rows.Figure.Scope.Part switch
        {
            "Down" => [Cell.Down],
            "Maintenance" => [Cell.Maintenance],
            "Busy" => [Cell.AllocatedBusy],
            "AllocIdle" => [Cell.AllocatedIdle],
            "Free" => [Cell.FreeIdle],
            "Unattributed" => [Cell.FreeBusy],
            "Unknown" => [Cell.AllocatedUseUnknown, Cell.AllocUnknownBusy, Cell.AllocUnknownIdle, Cell.AllocUnknownUseUnknown, Cell.FreeUseUnknown],
            var other => throw new ArgumentException($"No state is called {other}.", nameof(rows)),
        };
        return Capacity(rows, string.Join(" + ", cells), rows.Sum(cells));
    }

    private static Recounted Energy(Rows rows)
    {
        var available = rows.Devices(All) - rows.Devices(Unavailable);
        var amount = Amount(rows, "E_card", rows.Sums.EnergyNanojoules, NanojoulesPerKilowattHour, MetricUnit.KilowattHours);
        return available == 0 ? amount : amount with { Coverage = Math.Min(1, (double)rows.Sums.EnergyKnown / (double)available) };
    }

    private static Recounted Used(Rows rows)
    {
        var known = Capacity(rows, "Busy", rows.Held.Busy);
        if (rows.Held.Unknown == 0)
        {
            return known;
        }

        var coverage = (double)(rows.Held.Busy + rows.Held.Idle) / (double)Total(rows.Held);
        var isKnown = coverage >= MetricValue.BoundsOnlyBelow;
        return known with
        {
            Value = isKnown ? known.Value : null,
            Coverage = coverage,
            Low = known.Value,
            High = Ratio(rows.Held.Busy + rows.Held.Unknown, rows.PerUnit),
            Gap = isKnown ? FigureGap.None : FigureGap.BoundsOnly,
            Terms = [.. known.Terms, rows.Term("Unknown", rows.Held.Unknown), rows.Term("Allocated", Total(rows.Held))],
        };
    }

    private static Recounted Capacity(Rows rows, string name, Int128 sum) => Amount(rows, name, sum, rows.PerUnit, rows.Unit);

    private static Recounted Amount(Rows rows, string name, BigInteger numerator, BigInteger denominator, MetricUnit unit)
    {
        var value = Ratio(numerator, denominator);
        return new(RowKind.CardHours, numerator, denominator, value, null, null, null, FigureGap.None, rows.Figure.Scope.Tenant is { } tenant ? $"Σ {name} ({tenant})" : $"Σ {name}", [new(name, value, unit)]);
    }

    private static Recounted NoSource() => new(RowKind.CardHours, null, null, null, null, null, null, FigureGap.NoAllocationSource, "AllocUnknown = C_available", []);

    private static Int128 Total((Int128 Busy, Int128 Idle, Int128 Unknown) held) => held.Busy + held.Idle + held.Unknown;

    private static double Ratio(BigInteger numerator, BigInteger denominator) => (double)numerator / (double)denominator;

    /// <summary>The rows of one figure in the weight of their pool.</summary>
    private sealed record Rows(Figure Figure, RowSums Sums, RowSums Pool)
    {
        private bool Rated => !Pool.IsUnrated;

        public MetricUnit Unit => Rated ? MetricUnit.PetaflopHours : MetricUnit.DeviceHours;

        public BigInteger PerUnit => Rated ? (BigInteger)MflopsPerPetaflops * Micros.PerHour : Micros.PerHour;

        public Int128 Available => Sum(All) - Sum(Unavailable);

        public bool HasAllocationSource
        {
            get
            {
                var available = Sums.Sum(rated: false, All) - Sums.Sum(rated: false, Unavailable);
                return available == 0 || Sums.Sum(rated: false, AllocUnknown) < available;
            }
        }

        public (Int128 Busy, Int128 Idle, Int128 Unknown) Held => Sums.Held(Rated);

        public Int128 Sum(params ReadOnlySpan<Cell> cells) => Sums.Sum(Rated, cells);

        public Int128 Devices(params ReadOnlySpan<Cell> cells) => Sums.Sum(rated: false, cells);

        public Term Term(string name, Int128 sum) => new(name, Ratio(sum, PerUnit), Unit);
    }
}
