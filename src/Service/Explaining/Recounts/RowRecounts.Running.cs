using System.Numerics;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Metrics;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Service.Explaining.Recounts;

/// <content>Queues, jobs, idle runs, cards, and what to act on.</content>
internal sealed partial class RowRecounts
{
    private static readonly Cell[] AllBusy = [Cell.AllocatedBusy, Cell.AllocUnknownBusy, Cell.FreeBusy];

    // act.POOL.KIND[.TENANT][.JOB].WORD
    private static string KindOf(Figure figure) => figure.Cell[$"act.{figure.Scope.Pool}.".Length..].Split('.')[0];

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

    private Recounted OfIdle(Figure figure)
    {
        var pool = figure.Scope.Pool!.Value;
        if (figure.Metric == MetricCatalog.IdleReclaimable.Id)
        {
            return Idle(pool, figure.Scope.Tenant, figure.Scope.Part);
        }

        var jobs = JobsOf(pool);
        return figure.Metric.Name switch
        {
            "U6" => Share(RowKind.Jobs, "Allocated (ended well)", jobs.Well, jobs.Well + jobs.Badly, "Allocated", jobs.Well + jobs.Badly + jobs.Open, MetricUnit.DeviceHours, Micros.PerHour, jobs.Named),
            "Interruptions" => Amount(RowKind.Jobs, "1000 × n (cut short) ÷ Σ n × t", "n", (BigInteger)jobs.Cut * 1_000 * Micros.PerDay, jobs.Well + jobs.Badly + jobs.Open, MetricUnit.PerThousandDeviceDays, jobs.Named),
            _ => Amount(RowKind.Jobs, "Σ n × t (job of another precision)", "Displaced", jobs.Displaced, Micros.PerHour, MetricUnit.DeviceHours, jobs.Named),
        };
    }

    private Recounted Idle(PoolId pool, TenantId? tenant, string? part)
    {
        Int128 sum = 0;
        var runs = raw!.Idle.Where(run => run.Stay.Pool == pool && (tenant is null || run.Hold.Tenant == tenant) && (part is null || run.Part == part)).ToList();
        foreach (var run in runs)
        {
            sum += (Int128)run.Micros * run.Ppm / AllocationFact.Whole * rows.WeightOf(pool, run.Stay.Model);
        }

        return Weighed(RowKind.Samples, pool, "Idle (u < 0.05, ≥ 15 min)", sum, runs.Select(Row));
    }

    private static NamedRow Row(RawIdle run) =>
        new($"{run.Device} {run.Hold.JobId} ({run.Part})", run.From, run.From + run.Micros, (double)run.Micros / Micros.PerHour, MetricUnit.DeviceHours);

    // Every job that held anything of the pool, from its size and its times.
    private (Int128 Well, Int128 Badly, Int128 Open, int Cut, Int128 Displaced, List<NamedRow> Named) JobsOf(PoolId pool)
    {
        Int128 well = 0, badly = 0, open = 0, displaced = 0;
        var (cut, named) = (0, new List<NamedRow>());
        foreach (var job in devices.Facts.Jobs.Where(job => (job.Pool ?? devices.Center.FallbackPool) == pool && job.Started is not null))
        {
            var (from, until) = (Math.Max(job.Started!.Value, Window.From), Math.Min(job.Ended ?? Math.Max(fleet.JobsKnownUntil, job.Started.Value), Window.Until));
            var held = (Int128)Math.Max(0, until - from) * job.Devices;
            var isCut = job.Ended is { } end && Window.Contains(end) && job.State is JobState.NodeFail or JobState.Preempted or JobState.Requeued;
            if (held == 0 && !isCut)
            {
                continue;
            }

            named.Add(new($"{job.JobId} ({job.State})", from, Math.Max(from, until), job.Devices, MetricUnit.Devices));
            cut += isCut ? 1 : 0;
            displaced += job.Precision is { } precision && precision != devices.Center.PrecisionOf(pool) ? held : 0;
            switch (job)
            {
                case { Ended: null } or { State: JobState.Unknown }:
                    open += held;
                    break;
                case { State: JobState.Completed }:
                    well += held;
                    break;
                default:
                    badly += held;
                    break;
            }
        }

        return (well, badly, open, cut, displaced, named);
    }

