using System.Globalization;
using System.Text.RegularExpressions;
using Headroom.Domain.Messages;

namespace Headroom.Reports.Language;

/// <summary>A message in one language and on one line: <c>place: what was found. What was expected. What we did. What to do.</c></summary>
/// <remarks>In a text, <c>[ Did you mean {1}?]</c> is left out where the message has no such argument.</remarks>
public static partial class MessagePrinter
{
    /// <summary>No text refers to an argument from here on; those that a sender left out read as nothing.</summary>
    public const int MostArguments = 8;

    private static readonly string[] Parts = ["Found", "Expected", "Did", "ToDo"];

    public static string Print(UserMessage message, string language)
    {
        var text = Texts.For(language);
        var arguments = new object?[Math.Max(MostArguments, message.Arguments.Length)];
        for (var i = 0; i < message.Arguments.Length; i++)
        {
            arguments[i] = message.Arguments[i].ReplaceLineEndings(" ");
        }

        var sentences = Parts
            .Select(part => Fill(text[$"Message.{message.Code}.{part}"], arguments).Trim())
            .Where(sentence => sentence.Length > 0);
        return text["Message.Line", message.Place, string.Join(text["Message.Separator"], sentences)];
    }

    private static string Fill(string template, object?[] arguments)
    {
        bool IsGiven(Match argument) => arguments[int.Parse(argument.ValueSpan[1..^1], CultureInfo.InvariantCulture)] is string { Length: > 0 };
        var kept = OptionalClause().Replace(template, clause => Argument().Matches(clause.Value).All(IsGiven) ? clause.Groups["clause"].Value : "");
        return string.Format(CultureInfo.InvariantCulture, kept, arguments);
    }

    [GeneratedRegex(@"\[(?<clause>[^\[\]]*)\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex OptionalClause();

    [GeneratedRegex(@"\{\d\}", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Argument();
}
