using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Headroom.Domain.Time;
using Headroom.Service.Commands;
using Headroom.Storage;
using Headroom.Storage.Sqlite;

namespace Headroom.EndToEnd.Tests;

/// <summary>A folder with files and databases, and the program as its users start it: in this process, or as one of its own.</summary>
internal sealed class HeadroomFolder : IDisposable
{
    /// <summary>The simulated center of most tests: two hosts of eight cards.</summary>
    public const string SmallCenter = """
        center: small
        name: {en: Small Center, zh: 小型中心}
        zone: Asia/Shanghai
        pools:
          - {id: ai, name: {en: AI computing, zh: 智能算力}, precision: fp16, nameplate_p: 4, nameplate_source: {assumed: true}, model: Ascend 910A, devices: 16, devices_per_host: 8, gauge: true, devices_source: {assumed: true}}

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headroom-end-to-end-");

    public string At(params ReadOnlySpan<string> names) => Path.Combine([_folder.FullName, .. names]);

    public string Write(string name, string content)
    {
        File.WriteAllText(At(name), content);
        return At(name);
    }

    /// <summary>Runs a command here, on <c>DATABASE.db</c>; null: the clock of the machine.</summary>
    public async Task<(int Code, string Output, string Errors)> RunAsync(string database, TimeProvider? clock, params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await CommandLine.RunAsync([.. arguments, "--db", At(database + ".db")], output, errors, clock ?? TimeProvider.System);
        return (code, output.ToString(), errors.ToString());
    }

    public async Task<string> SucceedAsync(string database, TimeProvider? clock, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(database, clock, arguments);
        Assert.AreEqual(0, code, $"{string.Join(' ', arguments)}: {errors}");
        return output;
    }

    /// <summary>Ingests and gives the last line that <c>--json</c> printed.</summary>
    public async Task<JsonElement> IngestAsync(string database, TimeProvider? clock, string kind, params string[] arguments)
    {
        var output = await SucceedAsync(database, clock, ["ingest", kind, .. arguments, "--json"]);
        return JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
    }

    public async Task<string> ContentHashAsync(string database) =>
        JsonDocument.Parse(await SucceedAsync(database, null, "verify", "store", "--json")).RootElement.GetProperty("content_hash").GetString()!;

    public Task<SqliteStore> OpenToReadAsync(string database, CancellationToken cancellationToken) =>
        SqliteStore.OpenAsync(new StoreOptions { Path = At(database + ".db"), ReadOnly = true }, TimeProvider.System, cancellationToken);

    /// <summary>Starts the built program as a process of its own, with its output redirected.</summary>
    public Process Start(string database, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = _folder.FullName,
        };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "headroom.dll"), .. arguments, "--db", At(database + ".db")])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}

/// <summary>A clock that a test sets.</summary>
internal sealed class SetClock(string now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = DateTimeOffset.Parse(now, CultureInfo.InvariantCulture);

    public string Text => Instants.ToText(Instants.From(Now));

    public override DateTimeOffset GetUtcNow() => Now;
}
