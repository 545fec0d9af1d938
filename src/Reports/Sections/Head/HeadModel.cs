using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.Head;

/// <summary>Which center, which time, and what the reader must know before any number.</summary>
/// <param name="Until">Local time a running period was cut off at; null: it is over.</param>
/// <param name="Fed">What data reach of a period that they do not fill, first and last local moment; null: all of it.</param>
/// <param name="Assumptions">What the center file assumes because nobody published it.</param>
public sealed record HeadModel(
    CenterId Center,
    LocalText Name,
    ReportPeriod Period,
    string Zone,
    DateTimeOffset? Until,
    (DateTimeOffset From, DateTimeOffset Until)? Fed,
    bool Simulated,
    bool Draft,
    ImmutableArray<Assumption> Assumptions) : ISectionModel
{
    public IEnumerable<Figure> Figures => Assumptions.Select(assumption => assumption.Figure).OfType<Figure>();

    public static HeadModel Of(DailyReportInput input) => new(
        input.Center.Id,
        input.Center.Name,
        input.Period,
        input.Center.Zone,
        input.Until is { } until ? input.Center.Clock().Local(until) : null,
        FedOf(input),
        input.Simulated,
        input.Center.Draft,
        AssumptionsOf(input.Center, new(input.Center.Id, input.Elapsed, input.AsOf)));

    // A silence of an hour at either end is no reason to speak of a part.
    private static (DateTimeOffset From, DateTimeOffset Until)? FedOf(DailyReportInput input)
    {
        if (input.Fed is not { } fed || (fed.From - input.Elapsed.From <= Micros.PerHour && input.Elapsed.Until - fed.Until <= Micros.PerHour))
        {
            return null;
        }

        var clock = input.Center.Clock();
        return (clock.Local(fed.From), clock.Local(fed.Until));
    }

    /// <summary>What the center file assumes because nobody published it.</summary>
    internal static ImmutableArray<Assumption> AssumptionsOf(CenterDefinition center, FigureMaker maker) =>
        [.. center.Pools.SelectMany(pool => OfPool(maker, pool)), .. center.Phases.Where(phase => phase.Provenance.Assumed).Select(OfPhase)];

    private static IEnumerable<Assumption> OfPool(FigureMaker maker, PoolDefinition pool)
    {
        if (pool.Nameplate is { } nameplate && pool.NameplateProvenance.Assumed)
        {
            yield return new("Nameplate", pool.Name, maker.Given($"pool.{pool.Id}.Nameplate", maker.Scope(pool.Id), MetricCatalog.Nameplate.Id, MetricUnit.Petaflops, nameplate), null);
        }

        if (pool.Devices is { } devices && pool.DevicesProvenance.Assumed)
        {
            yield return new(
                "Devices", pool.Name, maker.Given($"pool.{pool.Id}.N_declared", maker.Scope(pool.Id), MetricCatalog.NDeclared.Id, MetricUnit.Devices, devices), pool.Model);
        }
    }

    private static Assumption OfPhase(PhaseDefinition phase) => new("Phase", phase.Name, null, FigureMaker.At(phase.Opens));
}

/// <param name="Kind">Its text is <c>Head.Assumption.KIND</c>: {0} the name, {1} the figure, {2} the detail.</param>
/// <param name="Detail">A model or a date; null: not said.</param>
public sealed record Assumption(string Kind, LocalText Of, Figure? Figure, string? Detail);
