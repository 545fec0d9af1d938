using System.Globalization;
using Headroom.Bench.Ingest;

// Figures of ingest. What each prints: README.md.
switch (args)
{
    case ["parse"]:
        await ParseFigures.PrintAsync();
        return 0;
    case ["write", .. var rest]:
        await WriteFigures.PrintAsync(rest is [var cards] ? int.Parse(cards, CultureInfo.InvariantCulture) : 2_500);
        return 0;
    default:
        Console.Error.WriteLine("parse | write [CARDS]");
        return 2;
}
