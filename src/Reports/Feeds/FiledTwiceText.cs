using Headroom.Domain.Ledger;
using Headroom.Reports.Language;

namespace Headroom.Reports.Feeds;

/// <summary>A request in the ledgers of several centers, in a line.</summary>
public static class FiledTwiceText
{
    public static string Of(TextLookup text, FiledTwice set) => text[
        set.IsCertain ? "Requests.Twice.Certain" : "Requests.Twice.Likely",
        set.Counted.Request.Devices,
        string.Join(", ", set.Filings.Select(filing => $"{filing.Center} {filing.Request.RequestId}")),
        set.Counted.Center];
}
