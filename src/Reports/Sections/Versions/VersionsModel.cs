using Headroom.Reports.Daily;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections.Versions;

/// <summary>Which issue of the report this is. Its numbers are those of other sections, now and before.</summary>
public sealed record VersionsModel(ReportIssue Issue) : ISectionModel
{
    /// <summary>Changes printed; more are counted.</summary>
    public const int MostChanges = 200;

    public IEnumerable<Figure> Figures => [];

    public IEnumerable<CellChange> Shown => Issue.Changes.Take(MostChanges);

    public int NotShown => Math.Max(0, Issue.Changes.Length - MostChanges);
}
