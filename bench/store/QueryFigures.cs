using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage.Sqlite;

namespace Headroom.Bench.Store;

/// <summary>The queries of the peers, from roll-ups and from raw samples. Prints a name and CPU milliseconds a line.</summary>
internal sealed class QueryFigures(SqliteStore store, CenterId center, string? only)
{
    /// <summary>A server has its code compiled: so long a query runs before it is measured. Unit: CPU seconds.</summary>
    private const double WarmSeconds = 1.5;

    private const double EnoughSeconds = 0.6;

    /// <param name="arguments">Database, first and last second of the day, of the week, the card; then, where not all are wanted, the name of a query.</param>
    public static async Task PrintAsync(string[] arguments)
    {
        await using var store = await SqliteStore.OpenAsync(new() { Path = arguments[0], ReadOnly = true }, TimeProvider.System, CancellationToken.None);
        var seconds = arguments[1..5].Select(text => long.Parse(text, CultureInfo.InvariantCulture) * Micros.PerSecond).ToArray();
        await new QueryFigures(store, new("wuhan"), arguments.Length > 6 ? arguments[6] : null).PrintAsync(new(seconds[0], seconds[1]), new(seconds[2], seconds[3]), new(arguments[5]));
    }

    private async Task PrintAsync(Window day, Window week, DeviceId card)
    {
        var clock = new CenterClock("Asia/Shanghai");
        var (first, last) = (clock.DayOf(week.From), clock.DayOf(week.Until - 1).AddDays(1));
        var one = clock.DayOf(day.From + (12 * Micros.PerHour));
        await MeasureAsync("q1.rollup", () => PoolHoursAsync(one, one.AddDays(1)));
        await MeasureAsync("q2.rollup", () => CardsAsync(one));
        await MeasureAsync("q3.rollup", () => PoolHoursAsync(first, last));
        await MeasureAsync("q4.rollup", () => CardHoursAsync(first, last));
        await MeasureAsync("q1.raw", () => RawHoursAsync(day, byCard: false));
        await MeasureAsync("q2.raw", () => RawCardsAsync(day));
        await MeasureAsync("q3.raw", () => RawHoursAsync(week, byCard: false));
        await MeasureAsync("q4.raw", () => RawHoursAsync(week, byCard: true));
        await MeasureAsync("q5.raw", () => store.ReadSamplesAsync(center, card, day, CancellationToken.None));
    }

