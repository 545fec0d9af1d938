using System.Collections.Immutable;
using Headroom.Reports.Figures;

namespace Headroom.Reports.Daily;

/// <summary>Which issue of a report this is, and what it says otherwise than the one before. What was issued never changes.</summary>
/// <param name="Number">1: the first.</param>
/// <param name="Changes">Numbers that are not those of the issue before, in the order of printing; empty for the first.</param>
/// <param name="Since">What came in after the issue before was made.</param>
public sealed record ReportIssue(int Number, ImmutableArray<CellChange> Changes, ImmutableArray<ArrivedSince> Since);

/// <param name="Old">Null: the issue before had no such number.</param>
/// <param name="New">Null: it is gone.</param>
public sealed record CellChange(string Cell, Figure? Old, Figure? New);

/// <param name="Source">Files, targets or senders of one kind.</param>
/// <param name="Rows">Accepted rows, duplicates included.</param>
public sealed record ArrivedSince(string Source, string Format, long Rows);
