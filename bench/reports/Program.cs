using System.Diagnostics;
using System.Globalization;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Reports.Language;
using Headroom.ReportsBench;
using Headroom.Service.Composition;
using Headroom.Storage;
using Headroom.Storage.Accounting;
using Headroom.Storage.Sqlite;

// dotnet run -c Release --project bench/reports [-- DATABASE [DAYS]]: fills the database where there is none, then prints the figures.
var database = args.Length > 0 ? args[0] : Path.Combine(Directory.CreateTempSubdirectory("headroom-reports-").FullName, "year.db");
var days = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 365;
if (!File.Exists(database))
{
    var filling = Stopwatch.StartNew();
    await TwoCenters.FillAsync(database, days);
    Say($"simulated, ingested and accounted for {days} days of two centers in {filling.Elapsed.TotalSeconds:0} s; {new FileInfo(database).Length / 1e6:0} MB");
}

await using var store = await SqliteStore.OpenAsync(new() { Path = database }, TimeProvider.System, default);
var library = new CenterLibrary(store);

var (watch, before) = (Stopwatch.StartNew(), Cpu());
var identity = await new IdentityCheck(store, library).RunAsync(null, null, Instants.Never, default);
Say($"verify identity: {identity.CardDays:N0} card-days, {identity.ModelDays:N0} model-days, {identity.TenantDays:N0} tenant-days of {identity.Centers} centers; residual {identity.ResidualMicros} us; {Cpu() - before:0.0} s CPU, {watch.Elapsed.TotalSeconds:0.0} s");

var center = (await library.FindAsync(new CenterId(TwoCenters.Large), Instants.Never, default))!;
var catalog = await library.CatalogAsync(Instants.Never, default);
var first = new DateOnly(2025, 1, 1);
var last = first.AddDays(days - 1);
Say($"daily report of {(await MakeAsync(PeriodKind.Day, last)).Devices} cards, HTML and JSON: {await LeastAsync(() => MakeAsync(PeriodKind.Day, last)):0.00} s CPU");
Say($"weekly report: {await LeastAsync(() => MakeAsync(PeriodKind.Week, last)):0.00} s CPU");
var months = Enumerable.Range(0, 12).Select(first.AddMonths).Where(month => month <= last).ToList();
Say($"{months.Count} monthly reports: {await LeastAsync(async () => { foreach (var month in months) { await MakeAsync(PeriodKind.Month, month); } }):0.00} s CPU");
return identity.ResidualMicros == 0 ? 0 : 1;

// As the command does it, but for the start of a process; forecasts are issued the first time and read after that.
async Task<(int Devices, int Length)> MakeAsync(PeriodKind kind, DateOnly day)
{
    var input = await new DailyReportBuilder(store, TimeProvider.System).BuildAsync(center, catalog, ReportPeriod.Of(kind, day), Instants.Never, mayIssue: true, default);
    var report = await new ReportVersions(store).IssueAsync(DailyReportModel.Of(input), Instants.Never, mayKeep: true, default);
    return (input.CardDays.Count, (await DailyReportRenderer.RenderAsync(report, Texts.English, default)).Length + DailyReportJson.Write(report).Length);
}

static async Task<double> LeastAsync(Func<Task> work)
{
    var least = double.MaxValue;
    for (var run = 0; run < 4; run++)
    {
        var start = Cpu();
        await work();
        least = Math.Min(least, Cpu() - start);
    }

    return least;
}

static double Cpu() => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;

static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
