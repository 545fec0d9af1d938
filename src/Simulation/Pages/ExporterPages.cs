using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Headroom.Domain.Time;
using Headroom.Simulation.Fleets;
using Headroom.Simulation.Gauges;

namespace Headroom.Simulation.Pages;

/// <summary>Which exporter, and which of its generations, a page looks like.</summary>
public enum ExporterDialect
{
    /// <summary>npu-exporter 6 and 7: pod labels, milliseconds of its own on every sample.</summary>
    Npu7,

    /// <summary>npu-exporter 5.0.0: no pod labels.</summary>
    Npu5,

    /// <summary>dcgm-exporter: no timestamps.</summary>
    Dcgm,
}

/// <summary>The pages that the exporters of a simulated center serve at an instant. They name and show the same cards as the files.</summary>
public sealed class ExporterPages
{
    // A Prometheus in between passes on no comment, but every series.
    private const string Mark = "# HELP headroom_simulated 1: nothing on this page was measured.\n# TYPE headroom_simulated gauge\nheadroom_simulated 1\n";

    private readonly SimulatedCenter _simulated;
    private readonly Dictionary<string, SimulatedHost> _hosts;

    public ExporterPages(SimulatedCenter simulated)
    {
        ArgumentNullException.ThrowIfNull(simulated);
        _simulated = simulated;
        _hosts = simulated.Fleet.Hosts.Where(host => simulated.Fleet.Pools[host.Pool].HasGauge).ToDictionary(host => host.Name, StringComparer.Ordinal);
        Hosts = [.. _hosts.Values.OrderBy(host => host.Ordinal).Select(host => host.Name)];
    }

    /// <summary>Hosts that have an exporter.</summary>
    public ImmutableArray<string> Hosts { get; }

    /// <summary>The page of one host.</summary>
    /// <param name="instant">Unit: microseconds since the Unix epoch; after the plan's end the jobs that still run go on to theirs.</param>
    /// <param name="dialect">Null: the newest of the cards' maker.</param>
    /// <returns>Null where nothing answers: no such host, its exporter restarts, or the whole host is out of service.</returns>
    public string? Page(string host, long instant, ExporterDialect? dialect = null)
    {
        if (!_hosts.TryGetValue(host, out var found) || found.Gaps.Any(gap => gap.Contains(instant)))
        {
            return null;
        }

        var cards = found.Devices.Select(ordinal => _simulated.Fleet.Devices[ordinal]).Where(device => device.IsUpAt(instant)).Select(device => Card(device, instant)).ToList();
        if (cards.Count == 0)
        {
            return null;
        }

        var page = new StringBuilder();
        switch (dialect ?? (cards[0].Device.Maker == DeviceMaker.Nvidia ? ExporterDialect.Dcgm : ExporterDialect.Npu7))
        {
            case ExporterDialect.Dcgm:
                DcgmPage.Append(page, found.Name, cards);
                break;
            case ExporterDialect.Npu5:
                NpuPage.Append(page, cards, withPods: false);
                break;
            default:
                NpuPage.Append(page, cards, withPods: true);
                break;
        }

        return page.Append(Mark).ToString();
    }

    private PageCard Card(SimulatedDevice device, long instant)
    {
        var second = instant / Micros.PerSecond;
        var attempt = _simulated.Gauges.AttemptAt(device.Ordinal, second);
        var pod = attempt < 0 ? null : _simulated.Attempts[attempt];
        return new(
            device,
            _simulated.Fleet.PoolOf(device).Model,
            _simulated.Gauges.Read(device.Ordinal, second),
            instant / Micros.PerMillisecond,
            pod is null ? string.Empty : pod.Request.Tenant.Value,
            pod is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"job-{pod.JobId}-worker-{Array.IndexOf(pod.Devices, device.Ordinal)}"));
    }
}

/// <summary>A card as a page shows it.</summary>
/// <param name="Model">Null: not known.</param>
/// <param name="Namespace">Empty: nobody holds it.</param>
internal sealed record PageCard(SimulatedDevice Device, string? Model, Reading Reading, long Milliseconds, string Namespace, string Pod)
{
    public string Container => Pod.Length == 0 ? string.Empty : "train";
}

/// <summary>Prometheus text: one family after the other, one line per card.</summary>
internal static class PageText
{
    public static void Family(StringBuilder page, string name, string help, IEnumerable<string> lines)
    {
        page.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
        page.Append("# TYPE ").Append(name).Append(" gauge\n");
        foreach (var line in lines)
        {
            page.Append(name).Append(line).Append('\n');
        }
    }

    /// <summary>A label value, escaped as the text format wants it.</summary>
    public static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    public static string Tenth(int tenths) => string.Create(CultureInfo.InvariantCulture, $"{tenths / 10}.{tenths % 10}");
}
