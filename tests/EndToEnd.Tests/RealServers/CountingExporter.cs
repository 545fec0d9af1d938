using System.Globalization;
using System.Net;
using System.Text;

namespace Headroom.EndToEnd.Tests.RealServers;

/// <summary>Exporters of many cards on one port; every scrape of a host has values of its own.</summary>
internal sealed class CountingExporter : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly int _cardsPerHost;
    private readonly int[] _scrapes;
    private readonly Task _serving;
    private volatile bool _isDown;

    public CountingExporter(int hosts, int cardsPerHost)
    {
        (Port, _cardsPerHost, _scrapes) = (PageServer.FreePort(), cardsPerHost, new int[hosts]);
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public int Port { get; }

    /// <summary>From now on every scrape fails.</summary>
    public void GoDown() => _isDown = true;

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
                if (_isDown)
                {
                    response.StatusCode = 503;
                    continue;
                }

                response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                var host = int.Parse(context.Request.Url!.AbsolutePath.Trim('/'), CultureInfo.InvariantCulture);
                await response.OutputStream.WriteAsync(Page(host, ++_scrapes[host]));
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The way it ends.
        }
    }

    private byte[] Page(int host, int scrape)
    {
        var text = new StringBuilder();
        for (var card = 0; card < _cardsPerHost; card++)
        {
            var labels = string.Create(CultureInfo.InvariantCulture, $"gpu=\"{card}\",UUID=\"GPU-{host:D2}-{card:D3}\",modelName=\"NVIDIA A100-SXM4-80GB\",Hostname=\"node{host:D2}\"");
            var turn = (host * 7_919) + (card * 104_729) + (scrape * 1_299_709);
            text.Append(CultureInfo.InvariantCulture, $"DCGM_FI_PROF_GR_ENGINE_ACTIVE{{{labels}}} {turn % 1_000_001 / 1e6:0.000000}\n");
            text.Append(CultureInfo.InvariantCulture, $"DCGM_FI_DEV_FB_USED{{{labels}}} {turn % 81_920}\n");
            text.Append(CultureInfo.InvariantCulture, $"DCGM_FI_DEV_POWER_USAGE{{{labels}}} {turn % 400_000 / 1e3:0.000000}\n");
            text.Append(CultureInfo.InvariantCulture, $"DCGM_FI_DEV_GPU_TEMP{{{labels}}} {turn % 90}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
