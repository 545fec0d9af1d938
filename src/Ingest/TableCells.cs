using System.Collections.Immutable;
using System.Globalization;
using Headroom.Domain.Messages;

namespace Headroom.Ingest;

/// <summary>Typed cells of a table that must be right as a whole: each wrong cell becomes a message, and a neutral value.</summary>
internal sealed class TableCells(Table table, ImmutableArray<UserMessage>.Builder problems)
{
    public string Text(string column) => table.Cell(column) ?? Wrong(column, "text", "");

    public string? Optional(string column) => table.Cell(column);

    /// <summary>Null for an empty cell.</summary>
    public double? Positive(string column) => table.Cell(column) switch
    {
        null => null,
        var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1e9 => number,
        _ => Wrong<double?>(column, "> 0", null),
    };

    public DateOnly Day(string column) =>
        DateOnly.TryParseExact(table.Cell(column), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : Wrong(column, "yyyy-MM-dd", DateOnly.MinValue);

    public T Word<T>(string column, params (string Word, T Value)[] words)
    {
        foreach (var (word, value) in words)
        {
            if (word == table.Cell(column))
            {
                return value;
            }
        }

        return Wrong(column, string.Join(" | ", words.Select(pair => pair.Word)), words[0].Value);
    }

    public T Wrong<T>(string column, string expected, T neutral)
    {
        problems.Add(UserMessage.Of(MessageCode.TableValue, table.Place, column, table.Cell(column), expected));
        return neutral;
    }
}
