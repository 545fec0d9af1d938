using System.Collections.Immutable;
using System.Globalization;
using Headroom.Analytics.Demand;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Records;
using Headroom.Ingest.Formats.Records.Jobs;
using Headroom.Simulation;
using Headroom.Simulation.Plans;
using Headroom.Simulation.Records;

namespace Headroom.Bench.Demand;

/// <summary>Simulated centers of 390 cards of 256 TFLOPS, about 100P, whose hidden demand is known.</summary>
internal static class Centers
{
    private const int Cards = 390;
    private const double TeraflopsPerCard = 256;
    private const double Least = 60;
    private const double Most = 260;

    public static int Run(int count)
    {
        Console.WriteLine("| center | asked P | true P | with jobs | P | bias % | telemetry only | at least P | full hours % |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        var (within, wrong) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var asked = Least + ((Most - Least) * i / Math.Max(1, count - 1));
            var (good, honest) = Print(i + 1, asked);
            within += good ? 1 : 0;
            wrong += honest ? 0 : 1;
        }

        Console.WriteLine($"within 5 %: {within} of {count}; saturated centers with a point estimate from telemetry alone: {wrong}");
        return within >= 0.9 * count && wrong == 0 ? 0 : 1;
    }

    private static (bool Within, bool Honest) Print(int number, double asked)
    {
        var simulated = Simulator.Run(Center(), Plan(number, asked), new CardCatalog([]));
        var (from, until) = (simulated.Window.From, simulated.Window.Until);
        var truth = simulated.Truth.Rows().Where(row => row.Pool == 0).ToList();
        var observed = truth.Select(row => new ObservedHour(row.Hour, Cards, row.Allocated, null)).ToImmutableArray();
        var direct = LatentDemand.Of(new(observed, Episodes.Of(Jobs(simulated), until), until));
        var served = LatentDemand.Of(new(observed, null, until));
        var real = truth.Average(row => row.Demand);
        var bias = direct is DemandAnswer.Estimate estimate ? 100 * ((estimate.Series.Mean / real) - 1) : double.NaN;
        var full = (double)observed.Count(hour => hour.IsFull) / observed.Length;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {number} | {asked:F0} | {Petaflops(real):F1} | {direct.Kind} | {Petaflops(direct.Hourly!.Mean):F1} | {bias:F2} | {served.Kind} | {(served is DemandAnswer.LowerBound bound ? Petaflops(bound.Series.Mean) : double.NaN):F1} | {100 * full:F0} |"));
        return (Math.Abs(bias) <= 5, full == 0 || served is DemandAnswer.LowerBound);
    }

    private static double Petaflops(double cards) => cards * TeraflopsPerCard / 1_000;

    private static ImmutableArray<Domain.Facts.JobFact> Jobs(SimulatedCenter simulated)
    {
        var file = Path.GetTempFileName();
        try
        {
            using (var writer = new StreamWriter(file))
            {
                RecordFiles.WriteJobs(simulated, writer);
            }

            return JobsFile.Read(file, new RecordSource(file, simulated.Window.Until)).Rows;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static SimulationPlan Plan(int number, double petaflops) => new()
    {
        From = new(2022, 3, 1),
        Until = new(2022, 4, 10),
        Seed = (ulong)number,
        Pools = [new(new("ai"), new DemandTarget.InDevices(petaflops * 1_000 / TeraflopsPerCard))],
        Faults = TelemetryFaults.None,
    };

    private static CenterDefinition Center()
    {
        var assumed = new Provenance(Assumed: true, Source: null, Date: null);
        var pool = new PoolDefinition(new("ai"), new("AI", "AI"), Precision.Fp16, null, assumed, null, Cards, 8, HasGauge: true, assumed);
        return CenterDefinition.NewDraft(new("bench")) with { Zone = "Asia/Shanghai", Pools = [pool], Draft = false };
    }
}
