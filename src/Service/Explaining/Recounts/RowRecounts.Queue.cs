using System.Numerics;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Figures;

namespace Headroom.Service.Explaining.Recounts;

/// <content>Queues, room for gangs, and peaks.</content>
internal sealed partial class RowRecounts
{
    private static readonly Cell[] AllBusy = [Cell.AllocatedBusy, Cell.AllocUnknownBusy, Cell.FreeBusy];

    private Recounted? OfQueue(Figure figure)
    {
        var pool = figure.Scope.Pool!.Value;
        switch (figure.Metric.Name)
        {
            case "LargestGang":
                return Amount(RowKind.Inventory, "max(Σ whole servers, free on one)", "n", Room(pool).LargestGang, 1, MetricUnit.Devices, []) with { RowCount = Room(pool).Servers };
            case "Stranded":
                return Amount(RowKind.Inventory, "Σ t (free, no waiting gang fits)", "Stranded", Room(pool).Stranded, Micros.PerHour, MetricUnit.DeviceHours, []) with { RowCount = Room(pool).Servers };
            case "H_saturation":
                return FullHours(pool);
            case "U_peak":
                return PeakOf(pool) is { } peak
                    ? Ratio(RowKind.Samples, "Busy", "Known", peak.Busy, peak.Known, Scale(pool).Unit, Scale(pool).PerUnit, [peak.Row]) with { Coverage = (double)peak.Ranked / peak.All, RowCount = raw!.Samples }
                    : Nothing(RowKind.Samples, "n (steps, half known) = 0");
            case "LoadFactor":
                return LoadFactor(pool);
            case "QueueRequests" or "QueueDevices" or "QueueAge":
                return Waiting(figure, pool);
            default:
                return Started(figure, pool);
        }
    }

    // gang.POOL.mean, gang.POOL.hours.SIZE and stranded.POOL.share: room over a week or month.
    private Recounted OfRoom(Figure figure, PlainRoom room) => (figure.Unit switch
    {
        MetricUnit.Share => Ratio(RowKind.Inventory, "Stranded", "Free", room.Stranded, room.Free, MetricUnit.DeviceHours, Micros.PerHour, []),
        MetricUnit.Hours => Amount(
            RowKind.Inventory, "Σ t (gang fits)", "t", room.CouldStart(int.Parse(figure.Cell.Split('.')[^1], System.Globalization.CultureInfo.InvariantCulture)), Micros.PerHour, MetricUnit.Hours, []),
        _ => Amount(RowKind.Inventory, "Σ max(Σ whole servers, free on one) × t ÷ t", "n", room.Gangs, Window.Until - Window.From, MetricUnit.Devices, []),
    }) with { RowCount = room.Servers };

    private Recounted Waiting(Figure figure, PoolId pool)
    {
        var waiting = _waits.Value.Where(wait => wait.Pool == pool && wait.Since < Window.Until && wait.Until >= Window.Until).ToList();
        var named = waiting.Select(wait => new NamedRow(wait.Id, wait.Since, wait.Until == Instants.Never ? null : wait.Until, wait.Devices, MetricUnit.Devices));
        return figure.Metric.Name switch
        {
            "QueueRequests" => Count(RowKind.Jobs, named),
            "QueueDevices" => Amount(RowKind.Jobs, "Σ n (job)", "n", waiting.Sum(wait => (long)wait.Devices), 1, MetricUnit.Devices, named),
            _ when waiting.Count == 0 => Nothing(RowKind.Jobs, "n (pending) = 0"),
            _ => Amount(RowKind.Jobs, "max (t − eligible)", "t", Window.Until - waiting.Min(wait => wait.Since), Micros.PerHour, MetricUnit.Hours, named),
        };
    }

    private Recounted Started(Figure figure, PoolId pool)
    {
        var started = devices.Facts.Jobs.Where(job => (job.Pool ?? devices.Center.FallbackPool) == pool && job.Started is { } start && Window.Contains(start)).ToList();
        var named = started.Select(job => new NamedRow(job.JobId, job.Submitted, job.Started, job.Devices, MetricUnit.Devices));
        if (figure.Metric == MetricCatalog.JobsStarted.Id)
        {
            return Count(RowKind.Jobs, named);
        }

        var waits = started.ConvertAll(job => Math.Max(0, job.Started!.Value - Math.Max(job.Submitted, job.Eligible ?? job.Submitted)));
        if (waits.Count == 0)
        {
            return Nothing(RowKind.Jobs, "n (started) = 0");
        }

        waits.Sort();
        var share = figure.Metric == MetricCatalog.WaitP50.Id ? 0.5 : 0.95;
        return Amount(RowKind.Jobs, "rank (start − eligible)", "wait", waits[RankOf(share, waits.Count) - 1], Micros.PerHour, MetricUnit.Hours, named);
    }

