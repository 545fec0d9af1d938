using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;

namespace Headroom.Domain.Ledger;

/// <summary>A request in the ledger of one center.</summary>
public sealed record Filing(CenterId Center, RequestFact Request);

/// <summary>One request in the ledgers of several centers, at most one filing of each.</summary>
/// <param name="IsCertain">True: the id and the applicant are the same. False: applicant, size and days are, and it may be two requests.</param>
/// <param name="Filings">The one that counts first: in force before approved before pending before over, then the larger, then by center.</param>
public sealed record FiledTwice(bool IsCertain, ImmutableArray<Filing> Filings)
{
    public Filing Counted => Filings[0];
}

/// <summary>Finds requests that were filed at several centers: demand of a network counts each once where that is certain, and is a range where it is not.</summary>
/// <remarks>
/// The applicant is the applicant's own id where one is given, else the tenant. Certain: one id of one applicant at two centers, wanted at one time: centers number their applications each for itself.
/// Likely: one applicant, one number of devices, and the same first and last day (UTC) that they are wanted. Two alike at one center are two requests,
/// so the n-th of one center is paired with the n-th of another: counted once, no center's own count falls.
/// </remarks>
public static class FiledRequests
{
    /// <summary>Certain ones first, then by id.</summary>
    public static ImmutableArray<FiledTwice> Of(IEnumerable<Filing> filings)
    {
        var all = filings.OrderBy(filing => filing.Center.Value, StringComparer.Ordinal).ThenBy(filing => filing.Request.RequestId, StringComparer.Ordinal).ToList();
        var certain = Sets(all, filing => (filing.Request.RequestId, WhoOf(filing.Request)), isCertain: true);
        var repeats = certain.SelectMany(set => set.Filings.Skip(1)).ToHashSet();
        var likely = Sets(
            all.Where(filing => !repeats.Contains(filing)),
            filing => (WhoOf(filing.Request), filing.Request.Devices, DayOf(filing.Request.Wanted.From), DayOf(filing.Request.WantedTo)),
            isCertain: false);
        return [.. certain, .. likely];
    }

    /// <summary>The requests of one center that count.</summary>
    /// <param name="likely">True: what is likely one request counts once too, which bounds demand from below; false: only what certainly is one, which bounds it from above.</param>
    public static IEnumerable<RequestFact> Counted(IEnumerable<RequestFact> requests, CenterId center, IEnumerable<FiledTwice> twice, bool likely)
    {
        var repeats = twice.Where(set => likely || set.IsCertain).SelectMany(set => set.Filings.Skip(1)).Where(filing => filing.Center == center).Select(filing => filing.Request.RequestId).ToHashSet(StringComparer.Ordinal);
        return requests.Where(request => !repeats.Contains(request.RequestId));
    }

    private static List<FiledTwice> Sets<TKey>(IEnumerable<Filing> filings, Func<Filing, TKey> key, bool isCertain) =>
    [
        .. filings.GroupBy(key)
            .SelectMany(alike => alike.GroupBy(filing => filing.Center).SelectMany(own => own.Index()).GroupBy(numbered => numbered.Index, numbered => numbered.Item))
            .Select(set => set.OrderBy(filing => Rank(filing.Request.State)).ThenByDescending(filing => filing.Request.Devices).ThenBy(filing => filing.Center.Value, StringComparer.Ordinal).ToList())
            .Select(set => new FiledTwice(isCertain, [.. set.Where(filing => filing == set[0] || !isCertain || filing.Request.Wanted.Overlaps(set[0].Request.Wanted))]))
            .Where(set => set.Filings.Length > 1)
            .OrderBy(set => set.Counted.Request.RequestId, StringComparer.Ordinal),
    ];

    private static string WhoOf(RequestFact request) => request.Applicant is { } applicant ? "applicant " + applicant : "tenant " + request.Tenant.Value;

    private static long? DayOf(long? instant) => instant is { } known && known != Instants.Never ? known / Micros.PerDay : null;

    private static int Rank(RequestState state) => state switch
    {
        RequestState.Running => 0,
        RequestState.Approved => 1,
        RequestState.Pending => 2,
        RequestState.Completed => 3,
        _ => 4,
    };
}
