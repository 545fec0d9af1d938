using System.Globalization;
using Headroom.Domain.Accounting;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Storage;
using Headroom.Storage.Accounting;
using Headroom.Storage.Sqlite;

namespace Headroom.Bench.Store;

/// <summary>Whether a store grows slow: one more day, and a day's roll-ups, in a store of many days against an almost empty one. 400 cards at 60 s.</summary>
internal static class GrowthFigures
{
    private const int Cards = 400;
    private const int PeriodSeconds = 60;
    private const int Runs = 5;
    private static readonly DateOnly Last = new(2026, 3, 1);
    private static readonly CenterDefinition Center = CenterDefinition.NewDraft(new("growth"));

    /// <param name="arguments">Folder for the databases, days of the large store (365).</param>
    public static async Task PrintAsync(string[] arguments)
    {
        var days = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 365;
        Directory.CreateDirectory(arguments[0]);
        var (warm, small, large) = (Path.Combine(arguments[0], "warm.db"), Path.Combine(arguments[0], "small.db"), Path.Combine(arguments[0], "large.db"));
        await FillAsync(warm, 2);
        await FillAsync(small, 2);
        await FillAsync(large, days);
        for (var run = 1; run <= Runs; run++)
        {
            await MeasureAsync(warm, run);
        }

        // In turns, so that what else the machine does meets both.
        var (ofSmall, ofLarge) = (new List<(double Day, double Report)>(), new List<(double Day, double Report)>());
        for (var run = 1; run <= Runs; run++)
        {
            ofSmall.Add(await MeasureAsync(small, run));
            ofLarge.Add(await MeasureAsync(large, run));
        }

        var (smallDay, smallReport, largeDay, largeReport) = (Median(ofSmall, x => x.Day), Median(ofSmall, x => x.Report), Median(ofLarge, x => x.Day), Median(ofLarge, x => x.Report));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"growth: {days} days x {Cards} cards at {PeriodSeconds} s = {(long)days * Cards * Micros.PerDay / (PeriodSeconds * Micros.PerSecond):N0} rows, {new FileInfo(large).Length:N0} bytes; medians of {Runs}, a warm process"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one more day, card-hours and roll-ups included: {largeDay:F0} against {smallDay:F0} CPU ms, {largeDay / smallDay:F2} x"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a day's facts, roll-ups and card-days: {largeReport:F1} against {smallReport:F1} CPU ms, {largeReport / smallReport:F2} x"));
    }

    private static double Median(List<(double Day, double Report)> runs, Func<(double Day, double Report), double> of) => runs.Select(of).Order().ElementAt(runs.Count / 2);

    private static async Task FillAsync(string path, int days)
    {
        await using var store = await OpenAsync(path);
        for (var day = Last.AddDays(1 - days); day <= Last; day = day.AddDays(1))
        {
            await AddAsync(store, day);
        }
    }

    // A store that was just opened, as a command or a service finds it: the day that comes, then the report of the day before it.
    private static async Task<(double Day, double Report)> MeasureAsync(string path, int run)
    {
        await using var store = await OpenAsync(path);
        var day = Cpu.Once(() => AddAsync(store, Last.AddDays(run)).GetAwaiter().GetResult()) * 1_000;
        var report = Cpu.Once(() =>
        {
            for (var i = 0; i < 10; i++)
            {
                ReportAsync(store).GetAwaiter().GetResult();
            }
        }) * 100;
        return (day, report);
    }

    private static async Task AddAsync(SqliteStore store, DateOnly day)
    {
        var random = new Random(day.DayNumber);
        var start = Instants.From(new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
        var batch = new SampleBatch(Cards * 1_440);
        var ordinals = Enumerable.Range(0, Cards).Select(card => batch.Ordinal(new($"GPU-{card:d4}", $"host-{card / 8:d2}", null, null, "ai"))).ToArray();
        var levels = Enumerable.Range(0, Cards).Select(_ => random.Next(4) == 0 ? 0 : random.Next(40, 96)).ToArray();
        for (var at = start; at < start + Micros.PerDay; at += PeriodSeconds * Micros.PerSecond)
        {
            for (var card = 0; card < Cards; card++)
            {
                var use = levels[card] == 0 ? 0 : levels[card] + random.Next(5);
                var row = batch.Add(ordinals[card], at);
                batch.Set(row, TelemetryMetrics.Utilization, use * 10_000);
                batch.Set(row, TelemetryMetrics.MemoryUsed, (3_000 + (use * 100) + random.Next(8)) * 1_024);
                batch.Set(row, TelemetryMetrics.Power, (800 + (use * 22) + random.Next(20)) * 100);
                batch.Set(row, TelemetryMetrics.Temperature, (38 + (use / 4) + random.Next(2)) * 1_000);
            }
        }

        await store.AppendAsync(Center.Id, batch, new SourceNote("synthetic", "csv", Simulated: true, Rejects: null), CancellationToken.None);
        await new CardHourKeeper(store, TimeProvider.System).UpdateAsync(Center, new CardCatalog([]), progress: null, CancellationToken.None);
    }

    // What a daily report asks of one day.
    private static async Task ReportAsync(SqliteStore store)
    {
        await store.ReadFactsAsync(Center.Id, Instants.Never, CancellationToken.None);
        await store.ReadCardDaysAsync(Center.Id, Last, Last.AddDays(1), Instants.Never, CancellationToken.None);
        await store.ReadRollUpsAsync(Center.Id, RollUpScope.Pool, RollUpGrain.Hour, Last, Last.AddDays(1), Instants.Never, CancellationToken.None);
    }

    private static Task<SqliteStore> OpenAsync(string path) => SqliteStore.OpenAsync(new() { Path = path }, TimeProvider.System, CancellationToken.None);
}
