using Headroom.Analytics.Forecasting;
using Headroom.ForecastBench;

// validate [SET...]   the catalog on origins inside the training part; what configurations are chosen by
// members  [SET...]   each forecaster alone, the same way
// truth    [SET...]   the catalog on the continuation that was held back; once, at the end
if (args.Length == 0 || args[0] is not ("validate" or "members" or "truth"))
{
    Console.Error.WriteLine("usage: ForecastBench validate|members|truth [SET...]");
    return 2;
}

Console.WriteLine(Validation.Header);
foreach (var set in SeriesSet.All.Where(s => args.Length == 1 || args.Skip(1).Contains(s.Name)))
{
    var cases = args[0] == "truth" ? Validation.Held(set) : Validation.Inside(set);
    foreach (var forecaster in ForecasterCatalog.Default.Forecasters.Where(_ => args[0] == "members"))
    {
        Console.WriteLine(Validation.Line(set, forecaster.Name, cases, new([forecaster])));
    }

    Console.WriteLine(Validation.Line(set, "catalog", cases, ForecasterCatalog.Default));
}

return 0;
