using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Headroom.Domain.Time;
using Headroom.Ingest.Catalogs;
using Headroom.Ingest.Centers;
using Headroom.Ingest.Transports.RemoteWrite;
using Headroom.LiveBench;
using Headroom.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

// A Prometheus and `headroom collect` scrape the same simulated pages; the same Prometheus writes to a second Headroom. See README.md.
var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 300;
var root = AppContext.BaseDirectory;
while (!File.Exists(Path.Combine(root, "Analytics.sln")))
{
    root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("Run this from inside of the repository.");
}

var headroom = Path.Combine(root, "headroom");
var folder = Directory.CreateTempSubdirectory("headroom-live-").FullName;
string In(string name) => Path.Combine(folder, name);
var (pagesUrl, prometheusPort, writePort) = ($"http://127.0.0.1:{FreePort()}", FreePort(), FreePort());
var (running, launched) = (new List<Process>(), 0);
using var http = new HttpClient();
try
{
    await File.WriteAllTextAsync(In("pages.yaml"), Fleet.CenterFile(pagesUrl, hosts: null));
    Start("simulate", "simulate", In("pages.yaml"), "--serve", pagesUrl);
    var hosts = (await WhenUpAsync($"{pagesUrl}/hosts")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    var began = TimeProvider.System.Now();
    var inventory = new List<string> { "card,host,slot,model,pool,event,from,to,reason" };
    foreach (var host in hosts)
    {
        using var answer = await http.GetAsync(new Uri($"{pagesUrl}/hosts/{host}/metrics"));
        inventory.AddRange(answer.IsSuccessStatusCode ? Fleet.Inventory(host, await answer.Content.ReadAsStringAsync(), Instants.ToText(began)) : []);
    }

    await File.WriteAllLinesAsync(In("inventory.csv"), inventory);
    await File.WriteAllTextAsync(In("live.yaml"), Fleet.CenterFile(pagesUrl, hosts));
    foreach (var database in (string[])["scraped.db", "written.db"])
    {
        await RunAsync("center", "add", In("live.yaml"), "--db", In(database));
        await RunAsync("ingest", "inventory", In("inventory.csv"), "--center", Fleet.Center, "--db", In(database));
    }

    var center = CenterFile.Load(In("live.yaml"));
    await using var store = await SqliteStore.OpenAsync(new() { Path = In("written.db") }, TimeProvider.System, default);
    using var receiver = new RemoteWriteReceiver(store, (id, _) => Task.FromResult(id == center.Id ? center : null), new() { Simulated = true });
    var (requests, notStored) = (0, 0);
    var builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.WebHost.UseUrls($"http://127.0.0.1:{writePort}");
    await using var server = builder.Build();
    server.MapPost("/api/v1/write", async context =>
    {
        var request = context.Request;
        var answer = await receiver.ReceiveAsync(
            center.Id, request.ContentType, request.Headers.ContentEncoding, request.Headers["X-Prometheus-Remote-Write-Version"], request.ContentLength, request.Body, simulated: true, context.RequestAborted);
        Interlocked.Increment(ref requests);
        if (answer.Status != 204)
        {
            Interlocked.Increment(ref notStored);
        }

        context.Response.StatusCode = answer.Status;
    });
    await server.StartAsync();

    await File.WriteAllTextAsync(In("prometheus.yml"), Fleet.PrometheusFile(pagesUrl, hosts, $"http://127.0.0.1:{writePort}/api/v1/write?center={Fleet.Center}"));
    running.Add(Launch("/usr/bin/prometheus", "prometheus.log", $"--config.file={In("prometheus.yml")}", $"--storage.tsdb.path={In("prometheus")}", $"--web.listen-address=127.0.0.1:{prometheusPort}"));
    var collect = Start("collect", "collect", "--center", Fleet.Center, "--db", In("scraped.db"));
    var from = TimeProvider.System.Now();
    Console.WriteLine($"SIMULATED pages of {hosts.Length} hosts, {inventory.Count - 1} cards that answer, at 1 s for {seconds} s");
    await Task.Delay(TimeSpan.FromSeconds(seconds));
    var until = TimeProvider.System.Now();
    await Task.Delay(TimeSpan.FromSeconds(8));
    await StopAsync(collect);

    using var prometheus = new HttpClient { BaseAddress = new($"http://127.0.0.1:{prometheusPort}") };
    var catalog = CardCatalogFile.Load(Path.Combine(root, "data", "card-models.csv"));
    var scraped = await Usage.OfStoreAsync(In("scraped.db"), center, catalog, began, until, default);
    var written = await Usage.OfStoreAsync(In("written.db"), center, catalog, began, until, default);
    Console.WriteLine($"{requests} requests written, {notStored} of them not at once");
    Console.WriteLine("pool  PromQL %   collect U3 %  coverage  written U3 %  coverage  collect-PromQL  written-PromQL  raw samples  U3 of raw %   written-raw");
    foreach (var (pool, metric, card) in Fleet.Pools)
    {
        var promQl = await Usage.OfPromQlAsync(prometheus, metric, from, until);
        var (raw, samples) = await Usage.OfRawAsync(prometheus, metric, card, began, until, periodSeconds: 1);
        var (left, right) = (scraped[pool], written[pool]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{pool,-5} {promQl,9:F5} {left.Percent,13:F5} {left.Coverage,9:P2} {right.Percent,13:F5} {right.Coverage,9:P2} {left.Percent - promQl,15:F5} {right.Percent - promQl,15:F5} {samples,12} {raw,12:F7} {right.Percent - raw,13:E2}"));
    }
}
finally
{
    foreach (var process in running)
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit(10_000);
        }

        process.Dispose();
    }

    Console.WriteLine($"databases and logs: {folder}");
}

Process Start(string name, params string[] arguments)
{
    var process = Launch(headroom, name + ".log", arguments);
    running.Add(process);
    return process;
}

Process Launch(string program, string log, params string[] arguments)
{
    var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
    foreach (var argument in arguments)
    {
        start.ArgumentList.Add(argument);
    }

    var process = Process.Start(start)!;
    var file = TextWriter.Synchronized(new StreamWriter(In($"{++launched}-{log}")) { AutoFlush = true });
    process.OutputDataReceived += (_, line) => file.WriteLine(line.Data);
    process.ErrorDataReceived += (_, line) => file.WriteLine(line.Data);
    process.BeginOutputReadLine();
    process.BeginErrorReadLine();
    return process;
}

async Task RunAsync(params string[] arguments)
{
    using var process = Launch(headroom, "commands.log", arguments);
    await process.WaitForExitAsync();
    if (process.ExitCode != 0)
    {
        throw new InvalidOperationException($"headroom {string.Join(' ', arguments)} ended with {process.ExitCode}; see {folder}");
    }
}

async Task StopAsync(Process process)
{
    using var signal = Launch("/bin/kill", "commands.log", "-TERM", process.Id.ToString(CultureInfo.InvariantCulture));
    await process.WaitForExitAsync();
}

async Task<string> WhenUpAsync(string url)
{
    for (var attempt = 0; ; attempt++)
    {
        try
        {
            return await http.GetStringAsync(new Uri(url));
        }
        catch (HttpRequestException) when (attempt < 120)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }
    }
}

static int FreePort()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}
