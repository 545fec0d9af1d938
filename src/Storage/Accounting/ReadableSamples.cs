using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;

namespace Headroom.Storage.Accounting;

/// <summary>Samples as accounting wants them: where some are damaged, the others. The time of those that are lost is unknown.</summary>
internal static class ReadableSamples
{
    public static async Task<DeviceSamples> ReadAsync(IStore store, CenterId center, DeviceId device, Window window, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadSamplesAsync(center, device, window, cancellationToken).ConfigureAwait(false);
        }
        catch (UserException damaged) when (damaged.Messages.All(message => message.Code == MessageCode.DatabaseDamaged))
        {
            var readable = DeviceSamples.None;
            await store.ReadUseAsync(center, window, withPower: true, (other, samples) => readable = other == device ? samples : readable, cancellationToken).ConfigureAwait(false);
            return readable;
        }
    }
}
