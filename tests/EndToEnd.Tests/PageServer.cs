using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Headroom.EndToEnd.Tests;

/// <summary>Serves texts by path on a free port of this machine, as so many exporters.</summary>
internal sealed class PageServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, string> _pages = new(StringComparer.Ordinal);
    private readonly Task _serving;

    public PageServer()
    {
        Url = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public string Url { get; }

    public string Add(string path, string page)
    {
        _pages[path] = page.ReplaceLineEndings("\n");
        return Url + path;
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait(TimeSpan.FromSeconds(10));
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var response = context.Response;
                response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                if (_pages.TryGetValue(context.Request.Url!.AbsolutePath, out var page))
                {
                    await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(page));
                }
                else
                {
                    response.StatusCode = 404;
                }
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The way the server ends.
        }
    }
}
