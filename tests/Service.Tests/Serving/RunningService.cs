using System.Text;
using Headroom.Service.Composition;
using Headroom.Service.Tests.Cases;
using Headroom.Storage;
using Headroom.Storage.Sqlite;

namespace Headroom.Service.Tests.Serving;

/// <summary>A real service on a free port of this machine, on the store of a test center.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly SqliteStore _store;
    private readonly ServeHost _host;

    private RunningService(SqliteStore store, ServeHost host)
    {
        (_store, _host) = (store, host);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = new Uri(host.Addresses.First()) };
    }

    public HttpClient Client { get; }

    public static async Task<RunningService> StartAsync(TestCenter center, Action<ServeOptions>? configure = null, TimeProvider? clock = null)
    {
        var time = clock ?? center.Clock;
        var database = Path.Combine(center.Folder, "case.db");
        var store = await SqliteStore.OpenAsync(new StoreOptions { Path = database }, time, CancellationToken.None);
        var settings = new ServeSettings(["http://127.0.0.1:0"], BehindProxy: false, database) { Configure = configure };
        return new(store, await ServeHost.StartAsync(store, settings, time, CancellationToken.None));
    }

    public async Task<string> GetAsync(string path, string language = "en", int status = 200)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", "text/html");
        request.Headers.Add("Accept-Language", language);
        using var answer = await Client.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.AreEqual(status, (int)answer.StatusCode, $"{path}: {body}");
        return body;
    }

    public Task<HttpResponseMessage> PostAsync(string path, string body, string type = "text/csv") => Client.PostAsync(path, new StringContent(body, Encoding.UTF8, type));

    /// <summary>Stops the host, and closes the store as the command does.</summary>
    public async Task StopAsync() => await _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
        await _store.DisposeAsync();
    }
}
