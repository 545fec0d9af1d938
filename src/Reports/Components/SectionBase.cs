using Headroom.Reports.Language;
using Microsoft.AspNetCore.Components;

namespace Headroom.Reports.Components;

/// <summary>What every section component is given.</summary>
public abstract class SectionBase<TModel> : ComponentBase
{
    [Parameter]
    [EditorRequired]
    public required TModel Model { get; set; }

    [CascadingParameter]
    public required PageContext Page { get; set; }

    protected TextLookup Text => Page.Text;
}

/// <summary>What is the same for a whole page.</summary>
/// <param name="Simulated">Every chart says so.</param>
public sealed record PageContext(TextLookup Text, bool Simulated)
{
    /// <summary>Where a number is explained: an address that its cell is added to. Null: nowhere, the page is a file.</summary>
    public string? ExplainAt { get; init; }

    /// <summary>Where the section can be asked anew for another date: the address of its page. Null: nowhere, the page is a file.</summary>
    public string? AskAt { get; init; }
}
