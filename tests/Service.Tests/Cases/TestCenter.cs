using System.Globalization;
using System.Text.Json;
using Headroom.Service.Commands;

namespace Headroom.Service.Tests.Cases;

/// <summary>A center in a folder of its own, used as a user would: files in, commands, numbers on the report out.</summary>
internal sealed class TestCenter : IDisposable
{
    /// <summary>The one day of most cases, local to the center.</summary>
    public const string Day = "2026-03-02";

    private const string Catalog = """
        vendor,model,aliases,kind,fp16_dense_tflops,fp64_tflops,memory_mib,tdp_w,dies_per_card,source,source_date,certainty
        Test,T256,,card,256,,,310,1,made up,2026-01-01,certain
        Test,T1000,,card,1000,,,,1,made up,2026-01-01,certain
        Test,Node8,,cpu_node,,8,,,1,made up,2026-01-01,certain
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headroom-case-");
    private readonly TimeProvider _clock;

    /// <summary>Stands still.</summary>
    public TimeProvider Clock => _clock;

    public TestCenter(string zone = "UTC", string now = "2026-06-01T00:00:00Z")
    {
        _clock = new FixedClock(DateTimeOffset.Parse(now, CultureInfo.InvariantCulture));
        Write("center.yaml", $$$"""
            center: case
            name: {en: Case, zh: 算例}
            zone: {{{zone}}}
            pools:
              - {id: ai, name: {en: AI, zh: 智算}, precision: fp16, devices_per_host: 8, gauge: true, devices_source: {assumed: true}}
              - {id: hpc, name: {en: HPC, zh: 超算}, precision: fp64, devices_per_host: 1, gauge: true, devices_source: {assumed: true}}
            """);
        Write("catalog.csv", Catalog);
    }

    public string Folder => _folder.FullName;

    public static string At(double hour, string day = Day) =>
        DateTime.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture).AddHours(hour).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public string Write(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    public async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await CommandLine.RunAsync([.. arguments, "--db", Path.Combine(_folder.FullName, "case.db")], output, errors, _clock);
        return (code, output.ToString(), errors.ToString());
    }

    public async Task<string> SucceedAsync(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);
        Assert.AreEqual(0, code, $"{string.Join(' ', arguments)}: {errors}");
        return output + errors;
    }

    /// <summary>Loads the center, its catalog, and whatever is not empty of inventory, telemetry and jobs.</summary>
    public async Task IngestAsync(string inventory, string telemetry = "", string jobs = "")
    {
        await SucceedAsync("center", "catalog", Path.Combine(Folder, "catalog.csv"));
        await SucceedAsync("center", "add", Path.Combine(Folder, "center.yaml"));
        await SucceedAsync("ingest", "inventory", Write("inventory.csv", "card,host,slot,model,pool,event,from,to,reason\n" + inventory), "--center", "case");
        if (telemetry.Length > 0)
        {
            await SucceedAsync("ingest", "telemetry", Write("telemetry.csv", "timestamp,card,utilization\n" + telemetry), "--center", "case", "--format", "csv");
        }

        if (jobs.Length > 0)
        {
            await SucceedAsync("ingest", "jobs", Write("jobs.csv", "cluster,job_id,tenant,submit_utc,start_utc,end_utc,cards,state,pool,card_ids\n" + jobs), "--center", "case");
        }
    }

    public Task<ReportCells> DailyAsync(string day = Day) => ReportAsync("daily", day);

    /// <param name="kind"><c>daily</c>, <c>weekly</c> or <c>monthly</c>.</param>
    /// <param name="day">The first day of its period.</param>
    public async Task<ReportCells> ReportAsync(string kind, string day)
    {
        await SucceedAsync("report", kind, "--center", "case", "--day", day, "--format", "json", "--out", Folder, "--lang", "en");
        return new(JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, $"{kind}-case-{day}.en.json"))));
    }

    /// <summary>Makes the report of a day and fails unless every cell of it is worked out again and equal.</summary>
    public async Task AllEqualAsync(string day = Day)
    {
        await DailyAsync(day);
        using var all = JsonDocument.Parse(await SucceedAsync("explain", $"daily-case-{day}", "--all", "--json"));
        Assert.AreEqual("[]", all.RootElement.GetProperty("not_worked_out").GetRawText());
        Assert.AreEqual(all.RootElement.GetProperty("cells").GetInt32(), all.RootElement.GetProperty("equal").GetInt32(), all.RootElement.GetRawText());
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

/// <summary>The cells of a report's JSON.</summary>
internal sealed class ReportCells(JsonDocument report)
{
    public JsonElement Root => report.RootElement;

    public JsonElement this[string cell] =>
        Root.GetProperty("cells").EnumerateArray().FirstOrDefault(entry => entry.GetProperty("cell").GetString() == cell) is { ValueKind: JsonValueKind.Object } found
            ? found
            : throw new AssertFailedException($"No cell {cell}; there are: {string.Join(", ", Root.GetProperty("cells").EnumerateArray().Select(entry => entry.GetProperty("cell").GetString()).Take(60))}");

    public double? Value(string cell) => Number(this[cell], "value");

    public double Coverage(string cell) => Number(this[cell], "coverage")!.Value;

    public (double Low, double High) Bounds(string cell) => (Number(this[cell], "low")!.Value, Number(this[cell], "high")!.Value);

    private static double? Number(JsonElement entry, string name) =>
        entry.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
}
