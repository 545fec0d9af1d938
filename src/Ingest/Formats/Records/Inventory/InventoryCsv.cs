using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Records.Inventory;

/// <summary>The inventory as a file: one row is one dated fact of one device. Planned maintenance may lie ahead.</summary>
internal sealed class InventoryCsv : IRecordFormat
{
    private static readonly ImmutableArray<string> Required = ["card", "event", "from"];

    private static readonly ImmutableArray<string> Optional = ["host", "slot", "model", "pool", "to", "reason", "revision"];

    private static readonly Dictionary<string, InventoryEvent> Events = new(StringComparer.OrdinalIgnoreCase)
    {
        ["installed"] = InventoryEvent.Installed,
        ["retired"] = InventoryEvent.Retired,
        ["moved"] = InventoryEvent.Moved,
        ["down"] = InventoryEvent.Down,
        ["repair"] = InventoryEvent.Repair,
        ["maintenance"] = InventoryEvent.Maintenance,
    };

    public string Kind => "inventory";

    public string Name => RecordFormats.Csv;

    public FactBatch Read(Stream content, RecordSource source, RejectCounts rejects, ICollection<UserMessage> notices)
    {
        using var table = new Table(content, source.Place, Required, Optional);
        var facts = TableRows.Read(table, source, rejects, Fact, fact => fact.Device.Value);
        return new(facts, [], []);
    }

    private static InventoryFact Fact(RecordRow row)
    {
        if (row.Optional("card") is null)
        {
            row.Fail(RejectReason.NoDevice, "card");
        }

        var word = row.Text("event");
        if (word.Length > 0 && !Events.ContainsKey(word))
        {
            row.Fail(RejectReason.UnknownWord, "event");
        }

        var valid = new Window(row.RequiredInstant("from"), row.Instant("to") ?? Instants.Never);
        if (valid.IsEmpty)
        {
            row.Fail(RejectReason.Backwards, "to");
        }

        return new(
            new(row.Optional("card") ?? ""),
            Events.GetValueOrDefault(word),
            valid,
            row.Optional("host"),
            row.Optional("slot"),
            row.Optional("model"),
            row.Optional("pool") is { } pool ? new PoolId(pool) : null,
            row.Optional("reason"))
        {
            Revision = row.Revision(),
        };
    }
}
