using System.Globalization;
using Headroom.Domain.Devices;
using Headroom.Reports.Language;
using Headroom.Service.Composition;

namespace Headroom.Service.Commands;

/// <summary>Tells a person on stderr: on a terminal each day over the one before, else a line a week.</summary>
internal sealed class DemoProgress(CommandContext context, TextLookup text) : IDemoProgress
{
    private const int DaysPerLine = 7;
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private int _days;
    private long _rows;

    public void Simulating(CenterId center, int days, DateOnly from)
    {
        (_days, _rows) = (0, 0);
        context.Say(text["Demo.Simulating", center, days, Iso(from)]);
    }

    public void Day(CenterId center, DateOnly day, long rows)
    {
        _rows += rows;
        var line = text["Demo.Day", center, Iso(day), _rows.ToString("N0", CultureInfo.InvariantCulture)];
        if (_terminal)
        {
            context.Errors.Write($"\r{line}");
        }
        else if (++_days % DaysPerLine == 0)
        {
            context.Say(line);
        }
    }

    public void Accounting(CenterId center)
    {
        if (_terminal)
        {
            context.Say("");
        }

        context.Say(text["Demo.Accounting", center]);
    }

    public void Reporting(CenterId center) => context.Say(text["Demo.Reporting", center]);

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
