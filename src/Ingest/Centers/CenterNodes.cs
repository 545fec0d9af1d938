using System.Collections.Immutable;
using System.Globalization;
using Headroom.Domain.Messages;
using YamlDotNet.RepresentationModel;

namespace Headroom.Ingest.Centers;

/// <summary>Reads typed values out of YAML nodes and collects every problem with its place, instead of stopping at the first.</summary>
internal sealed class CenterNodes(string file)
{
    private readonly ImmutableArray<UserMessage>.Builder _problems = ImmutableArray.CreateBuilder<UserMessage>();

    /// <summary>In the order of the file.</summary>
    public ImmutableArray<UserMessage> Problems => _problems.ToImmutable();

    public Map? MapOf(YamlNode node, string key, ImmutableArray<string> allowed)
    {
        if (node is not YamlMappingNode mapping)
        {
            Wrong(node, key, "{ }");
            return null;
        }

        var values = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var (name, value) in mapping.Children)
        {
            var found = (name as YamlScalarNode)?.Value ?? name.ToString();
            if (allowed.Contains(found))
            {
                values[found] = value;
            }
            else
            {
                _problems.Add(UserMessage.Of(MessageCode.CenterFileKey, Place(name), found, Nearest.To(found, allowed), string.Join(", ", allowed)));
            }
        }

        return new(this, node, values);
    }

    public void Wrong(YamlNode node, string key, string expected) =>
        _problems.Add(UserMessage.Of(MessageCode.CenterFileValue, Place(node), key, Written(node), expected));

    public void Missing(YamlNode map, string key, string expected) =>
        _problems.Add(UserMessage.Of(MessageCode.CenterFileValue, Place(map), key, "", expected));

    public string? Scalar(YamlNode node, string key, string expected)
    {
        if (node is YamlScalarNode { Value: { } value } scalar && (value.Length > 0 && (scalar.Style != YamlDotNet.Core.ScalarStyle.Plain || value is not ("~" or "null"))))
        {
            return value;
        }

        Wrong(node, key, expected);
        return null;
    }

    private string Place(YamlNode node) => string.Create(CultureInfo.InvariantCulture, $"{file}:{node.Start.Line}:{node.Start.Column}");

    private static string Written(YamlNode node) => node switch
    {
        YamlScalarNode scalar => scalar.Value ?? "",
        YamlSequenceNode => "[ ]",
        _ => "{ }",
    };

    /// <summary>One map of the file; every getter returns null where the key is absent or wrong, and notes what is wrong.</summary>
    internal sealed class Map(CenterNodes nodes, YamlNode self, Dictionary<string, YamlNode> values)
    {
        public bool Has(string key) => values.ContainsKey(key);

        public bool IsMap(string key) => values.GetValueOrDefault(key) is YamlMappingNode;

        public YamlNode NodeOf(string key) => values.GetValueOrDefault(key, self);

        public void Wrong(string key, string expected) => nodes.Wrong(NodeOf(key), key, expected);

        /// <summary>As <see cref="Wrong"/>, where what stands there must not be shown.</summary>
        public void WrongAndSecret(string key, string expected) => nodes.Missing(NodeOf(key), key, expected);

        public void Require(string key, string expected)
        {
            if (!Has(key))
            {
                nodes.Missing(self, key, expected);
            }
        }

        public string? Text(string key, string expected = "text") => values.TryGetValue(key, out var node) ? nodes.Scalar(node, key, expected) : null;

        public string RequiredText(string key, string expected = "text")
        {
            Require(key, expected);
            return Text(key, expected) ?? "";
        }

        /// <summary>A value that <paramref name="parse"/> accepts, by the neutral description <paramref name="expected"/>.</summary>
        public T? Value<T>(string key, string expected, Func<string, T?> parse)
            where T : struct
        {
            if (Text(key, expected) is not { } text)
            {
                return null;
            }

            var parsed = parse(text);
            if (parsed is null)
            {
                Wrong(key, expected);
            }

            return parsed;
        }

        public int? Whole(string key, int least, int most) => Value<int>(
            key,
            string.Create(CultureInfo.InvariantCulture, $"{least}..{most}"),
            text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null);

        public double? Positive(string key) => Value<double>(
            key,
            "> 0",
            text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number) ? number : null);

        public bool? Flag(string key) => Value<bool>(key, "true | false", text => text switch { "true" => true, "false" => false, _ => null });

        public DateOnly? Day(string key) => Value<DateOnly>(
            key,
            "yyyy-MM-dd",
            text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null);

        public Map? Child(string key, ImmutableArray<string> allowed) => values.TryGetValue(key, out var node) ? nodes.MapOf(node, key, allowed) : null;

        public IEnumerable<YamlNode> List(string key)
        {
            if (!values.TryGetValue(key, out var node))
            {
                return [];
            }

            if (node is YamlSequenceNode sequence)
            {
                return sequence.Children;
            }

            nodes.Wrong(node, key, "[ ]");
            return [];
        }

        public IEnumerable<Map> Maps(string key, ImmutableArray<string> allowed)
        {
            foreach (var node in List(key))
            {
                if (nodes.MapOf(node, key, allowed) is { } map)
                {
                    yield return map;
                }
            }
        }
    }
}