    private Recounted? OfCards(Figure figure)
    {
        var word = figure.Cell.Split('.')[1];
        if (figure.Metric == MetricCatalog.Availability.Id)
        {
            var sums = rows.Pools[figure.Scope.Pool!.Value];
            var rated = !sums.IsUnrated;
            var installed = sums.Sum(rated, Enum.GetValues<Cell>());
            return Ratio(RowKind.CardHours, "C_available", "C_installed", installed - sums.Sum(rated, Cell.Down, Cell.Maintenance), installed, Scale(figure.Scope.Pool.Value).Unit, Scale(figure.Scope.Pool.Value).PerUnit, []) with { RowCount = sums.Rows };
        }

        IEnumerable<(DeviceId Device, NamedRow Row)> cards = word switch
        {
            "idle" => rows.Cards.Where(card => card.Value.Available > 0 && card.Value.Known * 2 >= card.Value.Available && card.Value.Busy * 20 < card.Value.Known).Select(card => Card(card.Key, card.Value.Known - card.Value.Busy)),
            "silent" => rows.Cards.Where(card => card.Value is { Samples: 0, Available: > 0 } && devices.Center.Pools.All(pool => pool.Id != card.Value.Pool || pool.HasGauge)).Select(card => Card(card.Key, card.Value.Available)),
            "failed" or "repaired" => _changes.Value.Where(change => change.Word == word).Select(change => (change.Device, change.Row)),
            "hot" => raw!.Hot.Select(hot => (hot.Device, new NamedRow(hot.Device.Value, hot.From, hot.From + hot.Micros, hot.Peak / 1_000.0, MetricUnit.DegreesCelsius))),
            _ => raw!.Stragglers.Select(one => (one.Device, Row(one))),
        };
        return figure.Metric == MetricCatalog.Cards.Id
            ? Count(word is "hot" or "straggler" ? RowKind.Samples : word is "idle" or "silent" ? RowKind.CardHours : RowKind.Inventory, cards.DistinctBy(card => card.Device).Select(card => card.Row))
            : OfCard(figure, word, new(figure.Scope.Part!));

        (DeviceId Device, NamedRow Row) Card(DeviceId device, long micros) => (device, new(device.Value, Window.From, Window.Until, (double)micros / Micros.PerHour, MetricUnit.Hours));
    }

    private Recounted? OfCard(Figure figure, string word, DeviceId device)
    {
        if (word == "straggler")
        {
            var one = raw!.Stragglers
                .Where(member => member.Device == device && figure.Cell.StartsWith($"cards.straggler.{device}.{FigureMaker.At(member.Day)}.{member.Hold.JobId}.", StringComparison.Ordinal))
                .OrderByDescending(member => member.Lag)
                .FirstOrDefault();
            return one is null
                ? Nothing(RowKind.Samples, "n (members) = 0")
                : Amount(RowKind.Samples, "Σ u × t ÷ t (known)", "u", figure.Cell.EndsWith(".median", StringComparison.Ordinal) ? one.MedianPpm : one.UsePpm, 1_000_000, MetricUnit.Share, [Row(one)]);
        }

        if (word == "hot")
        {
            var runs = raw!.Hot.Where(hot => hot.Device == device && hot.Pool == figure.Scope.Pool).ToList();
            var named = runs.Select(run => new NamedRow(device.Value, run.From, run.From + run.Micros, run.Peak / 1_000.0, MetricUnit.DegreesCelsius));
            return figure.Metric == MetricCatalog.CardPeak.Id
                ? Amount(RowKind.Samples, "max (temperature)", "T", runs.Select(run => run.Peak).Append(0).Max(), 1_000, MetricUnit.DegreesCelsius, named)
                : Amount(RowKind.Samples, "Σ t (T ≥ 85 °C, ≥ 15 min)", "t", runs.Sum(run => run.Micros), Micros.PerHour, MetricUnit.Hours, named);
        }

        return rows.Cards.TryGetValue(device, out var card)
            ? Amount(RowKind.CardHours, word == "idle" ? "Known − Busy" : "C_available", "t", word == "idle" ? card.Known - card.Busy : card.Available, Micros.PerHour, MetricUnit.Hours, []) with { RowCount = card.Rows }
            : Nothing(RowKind.CardHours, "n (hours) = 0");
    }

    private static NamedRow Row(RawMember member) =>
        new($"{member.Device} {member.Hold.JobId}", member.Hold.From, member.Hold.Until == Instants.Never ? null : member.Hold.Until, member.UsePpm / 1_000_000.0, MetricUnit.Share);

    // Size, share of the installed capacity, and what is counted as evidence.
    private Recounted OfAct(Figure figure)
    {
        var (pool, kind) = (figure.Scope.Pool!.Value, KindOf(figure));
        return OfAct(figure, pool, kind) with { RowCount = RowsOf(pool, kind) };
    }