    // Nearest rank: the first that is not below the share.
    private static int RankOf(double share, int count)
    {
        var rank = 1;
        while (rank < share * count)
        {
            rank++;
        }

        return rank;
    }

    private Recounted FullHours(PoolId pool)
    {
        var full = new List<NamedRow>();
        foreach (var (key, sums) in rows.Hours.Where(hour => hour.Key.Pool == pool).OrderBy(hour => hour.Key.Start))
        {
            var rated = !sums.IsUnrated;
            var available = sums.Sum(rated, Enum.GetValues<Cell>()) - sums.Sum(rated, Cell.Down, Cell.Maintenance);
            var known = available - sums.Sum(rated, Cell.AllocUnknownBusy, Cell.AllocUnknownIdle, Cell.AllocUnknownUseUnknown);
            var allocated = sums.Sum(rated, Cell.AllocatedBusy, Cell.AllocatedIdle, Cell.AllocatedUseUnknown);
            if (known > 0 && 2 * known >= available && (double)allocated / (double)known >= 0.95
                && _waits.Value.Exists(wait => wait.IsJob && wait.Pool == pool && wait.Since < key.Start + Micros.PerHour && wait.Until > key.Start))
            {
                full.Add(new(pool.Value, key.Start, key.Start + Micros.PerHour, (double)allocated / (double)known, MetricUnit.Share));
            }
        }

        return Amount(RowKind.CardHours, "Σ 1 (U1s ≥ 0.95, queue > 0)", "n", full.Count, 1, MetricUnit.Hours, full);
    }

    private (Int128 Busy, Int128 Known, int Ranked, int All, NamedRow Row)? PeakOf(PoolId pool)
    {
        var all = raw!.Steps
            .Where(step => step.Key.Pool == pool)
            .GroupBy(step => step.Key.Start)
            .Select(group =>
            {
                Int128 busy = 0, known = 0, available = 0;
                foreach (var (key, step) in group)
                {
                    var weight = rows.WeightOf(pool, key.Model.Length == 0 ? null : key.Model);
                    (busy, known, available) = (busy + ((Int128)step.Busy * weight), known + ((Int128)step.Known * weight), available + ((Int128)step.Available * weight));
                }

                return (Start: group.Key, Busy: busy, Known: known, Available: available);
            })
            .Where(step => step.Available > 0)
            .ToList();
        var ranked = all.Where(step => step.Known * 2 >= step.Available).ToList();
        if (ranked.Count == 0)
        {
            return null;
        }

        ranked.Sort((left, right) => ((BigInteger)left.Busy * right.Known).CompareTo((BigInteger)right.Busy * left.Known));
        var peak = ranked[RankOf(0.95, ranked.Count) - 1];
        return (peak.Busy, peak.Known, ranked.Count, all.Count, new(pool.Value, peak.Start, peak.Start + (5 * Micros.PerMinute), (double)peak.Busy / (double)peak.Known, MetricUnit.Share));
    }

    private Recounted LoadFactor(PoolId pool)
    {
        if (PeakOf(pool) is not { Busy: var peakBusy, Known: var peakKnown } || peakBusy == 0 || !rows.Pools.TryGetValue(pool, out var sums))
        {
            return Nothing(RowKind.Samples, "U_peak = 0");
        }

        var rated = !sums.IsUnrated;
        var available = sums.Sum(rated, Enum.GetValues<Cell>()) - sums.Sum(rated, Cell.Down, Cell.Maintenance);
        var (busy, known) = (sums.Sum(rated, AllBusy), available - sums.Sum(rated, UseUnknown));
        if (known == 0 || 2 * known < available)
        {
            return Nothing(RowKind.Samples, "n (U3) = 0");
        }

        var (numerator, denominator) = ((BigInteger)busy * peakKnown, (BigInteger)known * peakBusy);
        return new(
            RowKind.Samples,
            numerator,
            denominator,
            (double)numerator / (double)denominator,
            null,
            null,
            null,
            FigureGap.None,
            "U3 ÷ U_peak",
            [new("U3", (double)busy / (double)known, MetricUnit.Share), new("U_peak", (double)peakBusy / (double)peakKnown, MetricUnit.Share)]) { RowCount = raw!.Samples };
    }
}
