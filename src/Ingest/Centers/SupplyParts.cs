using System.Collections.Immutable;
using System.Globalization;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using YamlDotNet.RepresentationModel;
using static Headroom.Ingest.Centers.CenterTexts;

namespace Headroom.Ingest.Centers;

/// <summary>The pools and phases of a center file: what there is, and what comes when.</summary>
internal static class SupplyParts
{
    public static PoolDefinition Pool(CenterNodes.Map map)
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

    public static PhaseDefinition Phase(CenterNodes.Map map, ImmutableArray<string> pools)
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
}
