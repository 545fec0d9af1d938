using System.Collections.Immutable;
using System.Globalization;
using Dapper;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Microsoft.Data.Sqlite;

namespace Headroom.Bench.Store;

internal static class Figures
{
    /// <summary>CPU of the last measurement. Unit: seconds.</summary>
    public static double LastCpu { get; set; }
}

internal static class Sizes
{
    /// <summary>Bytes of the file, of its free pages, and of the blocks of samples.</summary>
    public static (long File, long Free, long Blocks) Of(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return (
            new FileInfo(path).Length,
            connection.ExecuteScalar<long>("SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"),
            connection.ExecuteScalar<long>("SELECT SUM(length(use) + length(others)) FROM block"));
    }
}

/// <summary>Cards that work, idle and wait in turns of about an hour, with noise on every gauge, in the resolution of exporters: 1 %, 1 MiB, 0.1 W, 1 °C.</summary>
internal sealed class NoisyWeek(int cards, int days)
{
    private const int StepsPerDay = 5_760;
    private const long StepMicros = 15 * Micros.PerSecond;
    private static readonly long Start = Instants.From(new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));

    public long Rows => (long)cards * days * StepsPerDay;

    public IReadOnlyList<string> Cards { get; } =
        [.. Enumerable.Range(0, cards).Select(card => string.Create(CultureInfo.InvariantCulture, $"GPU-{card * 2_654_435_761L % 4_294_967_296:x8}-{card:d4}"))];

    /// <summary>Rows in the order of time. The batch is reused.</summary>
    public IEnumerable<SampleBatch> Batches(int rowsPerBatch)
    {
        var random = new Random(7);
        var level = new int[cards];
        var memory = new int[cards];
        var batch = new SampleBatch(rowsPerBatch);
        var ordinals = Cards.Select((card, index) => batch.Ordinal(new(card, $"host-{index / 8:d3}", null, "Ascend 910A", "ai"))).ToArray();
        for (var step = 0; step < days * StepsPerDay; step++)
        {
            var instant = Start + (step * StepMicros);
            for (var card = 0; card < cards; card++)
            {
                if (step == 0 || random.Next(240) == 0)
                {
                    level[card] = random.Next(4) == 0 ? 0 : random.Next(30, 96);
                    memory[card] = level[card] == 0 ? 512 : random.Next(4_000, 31_000);
                }

                var use = level[card] == 0 ? 0 : Math.Clamp(level[card] + Noise(random, 4), 0, 100);
                var row = batch.Add(ordinals[card], instant);
                batch.Set(row, TelemetryMetrics.Utilization, use * 10_000);
                batch.Set(row, TelemetryMetrics.MemoryUsed, (memory[card] + (random.Next(8) == 0 ? random.Next(-8, 9) : 0)) * 1_024);
                batch.Set(row, TelemetryMetrics.Power, (700 + (use * 23) + Noise(random, 20)) * 100);
                batch.Set(row, TelemetryMetrics.Temperature, (38 + (use / 4) + Noise(random, 1)) * 1_000);
                if (batch.Count == rowsPerBatch)
                {
                    yield return batch;
                    batch.Clear();
                }
            }
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    public IEnumerable<CardDay> CardDays(int count)
    {
        var random = new Random(7);
        for (var card = 0; card < cards; card++)
        {
            for (var day = 0; day < count; day++)
            {
                yield return new(new(Cards[card]), new DateOnly(2026, 1, 1).AddDays(day), Hours(random, $"host-{card / 8:d3}", Start + (day * Micros.PerDay)));
            }
        }
    }

    private static ImmutableArray<CardHour> Hours(Random random, string host, long start)
    {
        var hours = ImmutableArray.CreateBuilder<CardHour>(24);
        for (var hour = 0; hour < 24; hour++)
        {
            var busy = random.NextInt64(Micros.PerHour);
            var isFree = random.Next(4) == 0;
            var cells = new long[HourCells.Count];
            cells[(int)(isFree ? Cell.FreeBusy : Cell.AllocatedBusy)] = busy;
            cells[(int)(isFree ? Cell.FreeIdle : Cell.AllocatedIdle)] = Micros.PerHour - busy;
            hours.Add(new(
                start + (hour * Micros.PerHour),
                new("ai"),
                "Ascend 910A",
                host,
                new(cells),
                0,
                busy * 300_000,
                Micros.PerHour,
                240,
                isFree ? [] : [new(new TenantId($"tenant-{random.Next(20)}"), busy, Micros.PerHour - busy, 0)]));
        }

        return hours.DrainToImmutable();
    }

    // Roughly normal: the sum of four dice, scaled to the deviation.
    private static int Noise(Random random, int deviation) =>
        (int)Math.Round((random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2) * Math.Sqrt(3) * deviation);
}
