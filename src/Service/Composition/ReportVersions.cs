using System.Collections.Immutable;
using System.Text.Json;
using Headroom.Domain.Devices;
using Headroom.Domain.Metrics;
using Headroom.Reports.Daily;
using Headroom.Reports.Figures;
using Headroom.Reports.Language;
using Headroom.Storage;

namespace Headroom.Service.Composition;

/// <summary>Keeps what reports said, issue by issue, and tells what a later issue says otherwise.</summary>
internal sealed class ReportVersions(IStore store)
{
    // What was received so far grows without a report being wrong; forecasts are issues of their own.
    private static readonly ImmutableHashSet<string> Bookkeeping =
    [
        MetricCatalog.Received.Id.Name, MetricCatalog.Accepted.Id.Name, MetricCatalog.Rejected.Id.Name, MetricCatalog.Duplicates.Id.Name, MetricCatalog.Conflicts.Id.Name,
    ];

    /// <summary>The report as the issue it is. A period that still runs has none.</summary>
    /// <param name="asOf">Issues kept by then count.</param>
    /// <param name="mayKeep">False: a new issue is told apart, but not kept.</param>
    public async Task<DailyReportModel> IssueAsync(DailyReportModel report, long asOf, bool mayKeep, CancellationToken cancellationToken)
    {
        if (report.Until is not null)
        {
            return report;
        }

        var issues = await ReadAsync(report, asOf, cancellationToken);
        var cells = Kept(report);
        if (issues.Count > 0 && Changes(issues[^1].Cells, cells, report).IsEmpty)
        {
            var before = issues.Count > 1 ? issues[^2] : null;
            return report.As(new(
                issues.Count,
                before is null ? [] : Changes(before.Cells, cells, report),
                before is null ? [] : await SinceAsync(report.Center, before.Recorded, issues[^1].Recorded, cancellationToken)));
        }

        var recorded = (await store.ReadReceivedAsync(report.Center, asOf, cancellationToken)).Select(note => note.Recorded).DefaultIfEmpty(long.MinValue).Max();
        if (mayKeep)
        {
            await store.KeepIssuedAsync(report.Center, KeyOf(report, issues.Count + 1), JsonSerializer.Serialize(new Issue(recorded, cells)), cancellationToken);
        }

        return report.As(issues.Count == 0
            ? new(1, [], [])
            : new(issues.Count + 1, Changes(issues[^1].Cells, cells, report), await SinceAsync(report.Center, issues[^1].Recorded, recorded, cancellationToken)));
    }

    private static string KeyOf(DailyReportModel report, int number) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"report/{report.Period.Word}/{Dates.Iso(report.Day)}/{number}");

    private async Task<List<Issue>> ReadAsync(DailyReportModel report, long asOf, CancellationToken cancellationToken)
    {
        var issues = new List<Issue>();
        while (await store.FindIssuedAsync(report.Center, KeyOf(report, issues.Count + 1), asOf, cancellationToken) is { } content)
        {
            issues.Add(JsonSerializer.Deserialize<Issue>(content)!);
        }

        return issues;
    }

    private static ImmutableArray<KeptCell> Kept(DailyReportModel report) =>
    [
        .. report.Cells
            .Where(figure => !Bookkeeping.Contains(figure.Metric.Name) && !figure.Cell.StartsWith("forecast.", StringComparison.Ordinal))
            .Select(figure => new KeptCell(figure.Cell, figure.Metric, figure.Unit, figure.Value, figure.Low, figure.High, figure.Gap)),
    ];

    private static ImmutableArray<CellChange> Changes(ImmutableArray<KeptCell> before, ImmutableArray<KeptCell> now, DailyReportModel report)
    {
        var (old, named) = (before.ToDictionary(cell => cell.Cell, StringComparer.Ordinal), now.Select(cell => cell.Cell).ToHashSet(StringComparer.Ordinal));
        return
        [
            .. now.Where(cell => !cell.Equals(old.GetValueOrDefault(cell.Cell))).Select(cell => new CellChange(cell.Cell, old.GetValueOrDefault(cell.Cell)?.Figure(report), cell.Figure(report))),
            .. before.Where(cell => !named.Contains(cell.Cell)).Select(cell => new CellChange(cell.Cell, cell.Figure(report), null)),
        ];
    }

    // What the later issue had received and the earlier one had not, source by source.
    private async Task<ImmutableArray<ArrivedSince>> SinceAsync(CenterId center, long before, long until, CancellationToken cancellationToken)
    {
        var (earlier, later) = (await AcceptedAsync(center, before, cancellationToken), await AcceptedAsync(center, until, cancellationToken));
        return
        [
            .. later
                .Select(entry => new ArrivedSince(entry.Key.Source, entry.Key.Format, entry.Value - earlier.GetValueOrDefault(entry.Key)))
                .Where(entry => entry.Rows > 0)
                .OrderByDescending(entry => entry.Rows)
                .ThenBy(entry => entry.Source, StringComparer.Ordinal),
        ];
    }

    private async Task<Dictionary<(string Source, string Format), long>> AcceptedAsync(CenterId center, long asOf, CancellationToken cancellationToken) =>
        (await store.ReadReceivedAsync(center, asOf, cancellationToken))
            .GroupBy(note => (SourceKind.Of(note.Source), note.Format))
            .ToDictionary(group => group.Key, group => group.Sum(note => note.Accepted));

    /// <param name="Recorded">Of the newest batch in the store when it was made.</param>
    private sealed record Issue(long Recorded, ImmutableArray<KeptCell> Cells);

    private sealed record KeptCell(string Cell, MetricId Metric, MetricUnit Unit, double? Value, double? Low, double? High, FigureGap Gap)
    {
        public Figure Figure(DailyReportModel report) =>
            new(Cell, Metric, Unit, new(report.Center), default, Domain.Time.Instants.Never, Value, null, Low, High, null, null, Gap);
    }
}
