using System.Globalization;
using System.Text;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Service.Composition;
using Headroom.Service.Scheduling;

namespace Headroom.Service.Endpoints;

/// <summary><c>/metrics</c>: our own, in the Prometheus text format. Counters begin at 0 with the program.</summary>
internal static class MetricsEndpoint
{
    private const string TextFormat = "text/plain; version=0.0.4; charset=utf-8";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", (ServedStore store, CollectorService collectors, RequestCounts requests, ServeSettings settings) => Results.Text(Page(store, collectors, requests, settings), TextFormat))
            .WithSummary("Our own metrics, Prometheus text format")
            .WithTags("Operation")
            .Produces<string>(contentType: "text/plain");

    private static string Page(ServedStore store, CollectorService collectors, RequestCounts requests, ServeSettings settings)
    {
        var page = new MetricsText();
        var arrivals = store.Arrivals.Select(entry => (Labels: Labels(("center", entry.Center.Value), ("source", entry.Source)), entry.Center, entry.Source, Reading: entry.Counts.Read())).ToList();
        page.Family("headroom_received_rows_total", "counter", "Rows received, by source.", arrivals.Select(entry => (entry.Labels, (double)entry.Reading.Received)));
        page.Family("headroom_accepted_rows_total", "counter", "Rows accepted and durable, by source.", arrivals.Select(entry => (entry.Labels, (double)entry.Reading.Accepted)));
        page.Family(
            "headroom_rejected_rows_total",
            "counter",
            "Rows rejected, by source and reason.",
            arrivals.SelectMany(entry => entry.Reading.Rejected.Select(pair => (Labels(("center", entry.Center.Value), ("source", entry.Source), ("reason", pair.Reason.Word())), (double)pair.Count))));
        page.Family("headroom_duplicate_rows_total", "counter", "Rows that were known already, by source.", arrivals.Select(entry => (entry.Labels, (double)entry.Reading.Duplicates)));
        page.Family("headroom_conflicting_rows_total", "counter", "Rows that met another value at their key, by source.", arrivals.Select(entry => (entry.Labels, (double)entry.Reading.Conflicts)));
        page.Family("headroom_late_rows_total", "counter", "Samples that came an hour or more after their instant, by source.", arrivals.Select(entry => (entry.Labels, (double)entry.Reading.Late)));
        page.Family(
            "headroom_source_last_received_timestamp_seconds",
            "gauge",
            "When the last batch of a source became durable.",
            arrivals.Select(entry => (entry.Labels, (double)entry.Reading.Last / Micros.PerSecond)));
        var targets = collectors.Targets.Select(state => (Labels: Labels(("center", state.Center.Value), ("target", state.Target.Name)), state.Health)).ToList();
        page.Family("headroom_target_up", "gauge", "1 when the last scrape became durable, 0 when not.", targets.Select(entry => (entry.Labels, entry.Health?.IsUp == true ? 1.0 : 0.0)));
        page.Family(
            "headroom_target_last_success_timestamp_seconds",
            "gauge",
            "When a scrape last became durable.",
            targets.Where(entry => entry.Health?.LastSuccess is not null).Select(entry => (entry.Labels, (double)entry.Health!.LastSuccess!.Value / Micros.PerSecond)));
        page.Family("headroom_target_failures_in_a_row", "gauge", "Scrapes that failed since the last good one.", targets.Select(entry => (entry.Labels, (double)(entry.Health?.Failures ?? 0))));
        page.Family(
            "headroom_target_clock_ahead_seconds",
            "gauge",
            "How far the target's clock is ahead of ours.",
            targets.Where(entry => entry.Health?.SkewMicros is not null).Select(entry => (entry.Labels, (double)entry.Health!.SkewMicros!.Value / Micros.PerSecond)));
        page.Family("headroom_store_size_bytes", "gauge", "The database file with its log.", [("", SizeOf(settings.Database))]);
        page.Family("headroom_http_requests_total", "counter", "Requests answered, by route and status.", requests.All.Select(entry => (RequestLabels(entry.Route, entry.Status), (double)entry.Count)));
        page.Family("headroom_http_request_seconds_total", "counter", "Time spent on them.", requests.All.Select(entry => (RequestLabels(entry.Route, entry.Status), entry.Time.TotalSeconds)));
        return page.ToString();
    }

    private static double SizeOf(string database) =>
        ((string[])[database, database + "-wal"]).Select(path => new FileInfo(path)).Where(file => file.Exists).Sum(file => (double)file.Length);

    private static string RequestLabels(string route, int status) => Labels(("route", route), ("status", status.ToString(CultureInfo.InvariantCulture)));

    private static string Labels(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var text = new StringBuilder("{");
        foreach (var (name, value) in labels)
        {
            text.Append(text.Length > 1 ? "," : "").Append(name).Append("=\"").Append(Escaped(value)).Append('"');
        }

        return text.Append('}').ToString();
    }

    private static string Escaped(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private sealed class MetricsText
    {
        private readonly StringBuilder _text = new();

        public void Family(string name, string type, string help, IEnumerable<(string Labels, double Value)> series)
        {
            _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n').Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
            foreach (var (labels, value) in series)
            {
                _text.Append(name).Append(labels).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
            }
        }

        public override string ToString() => _text.ToString();
    }
}
