using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections;

/// <summary>What a section says, in no language yet. Pure: made from the report's input and nothing else.</summary>
public interface ISectionModel
{
    /// <summary>Every number the section prints, in order.</summary>
    IEnumerable<Figure> Figures { get; }
}

/// <summary>A part of the daily report: its model and the component that shows it.</summary>
/// <param name="Name">The name of its folder; its title is the text <c>NAME.Title</c>.</param>
/// <param name="Component">Takes the model as the parameter <c>Model</c>.</param>
public sealed record ReportSection(string Name, Func<Daily.DailyReportInput, ISectionModel> Build, Type Component);
