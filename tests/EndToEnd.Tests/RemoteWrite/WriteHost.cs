using System.Globalization;
using Headroom.Domain.Centers;
using Headroom.Ingest.Transports.RemoteWrite;
using Headroom.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headroom.EndToEnd.Tests.RemoteWrite;

/// <summary>A server with nothing but the receiver, that loses answers now and then and can be taken away at any moment.</summary>
internal sealed class WriteHost : IAsyncDisposable
{
    private readonly SqliteStore _store;
    private readonly RemoteWriteReceiver _receiver;
    private readonly WebApplication _server;
    private int _requests;

    private WriteHost(SqliteStore store, RemoteWriteReceiver receiver, WebApplication server) => (_store, _receiver, _server) = (store, receiver, server);

    public int Requests => _requests;

    /// <summary>Answers that were not 204, as the sender saw them.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Refusals { get; } = [];

    /// <param name="loseEvery">Of so many requests the last one is stored and its answer lost.</param>
    public static async Task<WriteHost> StartAsync(string database, CenterDefinition center, int port, int loseEvery, CancellationToken cancellationToken)
    {
        var store = await SqliteStore.OpenAsync(new() { Path = database }, TimeProvider.System, cancellationToken);
        var receiver = new RemoteWriteReceiver(store, (id, _) => Task.FromResult(id == center.Id ? center : null), new());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.Zero);
        var host = new WriteHost(store, receiver, builder.Build());
        host._server.MapPost("/api/v1/write", context => host.WriteAsync(context, loseEvery));
        await host._server.StartAsync(cancellationToken);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _server.DisposeAsync();
        _receiver.Dispose();
    }

    private async Task WriteAsync(HttpContext context, int loseEvery)
    {
        var request = context.Request;
        var answer = await _receiver.ReceiveAsync(
            new(request.Query["center"].ToString()),
            request.ContentType,
            request.Headers.ContentEncoding,
            request.Headers["X-Prometheus-Remote-Write-Version"],
            request.ContentLength,
            request.Body,
            simulated: false,
            context.RequestAborted);
        if (Interlocked.Increment(ref _requests) % loseEvery == 0)
        {
            context.Abort();
            return;
        }

        if (answer.Status != StatusCodes.Status204NoContent)
        {
            Refusals.Enqueue($"{answer.Status} {answer.Problem}");
        }

        context.Response.StatusCode = answer.Status;
        if (answer.RetryAfter is { } later)
        {
            context.Response.Headers.RetryAfter = later.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        }

        await context.Response.WriteAsync(answer.Problem?.ToString() ?? "", context.RequestAborted);
    }
}
