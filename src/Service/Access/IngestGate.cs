using System.Threading.RateLimiting;
using Headroom.Domain.Messages;
using Headroom.Service.Composition;
using Microsoft.Extensions.Options;

namespace Headroom.Service.Access;

/// <summary>Lets so many bodies in at once, and a few wait; all others are told to come back.</summary>
internal sealed class IngestGate(IOptions<ServeOptions> options) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new()
    {
        PermitLimit = options.Value.IngestAtOnce,
        QueueLimit = options.Value.IngestWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <returns>The place inside; given up when disposed.</returns>
    /// <exception cref="UserException"><see cref="MessageCode.ServiceBusy"/>.</exception>
    public async Task<IDisposable> EnterAsync(string place, CancellationToken cancellationToken)
    {
        var lease = await _limiter.AcquireAsync(1, cancellationToken);
        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        throw new UserException(UserMessage.Of(MessageCode.ServiceBusy, place, options.Value.RetryAfterSeconds));
    }

    public void Dispose() => _limiter.Dispose();
}
