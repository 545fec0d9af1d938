using System.Globalization;
using Headroom.Bench.Demand;

// DemandBench replay FOLDER   instances with observed.csv, jobs_observed.csv, truth.csv: how far the estimate is from the truth
// DemandBench paths FOLDER    jobs.csv.gz anywhere below: how often the 80 % band of the sample paths holds demand of the next 20 days
// DemandBench centers [N]     N simulated centers with hidden demand of 60P to 260P on 100P
switch (args)
{
    case ["replay", var folder]:
        return Replays.Run(folder);
    case ["paths", var folder]:
        return Paths.Run(folder);
    case ["centers"]:
        return Centers.Run(20);
    case ["centers", var count] when int.TryParse(count, CultureInfo.InvariantCulture, out var centers) && centers > 0:
        return Centers.Run(centers);
    default:
        Console.Error.WriteLine("usage: DemandBench replay FOLDER | paths FOLDER | centers [N]");
        return 2;
}
