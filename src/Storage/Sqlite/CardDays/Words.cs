namespace Headroom.Storage.Sqlite.CardDays;

/// <summary>Names by number: pools, models, hosts and tenants repeat in every hour of every card.</summary>
internal sealed class Words
{
    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _texts = [];

    /// <summary>The number of a text; a new one where there is none. Numbers start at 1.</summary>
    public long Number(Session session, string text)
    {
        if (!_numbers.TryGetValue(text, out var number))
        {
            number = (long?)session.Scalar("SELECT id FROM word WHERE text = @1", text) ?? session.Insert("INSERT INTO word (text) VALUES (@1)", text);
            _numbers.Add(text, number);
        }

        return number;
    }

    /// <summary>The text of a number, or null when the table has none.</summary>
    public string? Text(Session session, long number)
    {
        if (!_texts.TryGetValue(number, out var text))
        {
            text = (string?)session.Scalar("SELECT text FROM word WHERE id = @1", number);
            if (text is not null)
            {
                _texts.Add(number, text);
            }
        }

        return text;
    }

    public void Forget()
    {
        _numbers.Clear();
        _texts.Clear();
    }
}
