using Headroom.Domain.Centers;

namespace Headroom.Ingest.Centers;

/// <summary>What parts of a center file have in common: names in both languages, where a figure is from, ids that occur once.</summary>
internal static class CenterTexts
{
    public static LocalText RequiredName(CenterNodes.Map map, string key)
    {
        map.Require(key, "{ en, zh }");
        return Text(map.Child(key, CenterFileKeys.Text));
    }

    public static LocalText RequiredWords(CenterNodes.Map map, string key)
    {
        map.Require(key, "text | { en, zh }");
        return Words(map, key) ?? new("", "");
    }

    // One text for both languages, or one for each.
    public static LocalText? Words(CenterNodes.Map map, string key) =>
        map.IsMap(key) ? Text(map.Child(key, CenterFileKeys.Text)) : map.Text(key, "text | { en, zh }") is { } text ? new(text, text) : null;

    public static LocalText Text(CenterNodes.Map? map) => map is null ? new("", "") : new(map.RequiredText("en"), map.RequiredText("zh"));

    public static Provenance Provenance(CenterNodes.Map map, string key)
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

    public static void Unique(CenterNodes.Map map, string key, IEnumerable<string> ids)
    {
        foreach (var twice in ids.Where(id => id.Length > 0).GroupBy(id => id, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            map.Wrong(key, $"1 x {twice.Key}");
        }
    }
}
