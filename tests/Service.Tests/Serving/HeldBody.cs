using System.Net;
using System.Text;
using Headroom.Service.Tests.Cases;

namespace Headroom.Service.Tests.Serving;

/// <summary>A body that sends a few rows and then waits to be finished.</summary>
internal sealed class HeldBody : HttpContent
{
    public const int Rows = 20;

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HeldBody() => Headers.ContentType = new("text/csv");

    public Task Begun => _begun.Task;

    public void Finish() => _finish.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var rows = Enumerable.Range(0, Rows).Select(i => $"{TestCenter.At(i * 0.25)},card,50\n").ToArray();
        await stream.WriteAsync(Encoding.UTF8.GetBytes("timestamp,card,utilization\n" + string.Concat(rows[..10])));
        await stream.FlushAsync();
        _begun.TrySetResult();
        await _finish.Task;
        await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(rows[10..])));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
