using Headroom.Reports.Figures;

namespace Headroom.Reports.Sections;

/// <summary>What a section says, in no language yet. Pure: made from the report's input and nothing else.</summary>
public interface ISectionModel
{
    /// <summary>Every number the section prints, in order.</summary>
    IEnumerable<Figure> Figures { get; }
}

/// <summary>A part of a report: its model and the component that shows it.</summary>
/// <typeparam name="TInput">What the report is made of.</typeparam>
/// <param name="Name">The name of its folder; its title is the text <c>NAME.Title</c>.</param>
/// <param name="Component">Takes the model as the parameter <c>Model</c>.</param>
public sealed record ReportSection<TInput>(string Name, Func<TInput, ISectionModel> Build, Type Component)
{
    public SectionPart Part(TInput input) => new(Name, Component, Build(input));
}

/// <summary>A section of one report, built.</summary>
public sealed record SectionPart(string Name, Type Component, ISectionModel Model);
