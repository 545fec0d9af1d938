using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Headroom.Ingest.Centers;

/// <summary>Center files: YAML, strict. Every problem of a file is told at once, each with line and column.</summary>
public static partial class CenterFile
{
    private const int DeepestNesting = 64;

    /// <exception cref="UserException">The file is missing, unreadable or wrong; all of its problems are in it.</exception>
    public static CenterDefinition Load(string path) => Parse(TextFile.Read(path), path);

    /// <param name="file">How messages name the text.</param>
    /// <exception cref="UserException">The text is not a center file; all of its problems are in it.</exception>
    public static CenterDefinition Parse(string text, string file)
    {
        var nodes = new CenterNodes(file);
        var center = nodes.MapOf(Root(text, file), "center", CenterFileKeys.Center) is { } map ? Center(map, nodes) : null;
        return center is null || nodes.Problems.Length > 0 ? throw new UserException(nodes.Problems) : center;
    }

    /// <summary>The one document of a text.</summary>
    /// <exception cref="UserException">It is not YAML, or not one document.</exception>
    internal static YamlNode Root(string text, string file)
    {
        try
        {
            RefuseDepth(text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count == 1
                ? stream.Documents[0].RootNode
                : throw new UserException(UserMessage.Of(MessageCode.CenterFileSyntax, file, "--- x " + stream.Documents.Count.ToString(CultureInfo.InvariantCulture)));
        }
        catch (YamlException problem)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{file}:{problem.Start.Line}:{problem.Start.Column}");
            throw new UserException(UserMessage.Of(MessageCode.CenterFileSyntax, place, problem.InnerException?.Message ?? problem.Message), problem);
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException)
        {
            // The scanner meets some broken texts with exceptions of its own mistakes, and those carry no place.
            throw new UserException(UserMessage.Of(MessageCode.CenterFileSyntax, file, problem.Message), problem);
        }
    }

