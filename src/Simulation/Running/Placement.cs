using Headroom.Simulation.Fleets;

namespace Headroom.Simulation.Running;

/// <summary>Which device of one pool is up and who holds it; a gang is placed on the fewest hosts.</summary>
internal sealed class Placement
{
    private readonly SimulatedHost[] _hosts;
    private readonly int[] _free;
    private readonly Dictionary<int, int> _hostOf = [];
    private readonly HashSet<int> _up = [];
    private readonly Dictionary<int, Attempt> _holder = [];
    private readonly int _mostPerHost;

    public Placement(IEnumerable<SimulatedHost> hosts)
    {
        _hosts = [.. hosts];
        _free = new int[_hosts.Length];
        for (var host = 0; host < _hosts.Length; host++)
        {
            _mostPerHost = Math.Max(_mostPerHost, _hosts[host].Devices.Length);
            foreach (var device in _hosts[host].Devices)
            {
                _hostOf.Add(device, host);
            }
        }
    }

    /// <summary>Devices in service, held or not.</summary>
    public int Up => _up.Count;

    public void SetUp(int device)
    {
        if (_up.Add(device))
        {
            _free[_hostOf[device]]++;
        }
    }

    /// <summary>Takes a device out of service; nobody may hold it.</summary>
    public void SetDown(int device)
    {
        if (_up.Remove(device))
        {
            _free[_hostOf[device]]--;
        }
    }

    public Attempt? HolderOf(int device) => _holder.GetValueOrDefault(device);

    public void Release(Attempt attempt)
    {
        foreach (var device in attempt.Devices)
        {
            _holder.Remove(device);
            _free[_hostOf[device]]++;
        }
    }

    /// <exception cref="InvalidOperationException">Fewer devices are free than it needs: queue and placement disagree.</exception>
    public void Place(Attempt attempt)
    {
        var devices = new List<int>(attempt.Request.Devices);
        var left = attempt.Request.Devices;
        for (var free = _mostPerHost; free > 0 && left > 0; free--)
        {
            for (var host = 0; host < _hosts.Length && left >= free; host++)
            {
                if (_free[host] == free)
                {
                    Take(host, free, attempt, devices);
                    left -= free;
                }
            }

            if (left > 0 && left < free && BestFit(left) is { } fitting)
            {
                Take(fitting, left, attempt, devices);
                left = 0;
            }
        }

        if (left > 0)
        {
            throw new InvalidOperationException($"Job {attempt.JobId} starts, and {left} of its {attempt.Request.Devices} devices are not there.");
        }

        attempt.Devices = [.. devices];
    }

    /// <summary>The host with the fewest free devices that are enough; null where none has enough.</summary>
    private int? BestFit(int needed)
    {
        int? best = null;
        for (var host = 0; host < _hosts.Length; host++)
        {
            if (_free[host] >= needed && (best is null || _free[host] < _free[best.Value]))
            {
                best = host;
            }
        }

        return best;
    }

    private void Take(int host, int count, Attempt attempt, List<int> devices)
    {
        _free[host] -= count;
        foreach (var device in _hosts[host].Devices)
        {
            if (count > 0 && _up.Contains(device) && _holder.TryAdd(device, attempt))
            {
                devices.Add(device);
                count--;
            }
        }
    }
}
