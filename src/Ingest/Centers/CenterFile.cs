using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using static Headroom.Ingest.Centers.CenterTexts;

namespace Headroom.Ingest.Centers;

/// <summary>Center files: YAML, strict. Every problem of a file is told at once, each with line and column.</summary>
public static partial class CenterFile
{
    /// <exception cref="UserException">The file is missing, unreadable or wrong; all of its problems are in it.</exception>
    public static CenterDefinition Load(string path) => Parse(TextFile.Read(path), path);

    /// <param name="file">How messages name the text.</param>
    /// <exception cref="UserException">The text is not a center file; all of its problems are in it.</exception>
    public static CenterDefinition Parse(string text, string file)
    {
        var nodes = new CenterNodes(file);
        var center = nodes.MapOf(CenterYaml.Root(text, file), "center", CenterFileKeys.Center) is { } map ? Center(map, nodes) : null;
        return center is null || nodes.Problems.Length > 0 ? throw new UserException(nodes.Problems) : center;
    }

    private static CenterDefinition Center(CenterNodes.Map map, CenterNodes nodes)
    {
        const string idShape = "a-z 0-9 -";
        var id = map.RequiredText("center", idShape);
        if (id.Length > 0 && !IdShape().IsMatch(id))
        {
            map.Wrong("center", idShape);
        }

        var zone = map.RequiredText("zone", "IANA zone");
        if (zone.Length > 0 && Zones.Find(zone) is null)
        {
            map.Wrong("zone", "IANA zone");
        }

        map.Require("pools", "[ ]");
        var pools = map.Maps("pools", CenterFileKeys.Pool).Select(SupplyParts.Pool).ToImmutableArray();
        Unique(map, "pools", pools.Select(pool => pool.Id.Value));
        var poolIds = pools.Select(pool => pool.Id.Value).ToImmutableArray();
        var phases = map.Maps("phases", CenterFileKeys.Phase).Select(phase => SupplyParts.Phase(phase, poolIds)).ToImmutableArray();
        Unique(map, "phases", phases.Select(phase => phase.Id));
        var platforms = map.List("platforms").Select(node => Text(nodes.MapOf(node, "platforms", CenterFileKeys.Text))).ToImmutableArray();
        var platformNames = platforms.Select(platform => platform.En).ToImmutableArray();
        var sectors = map.List("sectors").Select(node => Text(nodes.MapOf(node, "sectors", CenterFileKeys.Text))).ToImmutableArray();
        var sectorNames = sectors.Select(sector => sector.En).ToImmutableArray();
        var tenants = map.Maps("tenants", CenterFileKeys.Tenant).Select(tenant => Tenant(tenant, nodes, platformNames, sectorNames)).ToImmutableArray();
        Unique(map, "tenants", tenants.Select(tenant => tenant.Id.Value));
        var targets = map.Maps("targets", CenterFileKeys.Target).Select(TargetParts.Target).ToImmutableArray();
        Unique(map, "targets", targets.Select(target => target.Name));
        return new(
            new(id),
            RequiredName(map, "name"),
            zone,
            map.Day("opened"),
            map.Whole("telemetry_period_s", 1, 3_600) is { } seconds ? seconds * Micros.PerSecond : null,
            pools,
            phases,
            tenants,
            platforms,
            targets,
            [.. map.Maps("claims", CenterFileKeys.Claim).Select(Claim)],
            Draft: false)
        {
            Sectors = sectors,
            Retention = map.Child("retention", CenterFileKeys.Retention) is { } retention ? Retention(retention) : Domain.Centers.Retention.Default,
            GridFactors = [.. map.Maps("grid_factors", CenterFileKeys.GridFactor).Select(GridFactor).OrderBy(factor => factor.From)],
        };
    }

    private static GridFactor GridFactor(CenterNodes.Map map)
    {
        map.Require("from", "yyyy-MM-dd");
        map.Require("kg_per_kwh", "> 0");
        map.Require("provenance", "{ assumed | source, date }");
        return new(map.Day("from") ?? default, map.Positive("kg_per_kwh") ?? 0, Provenance(map, "provenance"));
    }

    // A key that is not there keeps its default.
    private static Retention Retention(CenterNodes.Map map)
    {
        int? Days(string key) => map.Whole(key, 1, 36_500);
        var shipped = Domain.Centers.Retention.Default;
        var (raw, hourly) = (Days("raw_days") ?? shipped.RawDays, Days("hourly_days") ?? shipped.HourlyDays);
        if (hourly < raw)
        {
            map.Wrong("hourly_days", ">= raw_days");
        }

        return new(raw, Days("five_minute_days") ?? shipped.FiveMinuteDays, hourly, Days("daily_days") ?? shipped.DailyDays);
    }

    private static TenantDefinition Tenant(CenterNodes.Map map, CenterNodes nodes, ImmutableArray<string> platforms, ImmutableArray<string> sectors)
    {
        var chosen = ImmutableArray.CreateBuilder<string>();
        foreach (var node in map.List("platforms"))
        {
            var expected = string.Join(" | ", platforms);
            if (nodes.Scalar(node, "platforms", expected) is not { } name)
            {
                continue;
            }

            if (!platforms.Contains(name))
            {
                nodes.Wrong(node, "platforms", expected);
            }

            chosen.Add(name);
        }

        var sector = map.RequiredText("sector");
        if (!sectors.IsEmpty && !sectors.Contains(sector))
        {
            map.Wrong("sector", string.Join(" | ", sectors));
        }

        return new(new(map.RequiredText("id")), RequiredName(map, "name"), sector, chosen.ToImmutable());
    }

    private static PublishedClaim Claim(CenterNodes.Map map)
    {
        map.Require("date", "yyyy-MM-dd");
        if (map.Text("metric") is { } metric && !ClaimShape().IsMatch(metric))
        {
            map.Wrong("metric", "U>=0.90");
        }

        var (from, to) = (map.Day("from"), map.Day("to"));
        if (to < from)
        {
            map.Wrong("to", ">= from");
        }

        return new(RequiredName(map, "text"), map.Day("date") ?? default, from, to, RequiredWords(map, "source"), map.Text("metric"));
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex IdShape();

    [GeneratedRegex("^U[1-6]?[sc]?\\s*(>=|<=|>|<)\\s*(0?\\.\\d+|0|1|1\\.0+|0\\.\\d+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex ClaimShape();
}
