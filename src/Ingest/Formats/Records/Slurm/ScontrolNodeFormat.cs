using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Telemetry;

namespace Headroom.Ingest.Formats.Records.Slurm;

/// <summary>What Slurm thinks each node has, <c>scontrol show node</c> with or without <c>-o</c>: devices of nodes that nothing else told of, and nodes that are out of service.</summary>
/// <remarks>
/// A snapshot: it is true at <see cref="RecordSource.At"/>. A node is down from the instant of its reason until then; the next snapshot takes it further.
/// Devices that are not known by their own id are named as exporters without one are, <c>0@host</c>. Source: SchedMD, scontrol(1).
/// </remarks>
internal sealed partial class ScontrolNodeFormat : IRecordFormat
{
    private const int MostCardsPerNode = 1_024;

    public string Kind => "inventory";

    public string Name => "scontrol-node";

    public bool NeedsHosts => true;

    public bool Begins(ReadOnlySpan<byte> beginning) => beginning.TrimStart(" \t\r\n\uFEFF"u8).StartsWith("NodeName="u8);

    public FactBatch Read(Stream content, RecordSource source, RejectCounts rejects, ICollection<UserMessage> notices)
    {
        var lines = new RecordLines(content, source, rejects);
        var facts = ImmutableArray.CreateBuilder<InventoryFact>();
        var node = new StringBuilder();
        for (var line = lines.Next(); ; line = lines.Next())
        {
            if (node.Length > 0 && (line is null || line.StartsWith("NodeName=", StringComparison.Ordinal)))
            {
                Take(node.ToString(), source, lines, rejects, facts);
                node.Clear();
            }

            if (line is null)
            {
                return new(facts.ToImmutable(), [], []);
            }

            if (line.Trim().Length > 0 && node.Length < RecordLines.Longest)
            {
                node.Append(line).Append(' ');
            }
        }
    }

    private static void Take(string text, RecordSource source, RecordLines lines, RejectCounts rejects, ImmutableArray<InventoryFact>.Builder facts)
    {
        var values = Values(text);
        if (!values.TryGetValue("NodeName", out var host) || host.Length == 0 || !values.TryGetValue("State", out var state))
        {
            lines.Reject(RejectReason.Malformed, column: null, text);
            return;
        }

        if (!Tres.TryRead(values.GetValueOrDefault("CfgTRES") is { } written and not "(null)" ? written : "", out var cards) || cards.Count > MostCardsPerNode)
        {
            lines.Reject(RejectReason.OutOfRange, "CfgTRES", values["CfgTRES"], host);
            return;
        }

        var at = source.At ?? source.Now;
        var pool = values.GetValueOrDefault("Partitions")?.Split(',').Select(source.PoolOf).FirstOrDefault(found => found is not null);
        var known = source.Hosts[host].ToImmutableArray();
        if (known.IsEmpty && (cards.Count > 0 || (pool ?? source.NodePool) is not null))
        {
            known = cards.Count > 0
                ? [.. Enumerable.Range(0, cards.Count).Select(index => new DeviceId(string.Create(CultureInfo.InvariantCulture, $"{index}@{host}")))]
                : [new(host)];
            for (var index = 0; index < known.Length; index++)
            {
                facts.Add(new(
                    known[index],
                    InventoryEvent.Installed,
                    new(at, Instants.Never),
                    host,
                    index.ToString(CultureInfo.InvariantCulture),
                    cards.Model,
                    pool ?? (cards.Count == 0 ? source.NodePool : null),
                    Reason: null)
                { Revision = source.Revision });
            }
        }

        if (NodeStates.EventOf(state) is { } outOfService && Since(values.GetValueOrDefault("Reason"), source) is { } since && since < at)
        {
            facts.AddRange(known.Select(device => new InventoryFact(device, outOfService, new(since, at), host, null, null, null, ReasonOf(values)) { Revision = source.Revision }));
        }

        rejects.Accept();
    }

    // "disk failed [root@2026-11-21T19:10:05]"; an instant of the machine that ran scontrol.
    private static long? Since(string? reason, RecordSource source)
    {
        if (reason is null || Stamp().Match(reason) is not { Success: true } stamp)
        {
            return null;
        }

        return TimeText.Read(Encoding.UTF8.GetBytes(stamp.Groups["at"].Value), source.Zone, out var instant) switch
        {
            TimeOutcome.NoZone => throw new UserException(UserMessage.Of(MessageCode.ZoneMissing, source.Place, stamp.Groups["at"].Value)),
            TimeOutcome.Good => instant,
            _ => null,
        };
    }

    private static string? ReasonOf(Dictionary<string, string> values) =>
        values.GetValueOrDefault("Reason") is { } reason && reason.IndexOf(" [", StringComparison.Ordinal) is > 0 and var end ? reason[..end] : values.GetValueOrDefault("Reason");

    // Values hold blanks (OS=, Reason=): a value ends where the next key begins.
    private static Dictionary<string, string> Values(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var keys = KeyShape().Matches(text);
        for (var key = 0; key < keys.Count; key++)
        {
            var begin = keys[key].Index + keys[key].Length;
            var end = key + 1 < keys.Count ? keys[key + 1].Index : text.Length;
            values.TryAdd(keys[key].Groups["key"].Value, text[begin..end].Trim());
        }

        return values;
    }

    [GeneratedRegex(@"(?<=^|\s)(?<key>[A-Z][A-Za-z_]*)=", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex KeyShape();

    [GeneratedRegex(@"\[[^\[\]@]*@(?<at>[0-9T:.+-]+)\]\s*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Stamp();
}
