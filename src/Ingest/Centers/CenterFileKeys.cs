using System.Collections.Immutable;

namespace Headroom.Ingest.Centers;

/// <summary>The keys of every map of a center file: what the reader takes and what <c>center.schema.json</c> lists under the same name.</summary>
public static class CenterFileKeys
{
    public static readonly ImmutableArray<string> Center =
        ["center", "name", "zone", "opened", "telemetry_period_s", "retention", "grid_factors", "pools", "phases", "platforms", "sectors", "tenants", "targets", "claims"];

    public static readonly ImmutableArray<string> Text = ["en", "zh"];

    public static readonly ImmutableArray<string> Provenance = ["assumed", "source", "date"];

    public static readonly ImmutableArray<string> Pool =
        ["id", "name", "precision", "nameplate_p", "nameplate_source", "model", "devices", "devices_per_host", "gauge", "devices_source"];

    public static readonly ImmutableArray<string> Phase = ["id", "name", "status", "opens", "slip_days", "capacity", "provenance"];

    public static readonly ImmutableArray<string> Capacity = ["pool", "p", "devices"];

    public static readonly ImmutableArray<string> Tenant = ["id", "name", "sector", "platforms"];

    public static readonly ImmutableArray<string> Target = ["name", "url", "format", "host", "period_s", "auth"];

    public static readonly ImmutableArray<string> Auth = ["user", "password", "bearer", "certificate", "key", "authority"];

    public static readonly ImmutableArray<string> Retention = ["raw_days", "five_minute_days", "hourly_days", "daily_days"];

    public static readonly ImmutableArray<string> GridFactor = ["from", "kg_per_kwh", "provenance"];

    public static readonly ImmutableArray<string> Claim = ["text", "date", "from", "to", "source", "metric"];

    /// <summary>Every map by the name of its schema definition.</summary>
    public static ImmutableArray<(string Definition, ImmutableArray<string> Keys)> All { get; } =
    [
        ("center", Center), ("text", Text), ("provenance", Provenance), ("pool", Pool), ("phase", Phase),
        ("capacity", Capacity), ("tenant", Tenant), ("target", Target), ("auth", Auth), ("claim", Claim), ("retention", Retention), ("grid_factor", GridFactor),
    ];
}
