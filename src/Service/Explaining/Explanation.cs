using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Reports.Figures;

namespace Headroom.Service.Explaining;

/// <summary>A printed number down to its rows.</summary>
/// <param name="Report">As its file is named: <c>daily-wuhan-2021-12-18</c>.</param>
/// <param name="Again">Worked out again, along another way than the report's; null: nothing here knows how.</param>
/// <param name="Rows">The card-hours it is made of, by device and hour; empty where it is made of something else, or many were asked for at once.</param>
/// <param name="RowCount">How many rows there are.</param>
/// <param name="Sources">What brought them, with accepted rows.</param>
public sealed record Explanation(
    string Report, Figure Figure, Recounted? Again, ImmutableArray<ExplainedRow> Rows, long RowCount, ImmutableArray<RowSource> Sources)
{
    /// <summary>Worked out again, and equal to what was printed.</summary>
    public bool Agrees => Again?.Agrees(Figure) == true;

    /// <summary>Worked out again, and something else.</summary>
    public bool Differs => Again is not null && !Agrees;
}

public sealed record ExplainedRow(DeviceId Device, CardHour Hour);

/// <summary>Files, targets or senders of one kind.</summary>
public sealed record RowSource(string Source, string Format, long Accepted);
