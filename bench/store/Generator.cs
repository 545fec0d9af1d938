using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Ingest.Catalogs;
using Headroom.Simulation;
using Headroom.Simulation.Plans;
using Headroom.Simulation.Records;

namespace Headroom.Bench.Store;

/// <summary>Telemetry of the simulator: 400 cards of one pool, as files. Simulated; nothing of it was measured.</summary>
internal static class Generator
{
    public static readonly DateOnly FirstDay = new(2026, 3, 2);

    public static void Write(string folder, int days, ulong seed, int periodSeconds)
    {
        var root = Root();
        var center = Ingest.Centers.CenterFile.Load(Path.Combine(root, "data", "centers", "wuhan.yaml"));
        var demo = SimulationPlan.Demo(center);
        var plan = demo with { From = FirstDay, TelemetryFrom = null, Opens = false, Until = FirstDay.AddDays(days), Seed = seed, PeriodSeconds = periodSeconds };
        var simulated = Simulator.Run(center, plan, CardCatalogFile.Load(Path.Combine(root, "data", "card-models.csv")));
        SimulationFiles.WriteAsync(simulated, folder, dayWritten: null, CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>The folder that holds data/, found by walking up.</summary>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "data", "card-models.csv")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The repository's data folder is not above the program.");
    }
}
