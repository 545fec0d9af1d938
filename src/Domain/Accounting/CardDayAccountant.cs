using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Domain.Accounting;

/// <summary>What is declared about the feed and the models of a center, as far as accounting needs it.</summary>
/// <param name="PeriodMicros">Declared nominal period of the source; null: the most frequent gap of the day.</param>
/// <param name="RatedMilliwatts">Rated power of a model by its name in the inventory; null: not known.</param>
public sealed record AccountingRules(long? PeriodMicros, Func<string?, long?> RatedMilliwatts);

/// <summary>The law of states, METRICS section 1 and 2: facts and samples of one device in, its card-hours out. Pure.</summary>
public static class CardDayAccountant
{
    /// <summary>Samples this far outside of a day can still change it. Unit: microseconds.</summary>
    public static long ContextMicros(long? declaredPeriod) =>
        UseSignal.SilentZeroMicros + (2 * UseSignal.MaxGap(declaredPeriod ?? 10 * Micros.PerMinute));

    /// <summary>Accounts for one local day, or for its part up to <paramref name="now"/>.</summary>
    /// <param name="samples">Of the day and <see cref="ContextMicros"/> around it.</param>
    /// <param name="now">Time from here on has not happened and is not installed.</param>
    /// <param name="steps">Takes in the same time in steps of five minutes; null: nobody asks.</param>
    public static CardDay Account(
        DeviceHistory device, DeviceSamples samples, AccountingRules rules, CenterClock clock, DateOnly day, long now, FiveMinutes? steps = null)
    {
        var window = clock.Day(day);
        var maxGap = UseSignal.MaxGap(rules.PeriodMicros ?? UseSignal.NominalPeriod(samples.Instants, window) ?? UseSignal.DefaultPeriodMicros);
        var hours = ImmutableArray.CreateBuilder<CardHour>(25);
        var placements = device.Placements.Where(p => p.Valid.Overlaps(window)).ToArray();
        foreach (var model in placements.Select(p => p.Model).Distinct())
        {
            var silent = UseSignal.SilentZeros(samples, maxGap, rules.RatedMilliwatts(model));
            using var curve = new UseCurve(samples, silent, maxGap);
            var ledger = new HourLedger(device, [.. device.Holdings.Where(holding => holding.Valid.Overlaps(window))], curve, steps);
            var places = placements.Where(p => p.Model == model).ToArray();
            foreach (var hour in clock.Hours(day).TakeWhile(hour => hour.From < now))
            {
                ledger.Hour(hour.Within(new(long.MinValue, now)), hour.From, places, hours);
            }
        }

        hours.Sort((left, right) => (left.HourStart, left.Pool.Value, left.Host, left.Model).CompareTo((right.HourStart, right.Pool.Value, right.Host, right.Model)));
        return new(device.Device, day, hours.DrainToImmutable());
    }

    private sealed class HourLedger(DeviceHistory device, ImmutableArray<Holding> holdings, UseCurve curve, FiveMinutes? steps)
    {
        private readonly List<HeldShare> _held = [];
        private readonly SliceTime _slices = new(curve);
        private readonly long[] _cells = new long[HourCells.Count];
        private readonly int[] _uses = new int[UseDistribution.Bins];
        private readonly SortedDictionary<string, TenantHour> _tenants = new(StringComparer.Ordinal);
        private UsePoint _sum;

        public void Hour(Window hour, long hourStart, Placement[] placements, ImmutableArray<CardHour>.Builder into)
        {
            var inHour = placements.Where(p => p.Valid.Overlaps(hour)).ToArray();
            for (var i = 0; i < inHour.Length; i++)
            {
                // A place that comes twice in an hour is one card-hour.
                if (Array.FindIndex(inHour, place => IsSamePlace(place, inHour[i])) < i)
                {
                    continue;
                }

                Array.Clear(_cells);
                Array.Clear(_uses);
                _tenants.Clear();
                _sum = default;
                foreach (var placement in inHour.AsSpan(i))
                {
                    if (IsSamePlace(placement, inHour[i]))
                    {
                        Split(placement.Valid.Within(hour), steps?.Of(placement.Pool, placement.Model));
                    }
                }

                into.Add(new(
                    hourStart,
                    inHour[i].Pool,
                    inHour[i].Model,
                    inHour[i].Host,
                    new HourCells(_cells),
                    _sum.Silent,
                    _sum.EnergyNanojoules,
                    _sum.PowerKnown,
                    _sum.Samples,
                    [.. _tenants.Values])
                {
                    Uses = UseDistribution.Of(_uses),
                });
            }
        }

