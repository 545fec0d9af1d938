using System.Collections.Immutable;
using System.Text;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Records.Slurm;

/// <summary>Outages of nodes as <c>sacctmgr -P show event</c> lists them: each is an outage of every device that is known on the node.</summary>
/// <remarks>Source: SchedMD, sacctmgr(1), Event; Slurm 22.05.8 run for FORMATS.md section 6.1.</remarks>
internal sealed class SacctmgrEventFormat : IRecordFormat
{
    private static readonly ImmutableArray<string> Required = ["NodeName", "TimeStart", "TimeEnd", "State"];

    public string Kind => "inventory";

    public string Name => "sacctmgr-event";

    public bool NeedsHosts => true;

    public bool Begins(ReadOnlySpan<byte> beginning)
    {
        var end = beginning.IndexOf((byte)'\n');
        var header = Encoding.UTF8.GetString((end < 0 ? beginning : beginning[..end]).TrimStart("\uFEFF"u8).TrimEnd((byte)'\r'));
        var names = header.Split(SlurmTable.DelimiterOf(header));
        return Required.All(names.Contains);
    }

    public FactBatch Read(Stream content, RecordSource source, RejectCounts rejects, ICollection<UserMessage> notices)
    {
        var lines = new RecordLines(content, source, rejects);
        var table = new SlurmTable(lines, source, Required);
        var facts = ImmutableArray.CreateBuilder<InventoryFact>();
        while (table.Read())
        {
            // Without a node it is the cluster that registered what it has.
            if (table.Cell("NodeName") is not { } host)
            {
                continue;
            }

            if (!table.TryInstant("TimeStart", out var from) || !table.TryInstant("TimeEnd", out var until))
            {
                lines.Reject(RejectReason.BadTime, "TimeStart", table.Cell("TimeStart") ?? "", host);
            }
            else if (from is null)
            {
                lines.Reject(RejectReason.MissingCell, "TimeStart", "", host);
            }
            else if (until < from)
            {
                lines.Reject(RejectReason.Backwards, "TimeEnd", table.Cell("TimeEnd")!, host);
            }
            else if (!source.Hosts[host].Any())
            {
                lines.Reject(RejectReason.NoDevice, "NodeName", host);
            }
            else
            {
                rejects.Accept();
                Take(table, source, host, new(from.Value, until ?? Instants.Never), facts);
            }
        }

        return new(facts.ToImmutable(), [], []);
    }

    private static void Take(SlurmTable table, RecordSource source, string host, Window valid, ImmutableArray<InventoryFact>.Builder facts)
    {
        if (!valid.IsEmpty && NodeStates.EventOf(table.Cell("State") ?? "") is { } happened)
        {
            facts.AddRange(source.Hosts[host].Select(device => new InventoryFact(device, happened, valid, host, null, null, null, table.Cell("Reason")) { Revision = source.Revision }));
        }
    }
}