    private Recounted OfAct(Figure figure, PoolId pool, string kind)
    {
        if (figure.Metric == MetricCatalog.ActShare.Id)
        {
            var whole = Weight(pool, Enum.GetValues<Cell>());
            var size = Int128.Min(SizeOf(figure, pool, kind), whole);
            return Share(FromOf(kind), "size", size, whole, "C_installed", whole, Scale(pool).Unit, Scale(pool).PerUnit, []) with { Formula = "size ÷ C_installed" };
        }

        if (figure.Cell.EndsWith(".evidence", StringComparison.Ordinal))
        {
            return Amount(FromOf(kind), "n", "n", EvidenceOf(figure, pool, kind), 1, MetricUnit.Count, []);
        }

        if (kind == "Tune")
        {
            var (unit, per) = Scale(pool);
            Term Of(string name, Int128 sum) => new(name, (double)sum / (double)per, unit);
            return Weighed(FromOf(kind), pool, "AllocIdle − IdleReclaimable", SizeOf(figure, pool, kind), []) with
            {
                Formula = "AllocIdle − IdleReclaimable",
                Terms = [Of("AllocIdle", Weight(pool, Cell.AllocatedIdle)), Of("IdleReclaimable", (Int128)Idle(pool, null, null).Numerator!.Value)],
            };
        }

        return Weighed(FromOf(kind), pool, kind, SizeOf(figure, pool, kind), kind == "Reclaim" ? raw!.Idle.Where(run => run.Stay.Pool == pool && run.Hold.Tenant == figure.Scope.Tenant).Select(Row) : []);
    }

    private long RowsOf(PoolId pool, string kind) => FromOf(kind) switch
    {
        RowKind.Samples => raw!.Samples,
        RowKind.Allocations => Held(pool).Devices,
        RowKind.Inventory => Room(pool).Servers,
        RowKind.Jobs => JobsOf(pool).Named.Count,
        _ => rows.Pools[pool].Rows,
    };

    private static RowKind FromOf(string kind) => kind switch
    {
        "Reclaim" or "Compare" or "Tune" => RowKind.Samples,
        "TalkToOwner" => RowKind.Allocations,
        "Defragment" => RowKind.Inventory,
        "Stabilize" => RowKind.Jobs,
        _ => RowKind.CardHours,
    };

    private Int128 SizeOf(Figure figure, PoolId pool, string kind) => kind switch
    {
        "Reclaim" => (Int128)(Idle(pool, figure.Scope.Tenant, null).Numerator!.Value),
        "Compare" => LagOf(figure, pool),
        "Tune" => Int128.Max(0, Weight(pool, Cell.AllocatedIdle) - (Int128)Idle(pool, null, null).Numerator!.Value),
        "Mend" => Weight(pool, Cell.Down),
        "Measure" => Weight(pool, UseUnknown),
        "Attribute" => Weight(pool, Cell.FreeBusy),
        "TalkToOwner" => Held(pool).ContractOnly,
        "Defragment" => Average(pool, Room(pool).Stranded),
        _ => Average(pool, JobsOf(pool).Badly),
    };

    private long EvidenceOf(Figure figure, PoolId pool, string kind) => kind switch
    {
        "Reclaim" => raw!.Idle.Where(run => run.Stay.Pool == pool && run.Hold.Tenant == figure.Scope.Tenant).Select(run => run.Device).Distinct().Count(),
        "Compare" => MembersOf(figure, pool).Count(),
        "Tune" => rows.CardsIn(pool, Cell.AllocatedIdle),
        "Mend" => rows.CardsIn(pool, Cell.Down),
        "Measure" => rows.CardsIn(pool, UseUnknown),
        "Attribute" => rows.CardsIn(pool, Cell.FreeBusy),
        "Defragment" => Room(pool).LargestGang,
        _ => JobsOf(pool).Cut,
    };

    private IEnumerable<RawMember> MembersOf(Figure figure, PoolId pool) =>
        raw!.Stragglers.Where(one => one.Stay.Pool == pool && one.Hold.Tenant == figure.Scope.Tenant && one.Hold.JobId == figure.Scope.Part);

    private Int128 LagOf(Figure figure, PoolId pool)
    {
        Int128 lost = 0;
        foreach (var one in MembersOf(figure, pool))
        {
            lost += (Int128)one.Held * (one.MedianPpm - one.UsePpm) / 1_000_000 * rows.WeightOf(pool, one.Stay.Model);
        }

        return lost;
    }

    private Int128 Weight(PoolId pool, params ReadOnlySpan<Cell> cells) => rows.Pools[pool].Sum(rows.IsRated(pool), cells);

    // What names no model weighs as the pool's devices do on average.
    private Int128 Average(PoolId pool, Int128 deviceMicros)
    {
        var sums = rows.Pools[pool];
        var all = sums.Sum(rated: false, Enum.GetValues<Cell>());
        return sums.IsUnrated || all == 0 ? deviceMicros : (Int128)((BigInteger)deviceMicros * sums.Sum(rated: true, Enum.GetValues<Cell>()) / all);
    }
}
