using System.Diagnostics;
using System.Globalization;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Storage;
using Headroom.Storage.Sqlite;


namespace Headroom.Bench.Store;

/// <summary>Append speed, size and read speed on a synthetic, noisy week, without any format to parse.</summary>
internal static class AppendFigures
{
    public static async Task PrintAsync(string[] args)
    {
        var cards = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 400;
        var days = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
        var rowsPerBatch = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 65_536;
        var folder = Directory.CreateTempSubdirectory("headroom-bench-");
        var center = new CenterId("wuhan");
        var note = new SourceNote("synthetic", "csv", Simulated: true, Rejects: null);
        var path = Path.Combine(folder.FullName, "headroom.db");
        var week = new NoisyWeek(cards, days);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cards} cards x {days} days x 15 s = {week.Rows:N0} rows of 4 values, {rowsPerBatch:N0} rows a batch, {Environment.ProcessorCount} processors"));

        Measure("make the rows (not counted below)", week.Rows, () =>
        {
            foreach (var batch in week.Batches(rowsPerBatch))
            {
                GC.KeepAlive(batch);
            }
        });
        var making = LastCpu();
        await MeasureAsync("append, time order, with sealing", week.Rows, making, async () =>
        {
            await using var store = await OpenAsync();
            foreach (var batch in week.Batches(rowsPerBatch))
            {
                await store.AppendAsync(center, batch, note, CancellationToken.None);
            }

            await store.SealAsync(center, CancellationToken.None);
        });
        var (size, free, blocks) = Sizes.Of(path);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"file {size:N0} bytes: {PerValue(size):F3} a value; {free:N0} of them free pages, without: {PerValue(size - free):F3}; blocks {PerValue(blocks):F3}"));
        await MeasureAsync("append the same again (all duplicates)", week.Rows, making, async () =>
        {
            await using var store = await OpenAsync();
            foreach (var batch in week.Batches(rowsPerBatch))
            {
                var receipt = await store.AppendAsync(center, batch, note, CancellationToken.None);
                if (receipt.Duplicates != batch.Count)
                {
                    throw new InvalidOperationException($"{receipt}");
                }
            }
        });
        await using (var store = await OpenAsync())
        {
            await MeasureAsync("read all samples, card by card", week.Rows, 0, async () =>
            {
                var rows = 0L;
                foreach (var card in week.Cards)
                {
                    rows += (await store.ReadSamplesAsync(center, new(card), Window.Always, CancellationToken.None)).Count;
                }

                if (rows != week.Rows)
                {
                    throw new InvalidOperationException($"{rows} rows");
                }
            });
            await MeasureAsync("content hash", week.Rows, 0, () => store.ContentHashAsync(CancellationToken.None));
            await MeasureAsync("verify", week.Rows, 0, () => store.VerifyAsync(CancellationToken.None));
            var cardDays = week.CardDays(35).ToList();
            await MeasureAsync("save card-days, 5 weeks", cardDays.Count, 0, async () =>
            {
                foreach (var some in cardDays.Chunk(2_000))
                {
                    await store.SaveCardDaysAsync(center, some, CancellationToken.None);
                }
            });
            for (var run = 0; run < 3; run++)
            {
                await MeasureAsync("read card-days, 5 weeks", cardDays.Count, 0, async () =>
                {
                    var read = await store.ReadCardDaysAsync(center, DateOnly.MinValue, DateOnly.MaxValue, Instants.Never, CancellationToken.None);
                    if (read.Count != cardDays.Count)
                    {
                        throw new InvalidOperationException($"{read.Count} card-days");
                    }
                });
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"file with card-days {new FileInfo(path).Length:N0} bytes"));
        folder.Delete(recursive: true);

        Task<SqliteStore> OpenAsync() => SqliteStore.OpenAsync(new StoreOptions { Path = path }, TimeProvider.System, CancellationToken.None);

        double PerValue(long bytes) => (double)bytes / (week.Rows * 4);
    }

    private static double LastCpu() => Figures.LastCpu;

    private static void Measure(string what, long rows, Action work) => MeasureAsync(what, rows, 0, () =>
    {
        work();
        return Task.CompletedTask;
    }).GetAwaiter().GetResult();

    private static async Task MeasureAsync(string what, long rows, double without, Func<Task> work)
    {
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var wall = Stopwatch.GetTimestamp();
        await work();
        Figures.LastCpu = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        var seconds = Math.Max(Figures.LastCpu - without, 1e-9);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-42} {seconds,7:F2} CPU-s {Stopwatch.GetElapsedTime(wall).TotalSeconds,7:F2} s wall {rows / seconds / 1e6,8:F2} M a CPU-s"));
    }
}
