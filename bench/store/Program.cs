using System.Globalization;
using Headroom.Bench.Store;

// Figures of the store. What each prints: README.md.
switch (args)
{
    case ["generate", var folder, var days, var seed, .. var rest]:
        Generator.Write(folder, int.Parse(days, CultureInfo.InvariantCulture), ulong.Parse(seed, CultureInfo.InvariantCulture), rest is [var period] ? int.Parse(period, CultureInfo.InvariantCulture) : 15);
        return 0;
    case ["codec", .. var files]:
        CodecFigures.Print(files);
        return 0;
    case ["stream", .. var rest]:
        await StreamFigures.PrintAsync(rest);
        return 0;
    case ["growth", .. var rest] when rest.Length > 0:
        await GrowthFigures.PrintAsync(rest);
        return 0;
    case ["child", var program, .. var arguments]:
        return Child.Run(program, arguments);
    case ["queries", .. var rest] when rest.Length is 6 or 7:
        await QueryFigures.PrintAsync(rest);
        return 0;
    case ["append", .. var rest]:
        await AppendFigures.PrintAsync(rest);
        return 0;
    default:
        Console.Error.WriteLine("generate FOLDER DAYS SEED [PERIOD_S] | codec FILE... | queries DB DAY0 DAY1 FROM UNTIL CARD [QUERY] | growth FOLDER [DAYS] | stream [CARDS] [MINUTES] | child PROGRAM ARG... | append [CARDS] [DAYS] [ROWS]");
        return 2;
}
