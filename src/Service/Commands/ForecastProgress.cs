using Headroom.Reports.Language;

namespace Headroom.Service.Commands;

/// <summary>Tells a person on stderr how many of many series are forecast: on a terminal over the line before, else a line for each tenth.</summary>
internal sealed class ForecastProgress(CommandContext context, TextLookup text, int of)
{
    private const int WorthTelling = 100;
    private const int Lines = 10;
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private readonly Lock _gate = new();
    private int _done;

    /// <summary>One more; from any thread.</summary>
    public void Done()
    {
        lock (_gate)
        {
            _done++;
            if (of < WorthTelling || _done % Math.Max(1, of / (_terminal ? WorthTelling : Lines)) != 0)
            {
                return;
            }

            if (_terminal)
            {
                context.Errors.Write($"\r{text["Forecast.Progress", _done, of]}{(_done == of ? Environment.NewLine : "")}");
            }
            else
            {
                context.Say(text["Forecast.Progress", _done, of]);
            }
        }
    }
}