        private static bool IsSamePlace(Placement left, Placement right) => (left.Pool, left.Model, left.Host) == (right.Pool, right.Model, right.Host);

        private void Split(Window part, long[]? stepCells)
        {
            var begin = curve.Begin(part.From);
            var point = begin;
            var silent = 0L;
            for (var from = part.From; from < part.Until;)
            {
                var (state, until) = StateAt(from, part.Until);
                var isSliced = _held.Count > 1 || (_held.Count == 1 && _held[0].Ppm < AllocationFact.Whole);
                var start = point;
                for (var at = from; at < until;)
                {
                    var next = stepCells is null ? until : Math.Min(until, at + FiveMinutes.Step - Modulo(at - steps!.From, FiveMinutes.Step));
                    var after = curve.At(next, point);
                    if (stepCells is not null)
                    {
                        var cells = stepCells.AsSpan(steps!.At(at), HourCells.Count);
                        if (isSliced)
                        {
                            _slices.Add(new(at, next), _held, state, cells, each: null);
                        }
                        else
                        {
                            Add(cells, state, next - at, point, after);
                        }
                    }

                    (point, at) = (after, next);
                }

                if (isSliced)
                {
                    _slices.Add(new(from, until), _held, state, _cells, AddTenant);
                }
                else
                {
                    Add(_cells, state, until - from, start, point);
                    if (_held.Count == 1)
                    {
                        var (busy, known) = (point.Busy - start.Busy, point.Known - start.Known);
                        AddTenant(_held[0].Holding.Tenant, new(busy, known - busy, until - from - known));
                    }
                }

                if (state is not (Cell.Down or Cell.Maintenance))
                {
                    silent += point.Silent - start.Silent;
                }

                from = until;
            }

            curve.Count(begin, point, _uses);
            _sum = new(
                0,
                0,
                _sum.Silent + silent,
                _sum.PowerKnown + point.PowerKnown - begin.PowerKnown,
                _sum.EnergyNanojoules + point.EnergyNanojoules - begin.EnergyNanojoules,
                _sum.Samples + point.Samples - begin.Samples,
                0);
        }

        private static long Modulo(long value, long divisor) => ((value % divisor) + divisor) % divisor;

        private static void Add(Span<long> cells, Cell state, long length, in UsePoint from, in UsePoint until)
        {
            if (state is Cell.Down or Cell.Maintenance)
            {
                cells[(int)state] += length;
                return;
            }

            var (busy, known) = (until.Busy - from.Busy, until.Known - from.Known);
            cells[(int)state] += busy;
            cells[(int)state + 1] += known - busy;
            cells[(int)state + 2] += length - known;
        }

        private void AddTenant(TenantId tenant, UseTime time)
        {
            var before = _tenants.GetValueOrDefault(tenant.Value, new(tenant, 0, 0, 0));
            _tenants[tenant.Value] = before with { Busy = before.Busy + time.Busy, Idle = before.Idle + time.Idle, UseUnknown = before.UseUnknown + time.Unknown };
        }

        // The allocation state at an instant (as the first of its three cells; of a sliced device that of the part nobody holds), and the first instant at which anything about it may change. Who holds it is in _held.
        private (Cell State, long Until) StateAt(long instant, long end)
        {
            _held.Clear();
            if (Covers(device.Down, instant, ref end))
            {
                return (Cell.Down, end);
            }

            if (Covers(device.Maintenance, instant, ref end))
            {
                return (Cell.Maintenance, end);
            }

            HeldShare.At(holdings, instant, _held, ref end);
            if (_held.Count == 1 && _held[0].Ppm == AllocationFact.Whole)
            {
                return (Cell.AllocatedBusy, end);
            }

            return Covers(device.AllocationKnown, instant, ref end)
                ? (Cell.FreeBusy, end)
                : (Cell.AllocUnknownBusy, end);
        }

        private static bool Covers(ImmutableArray<Window> set, long instant, ref long end)
        {
            foreach (var window in set)
            {
                if (window.Contains(instant))
                {
                    end = Math.Min(end, window.Until);
                    return true;
                }

                if (window.From > instant)
                {
                    end = Math.Min(end, window.From);
                    return false;
                }
            }

            return false;
        }
    }
}
