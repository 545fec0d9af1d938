using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Ledger;
using Headroom.Domain.Time;
using Headroom.Storage;

namespace Headroom.Service.Composition;

/// <summary>Demand of all centers together at one precision, firm demand alone. Unit: devices.</summary>
/// <param name="Low">Where requests that are likely one count once.</param>
/// <param name="High">Where only those that certainly are one do.</param>
internal sealed record NetworkLine(Precision Precision, LedgerAmounts Low, LedgerAmounts High);

/// <summary>What is asked of all centers of a store at an instant: a request that was filed at several of them is one request.</summary>
internal sealed record NetworkDemand(long At, ImmutableArray<CenterId> Centers, ImmutableArray<NetworkLine> Lines, ImmutableArray<FiledTwice> Twice)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<NetworkDemand> ReadAsync(IStore store, IReadOnlyList<CenterDefinition> centers, long at, long asOf, CancellationToken cancellationToken)
    {
        var facts = new List<(CenterDefinition Center, CenterFacts Facts)>();
        foreach (var center in centers)
        {
            facts.Add((center, await store.ReadFactsAsync(center.Id, asOf, cancellationToken)));
        }

        var filings = facts.SelectMany(entry => entry.Facts.Requests.Where(request => request.Submitted < at).Select(request => new Filing(entry.Center.Id, request.KnownBy(at)))).ToList();
        var twice = FiledRequests.Of(filings);
        var (low, high) = (Sums(likely: true), Sums(likely: false));
        return new(at, [.. centers.Select(center => center.Id)], [.. high.Select(pair => new NetworkLine(pair.Key, low.GetValueOrDefault(pair.Key), pair.Value))], twice);

        SortedDictionary<Precision, LedgerAmounts> Sums(bool likely)
        {
            var sums = new SortedDictionary<Precision, LedgerAmounts>();
            foreach (var (center, own) in facts)
            {
                var jobs = own.Jobs.Where(job => job.Submitted < at).Select(job => job.KnownBy(at));
                var requests = filings.Where(filing => filing.Center == center.Id).Select(filing => filing.Request);
                var ledger = DemandLedger.Of(jobs, FiledRequests.Counted(requests, center.Id, twice, likely), center.FallbackPool);
                foreach (var line in ledger.At(at).Where(line => !line.Account.Preemptible))
                {
                    var precision = center.PrecisionOf(line.Account.Pool);
                    sums[precision] = sums.GetValueOrDefault(precision) + line.Amounts;
                }
            }

            return sums;
        }
    }

    /// <summary>One line per precision and place in the ledger.</summary>
    public IEnumerable<(Precision Precision, string Part, long Low, long High)> Parts() => Lines.SelectMany(line => new (Precision, string, long, long)[]
    {
        (line.Precision, "served", line.Low.Served, line.High.Served),
        (line.Precision, "queued", line.Low.Queued, line.High.Queued),
        (line.Precision, "reserved", line.Low.Reserved, line.High.Reserved),
        (line.Precision, "rejected", line.Low.Rejected, line.High.Rejected),
        (line.Precision, "total", line.Low.Total, line.High.Total),
    });

    public object Machine() => new
    {
        at = Instants.ToText(At),
        centers = Centers.Select(center => center.Value),
        unit = "devices",
        parts = Parts().Select(part => new { precision = part.Precision.ToString().ToLowerInvariant(), part = part.Part, low = part.Low, high = part.High }),
        filed_twice = Twice.Select(MachineOf),
    };

    public static object MachineOf(FiledTwice set) => new
    {
        certain = set.IsCertain,
        devices = set.Counted.Request.Devices,
        counted_at = set.Counted.Center.Value,
        filings = set.Filings.Select(filing => new { center = filing.Center.Value, request_id = filing.Request.RequestId, tenant = filing.Request.Tenant.Value, devices = filing.Request.Devices, state = filing.Request.State.ToString().ToUpperInvariant() }),
    };

    /// <summary>CSV: <c>precision,part,low,high</c>.</summary>
    public void WriteParts(TextWriter writer)
    {
        writer.Write("precision,part,low,high\n");
        foreach (var (precision, part, low, high) in Parts())
        {
            writer.Write(FormattableString.Invariant($"{precision.ToString().ToLowerInvariant()},{part},{low},{high}\n"));
        }
    }

    public void WriteAnswer(TextWriter writer) => writer.Write(JsonSerializer.Serialize(Machine(), Json) + "\n");
}
