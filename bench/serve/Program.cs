using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Headroom.ServeBench;

// How long `headroom serve` takes to answer, on a year of card-hours of 400 cards. See README.md.
// ServeBench [requests per kind = 100] [database to keep or take again] [seconds between = 90]
// ms: to the first byte, of wall; CPU: of the whole process, per request.
var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100;
var root = AppContext.BaseDirectory;
while (!File.Exists(Path.Combine(root, "Analytics.sln")))
{
    root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("Run this from inside of the repository.");
}

const int Days = 365;
var database = args.Length > 1 ? Path.GetFullPath(args[1]) : Path.Combine(Directory.CreateTempSubdirectory("headroom-serve-").FullName, "year.db");
var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().AddHours(8).DateTime);
if (!File.Exists(database))
{
    var filling = Stopwatch.StartNew();
    await CenterYear.FillAsync(database, root, today, Days);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"filled in {filling.Elapsed.TotalSeconds:F0} s: {new FileInfo(database).Length / 1e6:F0} MB"));
}

var port = FreePort();
using var server = Process.Start(new ProcessStartInfo(Path.Combine(root, "headroom"), ["serve", "--db", database, "--urls", $"http://127.0.0.1:{port}"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
server.OutputDataReceived += (_, _) => { };
server.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
server.BeginOutputReadLine();
server.BeginErrorReadLine();
using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(5) };
try
{
    var starting = Stopwatch.StartNew();
    while (!await IsReadyAsync())
    {
        await Task.Delay(100);
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ready after {starting.Elapsed.TotalSeconds:F1} s"));
    await PrintAsync("first minute", Math.Max(10, count / 5));
    await Task.Delay(TimeSpan.FromSeconds(args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 90));
    await PrintAsync("then", count);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"resident {server.WorkingSet64 / 1e6:F0} MB, CPU {server.TotalProcessorTime.TotalSeconds:F1} s"));
}
finally
{
    server.Kill(entireProcessTree: true);
}

Console.WriteLine($"database: {database}");

// Days, months and cards are drawn anew for every request: most are asked for once.
async Task PrintAsync(string title, int requests)
{
    var random = new Random();
    var place = $"/centers/{CenterYear.Id}/cards/";
    var cards = (await http.GetStringAsync($"/centers/{CenterYear.Id}?lang=en")).Split(place).Skip(1).Select(text => text[..text.IndexOfAny(['?', '"'])]).Distinct().ToArray();
    string Day() => today.AddDays(-1 - random.Next(Days)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    string Language() => random.Next(2) == 0 ? "en" : "zh-CN";
    (string Kind, Func<string> Path)[] kinds =
    [
        ("overview", () => $"/?lang={Language()}"),
        ("center, newest month", () => $"/centers/{CenterYear.Id}?lang={Language()}"),
        ("center, any month", () => $"/centers/{CenterYear.Id}?month={Day()[..7]}&lang={Language()}"),
        ("yesterday", () => $"/centers/{CenterYear.Id}/days/{today.AddDays(-1):yyyy-MM-dd}?lang={Language()}"),
        ("any day", () => $"/centers/{CenterYear.Id}/days/{Day()}?lang={Language()}"),
        ("any card and day", () => $"/centers/{CenterYear.Id}/cards/{cards[random.Next(cards.Length)]}?day={Day()}&lang={Language()}"),
        ("sources", () => $"/sources?lang={Language()}"),
        ("API: use of a month", () => $"/api/utilization?center={CenterYear.Id}&from={today.AddDays(-31):yyyy-MM-dd}&to={today.AddDays(-1):yyyy-MM-dd}&grain=hour"),
        ("API: demand", () => $"/api/demand?center={CenterYear.Id}"),
        ("API: saturation", () => $"/api/saturation?center={CenterYear.Id}"),
    ];
    Console.WriteLine($"{title + ", ms",-28} {"asked",8} {"p50",8} {"p95",8} {"max",8} {"CPU",8} {"KB",8}");
    foreach (var (kind, path) in kinds)
    {
        var times = new List<double>();
        var (size, failed) = (0L, "");
        var (spent, cpu) = (Stopwatch.StartNew(), Cpu());
        for (var i = 0; i < requests && (i < 3 || spent.Elapsed < TimeSpan.FromSeconds(60)); i++)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await http.GetAsync(path(), HttpCompletionOption.ResponseHeadersRead);
            times.Add(watch.Elapsed.TotalMilliseconds);
            size = (await answer.Content.ReadAsByteArrayAsync()).Length;
            failed = answer.IsSuccessStatusCode ? failed : $"  {(int)answer.StatusCode} {answer.RequestMessage!.RequestUri}";
        }

        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind,-28} {times.Count,8} {times[times.Count / 2],8:F1} {times[(int)(times.Count * 0.95)],8:F1} {times[^1],8:F1} {(Cpu() - cpu) / times.Count,8:F1} {size / 1e3,8:F0}{failed}"));
    }
}

double Cpu()
{
    server.Refresh();
    return server.TotalProcessorTime.TotalMilliseconds;
}

async Task<bool> IsReadyAsync()
{
    try
    {
        using var answer = await http.GetAsync("/readyz");
        return answer.StatusCode == HttpStatusCode.OK;
    }
    catch (HttpRequestException)
    {
        return false;
    }
}

static int FreePort()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}
