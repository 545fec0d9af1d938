using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Metrics;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.Quality;

/// <summary>What came in, what was refused and why, and what could not be checked.</summary>
/// <param name="Sources">In the order given.</param>
/// <param name="SilentZeros">Per pool, where there are any.</param>
/// <param name="WithoutRatedPower">Models whose silent zeros cannot be told, because no rated power is known; an empty name is a device without a model.</param>
public sealed record QualityModel(
    ImmutableArray<SourceRow> Sources,
    ImmutableArray<Figure> SilentZeros,
    ImmutableArray<string> WithoutRatedPower,
    ImmutableArray<RejectedRow> Examples,
    ImmutableArray<UserMessage> Messages) : ISectionModel
{
    /// <summary>Examples printed for each reason.</summary>
    public const int ExamplesPerReason = 3;

    public IEnumerable<Figure> Figures => Sources.SelectMany(source => source.Figures).Concat(SilentZeros);

    public static QualityModel Of(DailyReportInput input)
    {
        var maker = new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf);
        var sums = input.Sums.Pools;
        return new(
            [.. input.Quality.Sources.Select((source, place) => OfSource(maker, source, place))],
            [.. sums.GroupBy(sum => sum.Key.Pool).OrderBy(pool => pool.Key.Value, StringComparer.Ordinal).Select(pool => SilentZero(maker, pool)).OfType<Figure>()],
            [
                .. sums
                    .Where(sum => input.Catalog.Find(sum.Key.Model)?.RatedPowerMilliwatts is null && (input.Center.Find(sum.Key.Pool)?.HasGauge ?? true))
                    .Select(sum => sum.Key.Model ?? "")
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ],
            [.. input.Quality.Examples.GroupBy(row => row.Reason).OrderBy(reason => reason.Key).SelectMany(reason => reason.Take(ExamplesPerReason))],
            input.Quality.Messages);
    }

    private static SourceRow OfSource(FigureMaker maker, SourceQuality source, int place)
    {
        var rejected = source.Rejected.Sum(pair => pair.Count);
        if (source.Accepted + rejected != source.Received)
        {
            throw new ArgumentException($"{source.Source}: accepted {source.Accepted} + rejected {rejected} = received {source.Received} does not hold.", nameof(source));
        }

        var cell = $"source.{place + 1}";
        var scope = maker.Scope(part: source.Source);
        return new(
            source.Source,
            source.Format,
            maker.Count($"{cell}.received", scope, MetricCatalog.Received, source.Received),
            maker.Count($"{cell}.accepted", scope, MetricCatalog.Accepted, source.Accepted),
            maker.Count($"{cell}.rejected", scope, MetricCatalog.Rejected, rejected),
            [.. source.Rejected.Select(pair => new ReasonCount(pair.Reason, maker.Count($"{cell}.rejected.{pair.Reason.Word()}", scope, MetricCatalog.Rejected, pair.Count)))],
            maker.Count($"{cell}.duplicates", scope, MetricCatalog.Duplicates, source.Duplicates),
            maker.Count($"{cell}.conflicts", scope, MetricCatalog.Conflicts, source.Conflicts));
    }

    private static Figure? SilentZero(FigureMaker maker, IGrouping<PoolId, RollUp> pool) => pool.Sum(sum => sum.SilentZero) is var micros and > 0
        ? maker.Amount($"pool.{pool.Key}.SilentZero", maker.Scope(pool.Key), MetricCatalog.SilentZero.Id, MetricUnit.DeviceHours, micros, Micros.PerHour)
        : null;
}

/// <param name="Rejected">All reasons together.</param>
public sealed record SourceRow(
    string Source, string Format, Figure Received, Figure Accepted, Figure Rejected, ImmutableArray<ReasonCount> Reasons, Figure Duplicates, Figure Conflicts)
{
    public IEnumerable<Figure> Figures => [Received, Accepted, Rejected, .. Reasons.Select(reason => reason.Count), Duplicates, Conflicts];
}

public sealed record ReasonCount(RejectReason Reason, Figure Count);
