using System.CommandLine;
using Headroom.Reports.Language;

namespace Headroom.Service.Commands;

/// <summary>Options that every command has.</summary>
internal sealed class GlobalOptions
{
    public GlobalOptions(TextLookup text)
    {
        Database = new("--db") { Description = text["Option.Database"], HelpName = "FILE", Recursive = true };
        Json = new("--json") { Description = text["Option.Json"], Recursive = true };
        Language = new("--lang") { Description = text["Option.Language"], HelpName = "zh-CN|en", Recursive = true };
        Language.AcceptOnlyFromAmong("zh-CN", "en");
        AsOf = new("--as-of") { Description = text["Option.AsOf"], HelpName = "T", Recursive = true };
    }

    public Option<string?> Database { get; }

    public Option<bool> Json { get; }

    public Option<string?> Language { get; }

    public Option<string?> AsOf { get; }
}
