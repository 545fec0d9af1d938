using System.Collections.Immutable;
using Headroom.Domain.Centers;
using Headroom.Reports.Audits;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.Claims;

/// <summary>What was said in public of the center; words with their date and source, not our numbers.</summary>
/// <param name="Claims">Newest first.</param>
public sealed record ClaimsModel(ImmutableArray<PublishedClaim> Claims) : ISectionModel
{
    /// <summary>Those that were audited; empty: none was asked for.</summary>
    public ImmutableArray<ClaimAudit> Audits { get; init; } = [];

    public IEnumerable<Figure> Figures => [];

    public ClaimAudit? AuditOf(PublishedClaim claim) => Audits.FirstOrDefault(audit => audit.Claim == claim);

    public static ClaimsModel Of(DailyReportInput input) => new([.. input.Center.Claims.OrderByDescending(claim => claim.Date)]);
}
