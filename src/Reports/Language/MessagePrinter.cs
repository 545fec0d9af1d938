using Headroom.Domain.Messages;

namespace Headroom.Reports.Language;

/// <summary>A message in one language and on one line: <c>place: found; expected. What we did. What to do.</c></summary>
public static class MessagePrinter
{
    private static readonly string[] Parts = ["Found", "Expected", "Did", "ToDo"];

    /// <exception cref="FormatException">The message has fewer arguments than its texts refer to.</exception>
    public static string Print(UserMessage message, string language)
    {
        var text = Texts.For(language);
        var arguments = message.Arguments.Cast<object?>().ToArray();
        var sentences = Parts.Select(part => text[$"Message.{message.Code}.{part}", arguments]).Where(sentence => sentence.Length > 0);
        return text["Message.Line", message.Place, string.Join(text["Message.Separator"], sentences)];
    }
}
