using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.Head;

/// <summary>Which center, which day, and what the reader must know before any number.</summary>
/// <param name="Until">Local time a running day was cut off at; null: the day is over.</param>
/// <param name="Assumptions">What the center file assumes because nobody published it.</param>
public sealed record HeadModel(
    CenterId Center,
    LocalText Name,
    DateOnly Day,
    string Zone,
    DateTimeOffset? Until,
    bool Simulated,
    bool Draft,
    ImmutableArray<Assumption> Assumptions) : ISectionModel
{
    public IEnumerable<Figure> Figures => Assumptions.Select(assumption => assumption.Figure).OfType<Figure>();

    public static HeadModel Of(DailyReportInput input) => new(
        input.Center.Id,
        input.Center.Name,
        input.Day,
        input.Center.Zone,
        input.Until is { } until ? input.Center.Clock().Local(until) : null,
        input.Simulated,
        input.Center.Draft,
        AssumptionsOf(input.Center, new(input.Center.Id, input.Elapsed, input.AsOf)));

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