    // The loader recurses and the event reader does not: a text nested deep enough would end the process.
    private static void RefuseDepth(string text)
    {
        var events = new Parser(new StringReader(text));
        for (var depth = 0; events.MoveNext();)
        {
            depth += events.Current!.NestingIncrease;
            if (depth > DeepestNesting)
            {
                throw new YamlException(events.Current.Start, events.Current.End, $"> {DeepestNesting} x [ {{");
            }
        }
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
        var pools = map.Maps("pools", CenterFileKeys.Pool).Select(Pool).ToImmutableArray();
        Unique(map, "pools", pools.Select(pool => pool.Id.Value));
        var poolIds = pools.Select(pool => pool.Id.Value).ToImmutableArray();
        var phases = map.Maps("phases", CenterFileKeys.Phase).Select(phase => Phase(phase, poolIds)).ToImmutableArray();
        Unique(map, "phases", phases.Select(phase => phase.Id));
        var platforms = map.List("platforms").Select(node => Text(nodes.MapOf(node, "platforms", CenterFileKeys.Text))).ToImmutableArray();
        var platformNames = platforms.Select(platform => platform.En).ToImmutableArray();
        var sectors = map.List("sectors").Select(node => Text(nodes.MapOf(node, "sectors", CenterFileKeys.Text))).ToImmutableArray();
        var sectorNames = sectors.Select(sector => sector.En).ToImmutableArray();
        var tenants = map.Maps("tenants", CenterFileKeys.Tenant).Select(tenant => Tenant(tenant, nodes, platformNames, sectorNames)).ToImmutableArray();
        Unique(map, "tenants", tenants.Select(tenant => tenant.Id.Value));
        var targets = map.Maps("targets", CenterFileKeys.Target).Select(Target).ToImmutableArray();
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

    private static PoolDefinition Pool(CenterNodes.Map map)
    {
        map.Require("precision", "fp16 | fp64");
        var nameplate = map.Positive("nameplate_p");
        var devices = map.Whole("devices", 1, 10_000_000);
        if (map.Has("nameplate_p"))
        {
            map.Require("nameplate_source", "{ assumed | source, date }");
        }

        if (map.Has("devices") || map.Has("model"))
        {
            map.Require("devices_source", "{ assumed | source, date }");
        }

        return new(
            new(map.RequiredText("id")),
            RequiredName(map, "name"),
            map.Value<Precision>("precision", "fp16 | fp64", text => text switch { "fp16" => Precision.Fp16, "fp64" => Precision.Fp64, _ => null }) ?? Precision.Fp16,
            nameplate,
            Provenance(map, "nameplate_source"),
            map.Text("model"),
            devices,
            map.Whole("devices_per_host", 1, 1_024) ?? 1,
            map.Flag("gauge") ?? true,
            Provenance(map, "devices_source"));
    }

    private static PhaseDefinition Phase(CenterNodes.Map map, ImmutableArray<string> pools)
    {
        const string statuses = "installed | committed | candidate";
        map.Require("status", statuses);
        map.Require("opens", "yyyy-MM-dd");
        map.Require("provenance", "{ assumed | source, date }");
        map.Require("capacity", "[ ]");
        return new(
            map.RequiredText("id"),
            RequiredName(map, "name"),
            map.Value<PhaseStatus>(
                "status",
                statuses,
                text => text switch { "installed" => PhaseStatus.Installed, "committed" => PhaseStatus.Committed, "candidate" => PhaseStatus.Candidate, _ => null }) ?? PhaseStatus.Candidate,
            map.Day("opens") ?? default,
            [.. map.Maps("capacity", CenterFileKeys.Capacity).Select(capacity => Capacity(capacity, pools))],
            Slip(map),
            Provenance(map, "provenance"));
    }

    private static PhaseCapacity Capacity(CenterNodes.Map map, ImmutableArray<string> pools)
    {
        var pool = map.RequiredText("pool", string.Join(" | ", pools));
        if (pool.Length > 0 && !pools.Contains(pool))
        {
            map.Wrong("pool", string.Join(" | ", pools));
        }

        if (!map.Has("p") && !map.Has("devices"))
        {
            map.Require("devices", "p | devices");
        }

        return new(new(pool), map.Positive("p"), map.Whole("devices", 1, 10_000_000));
    }

    private static (int Least, int Likely, int Most) Slip(CenterNodes.Map map)
    {
        var days = map.List("slip_days")
            .Select(node => int.TryParse((node as YamlScalarNode)?.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var day) ? day : (int?)null)
            .ToArray();
        if (days.Length == 0 && !map.Has("slip_days"))
        {
            return default;
        }

        if (days is [{ } least, { } likely, { } most] && least <= likely && likely <= most)
        {
            return (least, likely, most);
        }

        map.Wrong("slip_days", "[least, likely, most]");
        return default;
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

    private static ScrapeTarget Target(CenterNodes.Map map)
    {
        map.Require("url", "http:// | https://");
        var url = Uri.TryCreate(map.Text("url", "http:// | https://"), UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https" ? parsed : null;
        if (url is null && map.Has("url"))
        {
            map.Wrong("url", "http:// | https://");
        }

        if (url is { UserInfo.Length: > 0 })
        {
            map.WrongAndSecret("url", "auth: { user, password: file:PATH | env:NAME }");
        }

        return new(
            map.RequiredText("name"),
            url ?? new Uri("http://invalid."),
            map.Text("format"),
            map.Text("host"),
            (map.Whole("period_s", 1, 3_600) ?? 15) * Micros.PerSecond)
        {
            Access = map.Child("auth", CenterFileKeys.Auth) is { } auth ? Access(auth) : null,
        };
    }

    private static TargetAccess Access(CenterNodes.Map map)
    {
        var (user, password) = (map.Text("user"), Secret(map, "password"));
        if (user is null != password is null)
        {
            map.Require(user is null ? "user" : "password", "user, password");
        }

        if (map.Has("key") && !map.Has("certificate"))
        {
            map.Require("certificate", "certificate, key");
        }

        return new(user, password, Secret(map, "bearer"), map.Text("certificate"), map.Text("key"), map.Text("authority"));
    }

    // A secret in the file itself would be stored with it and shown with it.
    private static SecretPlace? Secret(CenterNodes.Map map, string key)
    {
        var text = map.Text(key);
        if (text is null || text is ['f', 'i', 'l', 'e', ':', _, ..] or ['e', 'n', 'v', ':', _, ..])
        {
            return text is null ? null : new(text[0] == 'f', text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        }

        map.WrongAndSecret(key, "file:PATH | env:NAME");
        return null;
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

    private static Provenance Provenance(CenterNodes.Map map, string key)
    {
        if (map.Child(key, CenterFileKeys.Provenance) is not { } provenance)
        {
            return new(Assumed: true, Source: null, Date: null);
        }

        var assumed = provenance.Flag("assumed") ?? false;
        if (assumed == provenance.Has("source"))
        {
            map.Wrong(key, "assumed: true | source, date");
        }

        return new(assumed, Words(provenance, "source"), provenance.Day("date"));
    }

    private static LocalText RequiredName(CenterNodes.Map map, string key)
    {
        map.Require(key, "{ en, zh }");
        return Text(map.Child(key, CenterFileKeys.Text));
    }

    private static LocalText RequiredWords(CenterNodes.Map map, string key)
    {
        map.Require(key, "text | { en, zh }");
        return Words(map, key) ?? new("", "");
    }

    // One text for both languages, or one for each.
    private static LocalText? Words(CenterNodes.Map map, string key) =>
        map.IsMap(key) ? Text(map.Child(key, CenterFileKeys.Text)) : map.Text(key, "text | { en, zh }") is { } text ? new(text, text) : null;

    private static LocalText Text(CenterNodes.Map? map) => map is null ? new("", "") : new(map.RequiredText("en"), map.RequiredText("zh"));

    private static void Unique(CenterNodes.Map map, string key, IEnumerable<string> ids)
    {
        foreach (var twice in ids.Where(id => id.Length > 0).GroupBy(id => id, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            map.Wrong(key, $"1 x {twice.Key}");
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex IdShape();

    [GeneratedRegex("^U[1-6]?[sc]?\\s*(>=|<=|>|<)\\s*(0?\\.\\d+|0|1|1\\.0+|0\\.\\d+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex ClaimShape();
}
