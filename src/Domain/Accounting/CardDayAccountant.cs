using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Telemetry;
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
    public static CardDay Account(DeviceHistory device, DeviceSamples samples, AccountingRules rules, CenterClock clock, DateOnly day, long now)
    {
        var window = clock.Day(day);
        var maxGap = UseSignal.MaxGap(rules.PeriodMicros ?? UseSignal.NominalPeriod(samples.Instants, window) ?? UseSignal.DefaultPeriodMicros);
        var hours = ImmutableArray.CreateBuilder<CardHour>(25);
        var placements = device.Placements.Where(p => p.Valid.Overlaps(window)).ToArray();
        foreach (var model in placements.Select(p => p.Model).Distinct())
        {
            var silent = UseSignal.SilentZeros(samples, maxGap, rules.RatedMilliwatts(model));
            var ledger = new HourLedger(device, samples, UseSignal.Spans(samples, maxGap, silent), silent, maxGap);
            foreach (var hour in clock.Hours(day).TakeWhile(hour => hour.From < now))
            {
                hours.AddRange(ledger.Hour(hour.Within(new(long.MinValue, now)), hour.From, placements.Where(p => p.Model == model)));
            }
        }

        hours.Sort((left, right) => (left.HourStart, left.Pool.Value, left.Host, left.Model).CompareTo((right.HourStart, right.Pool.Value, right.Host, right.Model)));
        return new(device.Device, day, hours.DrainToImmutable());
    }

    private sealed class HourLedger(DeviceHistory device, DeviceSamples samples, ImmutableArray<UseSpan> spans, bool[] silent, long maxGap)
    {
        public IEnumerable<CardHour> Hour(Window hour, long hourStart, IEnumerable<Placement> placements)
        {
            foreach (var place in placements.Where(p => p.Valid.Overlaps(hour)).GroupBy(p => (p.Pool, p.Model, p.Host)))
            {
                Span<long> cells = stackalloc long[HourCells.Count];
                var tenants = new SortedDictionary<string, TenantHour>(StringComparer.Ordinal);
                var (silentMicros, nanojoules, powerKnown, count) = (0L, 0L, 0L, 0);
                foreach (var placement in place)
                {
                    var part = placement.Valid.Within(hour);
                    Split(part, cells, tenants);
                    silentMicros += Silent(part);
                    AddEnergy(part, ref nanojoules, ref powerKnown);
                    count += CountSamples(part);
                }

                yield return new(
                    hourStart, place.Key.Pool, place.Key.Model, place.Key.Host, new HourCells(cells), silentMicros, nanojoules, powerKnown, count, [.. tenants.Values]);
            }
        }

        private void Split(Window part, Span<long> cells, SortedDictionary<string, TenantHour> tenants)
        {
            for (var from = part.From; from < part.Until;)
            {
                var (state, holding, until) = StateAt(from, part.Until);
                var segment = new Window(from, until);
                if (state is Cell.Down or Cell.Maintenance)
                {
                    cells[(int)state] += segment.Length.Value;
                }
                else
                {
                    var (busy, known) = Use(segment);
                    cells[(int)state] += busy;
                    cells[(int)state + 1] += known - busy;
                    cells[(int)state + 2] += segment.Length.Value - known;
                    if (holding is not null)
                    {
                        var before = tenants.GetValueOrDefault(holding.Tenant.Value, new(holding.Tenant, 0, 0, 0));
                        tenants[holding.Tenant.Value] = before with
                        {
                            Busy = before.Busy + busy,
                            Idle = before.Idle + known - busy,
                            UseUnknown = before.UseUnknown + segment.Length.Value - known,
                        };
                    }
                }

                from = until;
            }
        }

        // The allocation state at an instant (as the first of its three cells) and the first instant at which anything about it may change.
        private (Cell State, Holding? Holding, long Until) StateAt(long instant, long end)
        {
            if (Covers(device.Down, instant, ref end))
            {
                return (Cell.Down, null, end);
            }

            if (Covers(device.Maintenance, instant, ref end))
            {
                return (Cell.Maintenance, null, end);
            }

            foreach (var holding in device.Holdings)
            {
                if (holding.Valid.Contains(instant))
                {
                    return (Cell.AllocatedBusy, holding, Math.Min(end, holding.Valid.Until));
                }

                if (holding.Valid.From > instant)
                {
                    end = Math.Min(end, holding.Valid.From);
                    break;
                }
            }

            return Covers(device.AllocationKnown, instant, ref end)
                ? (Cell.FreeBusy, null, end)
                : (Cell.AllocUnknownBusy, null, end);
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

        private (long Busy, long Known) Use(Window segment)
        {
            var (busy, known) = (0L, 0L);
            for (var i = FirstSpanEndingAfter(segment.From); i < spans.Length && spans[i].StartMicros < segment.Until; i++)
            {
                busy += spans[i].BusyWithin(segment.From, segment.Until).Value;
                known += new Window(spans[i].StartMicros, spans[i].EndMicros).Within(segment).Length.Value;
            }

            return (busy, known);
        }

        private int FirstSpanEndingAfter(long instant)
        {
            var (low, high) = (0, spans.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (spans[middle].EndMicros <= instant)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            return low;
        }

        // Silent zeros count only where use is accounted at all: not while down or in maintenance.
        private long Silent(Window part)
        {
            var total = 0L;
            for (var i = IndexAfter(part.From); i < samples.Count; i++)
            {
                var span = new Window(UseSignal.SpanStart(samples.Instants, i, maxGap), samples.Instants[i]);
                if (span.From >= part.Until)
                {
                    break;
                }

                if (silent[i])
                {
                    total += Outside(span.Within(part));
                }
            }

            return total;
        }

        private long Outside(Window window)
        {
            var total = 0L;
            for (var from = window.From; from < window.Until;)
            {
                var (state, _, until) = StateAt(from, window.Until);
                total += state is Cell.Down or Cell.Maintenance ? 0 : until - from;
                from = until;
            }

            return total;
        }

        private void AddEnergy(Window part, ref long nanojoules, ref long known)
        {
            for (var i = IndexAfter(part.From); i < samples.Count; i++)
            {
                var span = new Window(UseSignal.SpanStart(samples.Instants, i, maxGap), samples.Instants[i]);
                if (span.From >= part.Until)
                {
                    break;
                }

                if (samples.PowerMilliwatts[i] != TelemetryMetrics.Missing)
                {
                    var length = span.Within(part).Length.Value;
                    nanojoules += samples.PowerMilliwatts[i] * length;
                    known += length;
                }
            }
        }

        private int CountSamples(Window part)
        {
            var count = 0;
            for (var i = IndexAfter(part.From); i < samples.Count && samples.Instants[i] <= part.Until; i++)
            {
                count += samples.UsePpm[i] == TelemetryMetrics.Missing ? 0 : 1;
            }

            return count;
        }

        // The first sample later than an instant: a sample stands for the time that ends with it.
        private int IndexAfter(long instant)
        {
            var index = samples.Instants.AsSpan().BinarySearch(instant);
            return index >= 0 ? index + 1 : ~index;
        }
    }
}
