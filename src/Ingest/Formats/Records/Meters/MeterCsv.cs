using System.Collections.Immutable;
using Headroom.Domain.Facts;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Ingest.Formats.Records.Meters;

/// <summary>Readings of energy meters as a file: one row is what passed one meter in one time.</summary>
internal sealed class MeterCsv : IRecordFormat
{
    private const double MostKilowattHours = 1e9;

    private static readonly ImmutableArray<string> Required = ["meter", "scope", "from", "to", "kwh"];

    private static readonly ImmutableArray<string> Optional = ["revision"];

    private static readonly Dictionary<string, MeterScope> Scopes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["facility"] = MeterScope.Facility,
        ["it"] = MeterScope.It,
    };

    public string Kind => "meter";

    public string Name => RecordFormats.Csv;

    public FactBatch Read(Stream content, RecordSource source, RejectCounts rejects, ICollection<UserMessage> notices)
    {
        using var table = new Table(content, source.Place, Required, Optional);
        var facts = TableRows.Read(table, source, rejects, Fact);
        return FactBatch.Empty with { Meters = facts };
    }

    private static MeterFact Fact(RecordRow row)
    {
        var (meter, word) = (row.Text("meter"), row.Text("scope"));
        if (word.Length > 0 && !Scopes.ContainsKey(word))
        {
            row.Fail(RejectReason.UnknownWord, "scope");
        }

        var (from, to) = (row.RequiredInstant("from"), row.PastInstant("to"));
        if (to is null)
        {
            row.Fail(RejectReason.MissingCell, "to");
        }

        if (to <= from)
        {
            row.Fail(RejectReason.Backwards, "to");
        }

        var energy = (long)Math.Round(row.RequiredNumber("kwh", 0, MostKilowattHours) * MeterFact.PerKilowattHour, MidpointRounding.AwayFromZero);
        return new(meter, Scopes.GetValueOrDefault(word), new(from, to ?? from), energy) { Revision = row.Revision() };
    }
}
