using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Headroom.LiveBench;

/// <summary>The center that is compared: 40 hosts with 320 cards, of two makers.</summary>
internal static partial class Fleet
{
    public const string Center = "live";

    /// <summary>Pool, the utilization metric of its exporter, the label that names its cards.</summary>
    public static readonly (string Pool, string Metric, string CardLabel)[] Pools = [("ai", "npu_chip_info_utilization", "vdie_id"), ("gpu", "DCGM_FI_DEV_GPU_UTIL", "UUID")];

    /// <param name="url">Where the pages are served.</param>
    /// <param name="hosts">Null: they are not known yet.</param>
    public static string CenterFile(string url, IReadOnlyList<string>? hosts)
    {
        var text = new StringBuilder("""
            center: live
            name: {en: Live Center, zh: 现场中心}
            zone: Asia/Shanghai
            telemetry_period_s: 1
            pools:
              - {id: ai, name: {en: AI computing, zh: 智能算力}, precision: fp16, model: Ascend 910A, devices: 256, devices_per_host: 8, gauge: true, devices_source: {assumed: true}}
              - {id: gpu, name: {en: GPU computing, zh: 图形算力}, precision: fp16, model: A100-SXM4-80GB, devices: 64, devices_per_host: 8, gauge: true, devices_source: {assumed: true}}

            """);
        text.Append(hosts is null ? "" : "targets:\n");
        foreach (var host in hosts ?? [])
        {
            text.Append(CultureInfo.InvariantCulture, $"  - {{name: {host}, url: '{url}/hosts/{host}/metrics', host: {host}, period_s: 1}}\n");
        }

        return text.ToString();
    }

    public static string PrometheusFile(string url, IReadOnlyList<string> hosts, string writeUrl)
    {
        var target = new Uri(url).Authority;
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"global: {{scrape_interval: 1s}}\nremote_write:\n  - url: {writeUrl}\nscrape_configs:\n"));
        foreach (var host in hosts)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - job_name: {host}\n    metrics_path: /hosts/{host}/metrics\n    static_configs: [{{targets: ['{target}'], labels: {{instance: '{host}'}} }}]\n");
        }

        return text.ToString();
    }

    /// <summary>Inventory rows of the cards on a host's page.</summary>
    public static IEnumerable<string> Inventory(string host, string page, string from)
    {
        var pool = page.Contains("DCGM_FI_", StringComparison.Ordinal) ? Pools[1] : Pools[0];
        var model = pool.Pool == "ai" ? "Ascend 910A" : "A100-SXM4-80GB";
        foreach (Match line in Line().Matches(page))
        {
            if (line.Groups["metric"].Value == pool.Metric)
            {
                var labels = Label().Matches(line.Groups["labels"].Value).ToDictionary(label => label.Groups["name"].Value, label => label.Groups["value"].Value, StringComparer.Ordinal);
                yield return $"{labels[pool.CardLabel]},{host},{labels[pool.Pool == "ai" ? "id" : "gpu"]},{model},{pool.Pool},installed,{from},,";
            }
        }
    }

    [GeneratedRegex("^(?<metric>[a-zA-Z_]+)\\{(?<labels>.*)\\} ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Line();

    [GeneratedRegex("(?<name>[a-zA-Z_]+)=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Label();
}
