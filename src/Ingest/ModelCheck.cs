using Headroom.Domain.Devices;
using Headroom.Domain.Messages;

namespace Headroom.Ingest;

/// <summary>Models that the catalog does not rate: their devices are counted, never their P. Each is told once.</summary>
internal sealed class ModelCheck(CardCatalog? catalog)
{
    private readonly Dictionary<string, HashSet<string>> _devicesByModel = new(StringComparer.Ordinal);

    public void See(string? model, string device)
    {
        if (model is null || catalog is null || catalog.Find(model) is not null)
        {
            return;
        }

        if (!_devicesByModel.TryGetValue(model, out var devices))
        {
            _devicesByModel.Add(model, devices = new(StringComparer.Ordinal));
        }

        devices.Add(device);
    }

    public void Tell(string place, ICollection<UserMessage> notices)
    {
        foreach (var (model, devices) in _devicesByModel.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            notices.Add(UserMessage.Of(MessageCode.ModelNotInCatalog, place, model, devices.Count, devices.Min(StringComparer.Ordinal)));
        }
    }
}
