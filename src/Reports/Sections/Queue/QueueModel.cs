using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Operations;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.Queue;

/// <summary>What waits when the period ends, how long what started had waited, and how full it was.</summary>
public sealed record QueueModel(ImmutableArray<PoolQueue> Pools) : ISectionModel
{
    public IEnumerable<Figure> Figures => Pools.SelectMany(pool => pool.Figures);

    public static QueueModel Of(DailyReportInput input)
    {
        var maker = new FigureMaker(input.Center.Id, input.Elapsed, input.AsOf);
        var days = PoolDay.Of(input.DayHours, input.Center);
        var known = days.Select(day => day.Pool).ToList();
        var pools = known.Concat(input.Operations.Queues.Select(queue => queue.Pool).Where(pool => !known.Contains(pool))).ToList();
        return new([.. pools.Select(pool => OfPool(input, maker, pool, days.FirstOrDefault(day => day.Pool == pool)))]);
    }

    private static PoolQueue OfPool(DailyReportInput input, FigureMaker maker, PoolId pool, PoolDay? day)
    {
        var (cell, scope, ran) = ($"queue.{pool}", maker.Scope(pool), input.Operations.Of(pool));
        var queue = input.Operations.Queues.FirstOrDefault(entry => entry.Pool == pool) ?? new QueueState(pool, 0, 0, null, 0, null, null);
        return new(
            pool,
            PoolDay.NameOf(input.Center, pool),
            maker.Count($"{cell}.requests", scope, MetricCatalog.QueueRequests, queue.Waiting),
            maker.Amount($"{cell}.devices", scope, MetricCatalog.QueueDevices.Id, MetricUnit.Devices, queue.Devices, 1),
            Hours(maker, $"{cell}.oldest", scope, MetricCatalog.QueueAge, queue.OldestMicros),
            maker.Count($"{cell}.started", scope, MetricCatalog.JobsStarted, queue.Started),
            Hours(maker, $"{cell}.wait_p50", scope, MetricCatalog.WaitP50, queue.MedianWait),
            Hours(maker, $"{cell}.wait_p95", scope, MetricCatalog.WaitP95, queue.P95Wait),
            maker.Amount($"{cell}.H_saturation", scope, MetricCatalog.HSaturation.Id, MetricUnit.Hours, ran?.Saturation.Hours ?? 0, 1),
            Peak(maker, $"{cell}.U_peak", scope, ran?.Peak),
            LoadFactor(maker, $"{cell}.LoadFactor", scope, ran?.Peak, day),
            ran?.Room is { } room ? maker.Amount($"{cell}.LargestGang", scope, MetricCatalog.LargestGang.Id, MetricUnit.Devices, room.LargestGang, 1) : null,
            ran?.Room is { } fragments ? maker.Amount($"{cell}.Stranded", scope, MetricCatalog.Stranded.Id, MetricUnit.DeviceHours, fragments.StrandedMicros, Micros.PerHour) : null)
        {
            Gangs = input.Kind != PeriodKind.Day && ran?.Room is { } over ? GangsOf(maker, over) : null,
        };
    }

    private static PoolGangs GangsOf(FigureMaker maker, GangRoom room)
    {
        var (cell, scope, metric) = ($"gang.{room.Pool}", maker.Scope(room.Pool), MetricCatalog.LargestGang.Id);
        return new(
            maker.Amount($"{cell}.mean", scope, metric, MetricUnit.Devices, room.GangMicros, maker.Window.Length.Value),
            room.FreeMicros == 0
                ? null
                : maker.Amount($"stranded.{room.Pool}.share", scope, MetricCatalog.Stranded.Id, MetricUnit.Share, room.StrandedMicros, room.FreeMicros),
            [.. room.Starts.Select(start => new GangStart(start.Devices, maker.Amount($"{cell}.hours.{start.Devices}", scope, metric, MetricUnit.Hours, start.Micros, Micros.PerHour)))]);
    }

    private static Figure Hours(FigureMaker maker, string cell, FigureScope scope, MetricDefinition metric, long? micros) => micros is { } time
        ? maker.Amount(cell, scope, metric.Id, MetricUnit.Hours, time, Micros.PerHour)
        : maker.Unknown(cell, scope, metric.Id, MetricUnit.Hours, FigureGap.Nothing);

    private static Figure Peak(FigureMaker maker, string cell, FigureScope scope, PeakUse? peak) => peak is null
        ? maker.Unknown(cell, scope, MetricCatalog.UPeak.Id, MetricUnit.Share, FigureGap.Nothing)
        : maker.Amount(cell, scope, MetricCatalog.UPeak.Id, MetricUnit.Share, peak.Busy, peak.Known) with { Coverage = (double)peak.Steps / peak.AllSteps };

    private static Figure LoadFactor(FigureMaker maker, string cell, FigureScope scope, PeakUse? peak, PoolDay? day) =>
        peak is not null && day?.Weighed.U3 is { } mean && peak.LoadFactor(mean) is not null
            ? maker.Amount(cell, scope, MetricCatalog.LoadFactor.Id, MetricUnit.Share, (System.Numerics.BigInteger)mean.Numerator * peak.Known, (System.Numerics.BigInteger)mean.Denominator * peak.Busy)
            : maker.Unknown(cell, scope, MetricCatalog.LoadFactor.Id, MetricUnit.Share, FigureGap.Nothing);
}

/// <param name="LargestGang">When the period ends; null: nothing was installed.</param>
public sealed record PoolQueue(
    PoolId Pool,
    LocalText Name,
    Figure Requests,
    Figure Devices,
    Figure Oldest,
    Figure Started,
    Figure MedianWait,
    Figure P95Wait,
    Figure FullHours,
    Figure Peak,
    Figure LoadFactor,
    Figure? LargestGang,
    Figure? Stranded)
{
    /// <summary>Gangs over a week or month; null: of a day, whose end is told alone.</summary>
    public PoolGangs? Gangs { get; init; }

    public IEnumerable<Figure> Figures =>
        new[] { Requests, Devices, Oldest, Started, MedianWait, P95Wait, FullHours, Peak, LoadFactor, LargestGang, Stranded }.OfType<Figure>().Concat(Gangs?.Figures ?? []);
}

/// <param name="Mean">The largest gang that could start, weighted by time.</param>
/// <param name="StrandedShare">Of the free time; null: nothing was free.</param>
/// <param name="Starts">By size.</param>
public sealed record PoolGangs(Figure Mean, Figure? StrandedShare, ImmutableArray<GangStart> Starts)
{
    public IEnumerable<Figure> Figures => new[] { Mean, StrandedShare }.OfType<Figure>().Concat(Starts.Select(start => start.Hours));
}

/// <param name="Hours">In which a gang of so many devices could have started.</param>
public sealed record GangStart(int Devices, Figure Hours);
