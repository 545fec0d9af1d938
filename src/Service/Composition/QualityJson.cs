using System.Text.Encodings.Web;
using System.Text.Json;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Reports.Feeds;

namespace Headroom.Service.Composition;

/// <summary>The quality report for machines.</summary>
internal static class QualityJson
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(FeedsReport report) => JsonSerializer.Serialize(Machine(report), Options) + "\n";

    public static object Machine(FeedsReport report) => new
    {
        kind = "quality",
        center = report.Center.Value,
        day = report.Day,
        zone = report.Zone,
        simulated = report.Simulated,
        coverage = report.Coverage,
        sources = report.Sources.Select(source => new
        {
            source = source.Source,
            format = source.Format,
            received = source.Received,
            accepted = source.Accepted,
            duplicates = source.Duplicates,
            conflicts = source.Conflicts,
            late = source.Late,
            lag_s = (double?)source.Lag / Micros.PerSecond,
            last_received = Instants.ToText(source.Last),
            rejected = source.Rejected.ToDictionary(pair => pair.Reason.Word(), pair => pair.Count, StringComparer.Ordinal),
        }),
        cards = report.Cards.Select(card => new { card = card.Device.Value, host = card.Host, coverage = card.Coverage, silent_zero_h = card.SilentZeroHours, samples = card.Samples }),
        quiet = report.Quiet.Select(card => new { card = card.Device.Value, host = card.Host, last_sample = Instants.ToText(card.LastSample) }),
        conflicts = report.Questions.Select(question => new { conflict = question.Kind, card = question.Device.Value, other = question.Other }),
        filed_twice = report.Twice.Select(NetworkDemand.MachineOf),
        silent_zero_unchecked_models = report.Unchecked,
        without_gauge = report.WithoutGauge.Select(pool => new { pool = pool.Pool.In("en"), devices = pool.Devices }),
    };
}