    private async Task MeasureAsync(string name, Func<Task> query)
    {
        if (only is not null && only != name)
        {
            return;
        }

        await RepeatAsync(query, WarmSeconds);
        var (cpu, runs) = await RepeatAsync(query, EnoughSeconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {cpu.TotalMilliseconds / runs:F3}"));
    }

    private static async Task<(TimeSpan Cpu, int Runs)> RepeatAsync(Func<Task> query, double seconds)
    {
        var (before, cpu) = (Process.GetCurrentProcess().TotalProcessorTime, TimeSpan.Zero);
        var runs = 0;
        for (; cpu.TotalSeconds < seconds; runs++)
        {
            await query();
            cpu = Process.GetCurrentProcess().TotalProcessorTime - before;
        }

        return (cpu, runs);
    }

    private async Task PoolHoursAsync(DateOnly from, DateOnly until)
    {
        var means = new SortedDictionary<(string Pool, long Hour), (long Busy, long Known)>();
        foreach (var hour in (await store.ReadRollUpsAsync(center, RollUpScope.Pool, RollUpGrain.Hour, from, until, Instants.Never, CancellationToken.None)).SelectMany(entry => entry.RollUps))
        {
            var (busy, known) = means.GetValueOrDefault((hour.Key.Pool.Value, hour.Start));
            means[(hour.Key.Pool.Value, hour.Start)] = (busy + hour.Cells.Busy, known + hour.Cells.Available - hour.Cells.UseUnknown);
        }

        Require(means.Count > 0);
    }

    private async Task CardsAsync(DateOnly day)
    {
        var bins = new int[UseDistribution.Bins];
        var (cards, sum) = (0, 0L);
        foreach (var card in await store.ReadCardDaysAsync(center, day, day.AddDays(1), Instants.Never, CancellationToken.None))
        {
            Array.Clear(bins);
            var (busy, known) = (0L, 0L);
            foreach (var hour in card.Hours)
            {
                busy += hour.Cells.Busy;
                known += hour.Cells.Available - hour.Cells.UseUnknown;
                hour.Uses.AddTo(bins);
            }

            sum += (UseDistribution.Of(bins).Quantile(0.95) ?? 0) + bins.AsSpan(50).ToArray().Sum() + (known == 0 ? 0 : busy / known);
            cards++;
        }

        Require(cards >= 400 && sum > 0);
    }

    private async Task CardHoursAsync(DateOnly from, DateOnly until)
    {
        var (hours, sum) = (0, 0.0);
        await store.ReadHourUseAsync(center, from, until, Instants.Never, (_, _, use) =>
        {
            sum += use.Busy / (double)Math.Max(1, use.Known);
            hours++;
        }, CancellationToken.None);

        Require(hours > 0 && sum > 0);
    }

    private async Task RawHoursAsync(Window window, bool byCard)
    {
        var hours = (int)(window.Length.Value / Micros.PerHour);
        var (sums, counts) = (new long[hours], new long[hours]);
        var filled = 0;
        await store.ReadUtilizationAsync(center, window, (_, instants, use) =>
        {
            if (byCard)
            {
                Array.Clear(sums);
                Array.Clear(counts);
            }

            for (var i = 0; i < instants.Length;)
            {
                var hour = (int)((instants[i] - window.From) / Micros.PerHour);
                var end = window.From + ((hour + 1) * Micros.PerHour);
                var found = instants.BinarySearch(end);
                var next = found < 0 ? ~found : found;
                var (sum, count) = Sum(use[i..next]);
                i = next;
                sums[hour] += sum;
                counts[hour] += count;
            }

            filled += counts.AsSpan().ContainsAnyExcept(0) ? 1 : 0;
        }, CancellationToken.None);
        Require(filled > 0);
    }

    // Of what is not missing, which is below every value.
    private static (long Sum, int Count) Sum(ReadOnlySpan<int> values)
    {
        var (sums, counts) = (Vector256<long>.Zero, Vector256<int>.Zero);
        var i = 0;
        for (; i + Vector256<int>.Count <= values.Length; i += Vector256<int>.Count)
        {
            var eight = Vector256.Create(values[i..]);
            var known = Vector256.GreaterThanOrEqual(eight, Vector256<int>.Zero);
            var (lower, upper) = Vector256.Widen(eight & known);
            sums += lower + upper;
            counts -= known;
        }

        var (sum, count) = (Vector256.Sum(sums), Vector256.Sum(counts));
        for (; i < values.Length; i++)
        {
            (sum, count) = values[i] == TelemetryMetrics.Missing ? (sum, count) : (sum + values[i], count + 1);
        }

        return (sum, count);
    }

    private async Task RawCardsAsync(Window window)
    {
        var bins = new Dictionary<DeviceId, int[]>();
        await store.ReadUtilizationAsync(center, window, (device, _, use) =>
        {
            if (!bins.TryGetValue(device, out var counts))
            {
                bins[device] = counts = new int[UseDistribution.Bins];
            }

            foreach (var value in use)
            {
                if (value != TelemetryMetrics.Missing)
                {
                    counts[UseDistribution.BinOf(value)]++;
                }
            }
        }, CancellationToken.None);
        Require(bins.Values.Sum(counts => UseDistribution.Of(counts).Quantile(0.95) ?? 0) > 0);
    }

    private static void Require(bool hasAnswer)
    {
        if (!hasAnswer)
        {
            throw new InvalidOperationException("a query without an answer");
        }
    }
}
