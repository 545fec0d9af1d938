using System.Globalization;
using Headroom.Domain.Messages;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Headroom.Ingest.Centers;

/// <summary>The YAML under center and mapping files: one document, not nested beyond reason.</summary>
internal static class CenterYaml
{
    private const int DeepestNesting = 64;

    /// <summary>The one document of a text.</summary>
    /// <exception cref="UserException">It is not YAML, or not one document.</exception>
    public static YamlNode Root(string text, string file)
    {
        try
        {
            RefuseDepth(text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count == 1
                ? stream.Documents[0].RootNode
                : throw new UserException(UserMessage.Of(MessageCode.CenterFileSyntax, file, "--- x " + stream.Documents.Count.ToString(CultureInfo.InvariantCulture)));
        }
        catch (YamlException problem)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{file}:{problem.Start.Line}:{problem.Start.Column}");
            throw new UserException(UserMessage.Of(MessageCode.CenterFileSyntax, place, problem.InnerException?.Message ?? problem.Message), problem);
        }
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException)
        {
            // The scanner meets some broken texts with exceptions of its own mistakes, and those carry no place.
            throw new UserException(UserMessage.Of(MessageCode.CenterFileSyntax, file, problem.Message), problem);
        }
    }

    // The loader recurses and the event reader does not: a text nested deep enough would end the process.
    private static void RefuseDepth(string text)
    {
        var events = new Parser(new StringReader(text));
        for (var depth = 0; events.MoveNext();)
        {
            depth += events.Current!.NestingIncrease;
            if (depth > DeepestNesting)
            {
                throw new YamlException(events.Current.Start, events.Current.End, $"> {DeepestNesting} x [ {{");
            }
        }
    }
}
