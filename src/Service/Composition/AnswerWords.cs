using System.Text.Json;

namespace Headroom.Service.Composition;

/// <summary>Words of answers in machine output: <c>LowerBound</c> reads <c>lower_bound</c>, in every language.</summary>
internal static class AnswerWords
{
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
