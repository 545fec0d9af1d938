using Headroom.Analytics.Forecasting;
using Headroom.ForecastBench;

// validate [SET...]   the catalog on origins inside the training part; what configurations are chosen by
// members  [SET...]   each forecaster alone, the same way
// truth    [SET...]   the catalog on the continuation that was held back; once, when the configuration is frozen
// cost     [SET...]   what each forecaster takes, in milliseconds per series
// traces              rolling origins on the traces of real clusters
// speed               headroom forecast on 100 to 10,000 hourly series
// accuracy FILE.md    all of it, as docs/accuracy.md has it
if (args.Length == 0 || args[0] is not ("validate" or "members" or "truth" or "cost" or "traces" or "speed" or "accuracy") || (args[0] == "accuracy" && args.Length != 2))
{
    Console.Error.WriteLine("usage: ForecastBench validate|members|truth|cost [SET...] | traces | speed | accuracy FILE.md");
    return 2;
}

switch (args[0])
{
    case "traces":
        foreach (var row in Backtest.Run())
        {
            Console.WriteLine(AccuracyReport.Line(row));
        }

        break;
    case "speed":
        foreach (var row in Speed.Run())
        {
            Console.WriteLine(AccuracyReport.Line(row));
        }

        break;
    case "cost":
        foreach (var set in SeriesSet.All.Where(s => args.Length == 1 || args.Skip(1).Contains(s.Name)))
        {
            Console.WriteLine($"{set.Name,-28} {"past",9} {"ahead",9} {"both",9}");
            foreach (var row in Cost.Of(set))
            {
                Console.WriteLine(row);
            }
        }

        break;
    case "accuracy":
        var earlier = File.Exists(args[1]) ? File.ReadAllText(args[1]) : "";
        File.WriteAllText(args[1], AccuracyReport.WithTablesOf(earlier, AccuracyReport.Write(line => Console.Error.WriteLine(line))));
        break;
    default:
        Console.WriteLine(Validation.Header);
        foreach (var set in SeriesSet.All.Where(s => args.Length == 1 || args.Skip(1).Contains(s.Name)))
        {
            var cases = args[0] == "truth" ? Validation.Held(set) : Validation.Inside(set);
            foreach (var forecaster in ForecasterCatalog.Default.Forecasters.Where(_ => args[0] == "members"))
            {
                Console.WriteLine(Validation.Of(set, forecaster.Name, cases, new([forecaster])));
            }

            Console.WriteLine(Validation.Of(set, "catalog", cases, ForecasterCatalog.Default));
        }

        break;
}

return 0;
