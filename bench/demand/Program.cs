using System.Globalization;
using Headroom.Bench.Demand;

// DemandBench replay FOLDER   instances with observed.csv, jobs_observed.csv, truth.csv: how far the estimate is from the truth
// DemandBench harness FOLDER [ROUNDS] [PART]   every family (whose name has PART) on the job logs of FOLDER and made-up ones
// DemandBench accuracy FOLDER FILE             the same with four rounds, kinds and replays, into FILE
// DemandBench kinds           whether the kind of answer is the right one, 200 centers a case
// DemandBench speed [JOBS...] a year of hours and 100,000 jobs, and up to 5 million jobs
// DemandBench paths FOLDER    jobs.csv.gz anywhere below: what the 80 % bands of the two kinds of sample paths hold of the next 28 days, and of dates of saturation
// DemandBench centers [N]     N simulated centers with hidden demand of 60P to 260P on 100P
switch (args)
{
    case ["replay", var folder]:
        return Replays.Run(folder);
    case ["harness", var folder]:
        Harness.Run(folder, 2, "");
        return 0;
    case ["harness", var folder, var rounds]:
        Harness.Run(folder, int.Parse(rounds, CultureInfo.InvariantCulture), "");
        return 0;
    case ["harness", var folder, var rounds, var part]:
        Harness.Run(folder, int.Parse(rounds, CultureInfo.InvariantCulture), part);
        return 0;
    case ["accuracy", var folder, var file]:
        Accuracy.Write(folder, file);
        return 0;
    case ["kinds"]:
        return Kinds.Run();
    case ["speed"]:
        return Speed.Run(100_000, 100_000, 500_000, 1_000_000, 2_000_000, 5_000_000);
    case ["speed", .. var counts]:
        return Speed.Run([.. counts.Select(count => int.Parse(count, CultureInfo.InvariantCulture))]);
    case ["paths", var folder]:
        return Paths.Run(folder);
    case ["centers"]:
        return Centers.Run(20);
    case ["centers", var count] when int.TryParse(count, CultureInfo.InvariantCulture, out var centers) && centers > 0:
        return Centers.Run(centers);
    default:
        Console.Error.WriteLine("usage: DemandBench replay FOLDER | harness FOLDER [ROUNDS] [PART] | accuracy FOLDER FILE | kinds | speed [JOBS...] | paths FOLDER | centers [N]");
        return 2;
}
