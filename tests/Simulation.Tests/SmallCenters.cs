using System.Globalization;
using Headroom.Domain.Centers;
using Headroom.Domain.Devices;
using Headroom.Simulation.Plans;

namespace Headroom.Simulation.Tests;

/// <summary>Centers small enough to recount by brute force.</summary>
internal static class SmallCenters
{
    public static readonly PoolId Ai = new("ai");
    public static readonly PoolId Hpc = new("hpc");

    public static readonly CardCatalog Catalog = new(
    [
        new("Huawei", "Ascend 910A", ["910A"], DeviceKind.Card, 256_000_000, null, 32_768, 310_000, 1, "made up for tests", new(2021, 1, 1), true),
        new("NVIDIA", "A100-SXM4-80GB", [], DeviceKind.Card, 312_000_000, 9_700_000, 81_920, 400_000, 1, "made up for tests", new(2021, 1, 1), true),
    ]);

    public static PoolDefinition Pool(PoolId id, int? devices, int perHost = 8, string? model = "Ascend 910A", bool hasGauge = true, double? nameplate = null) =>
        new(id, new(id.Value, id.Value), hasGauge ? Precision.Fp16 : Precision.Fp64, nameplate, Assumed, model, devices, perHost, hasGauge, Assumed);

    public static CenterDefinition Center(params PoolDefinition[] pools) => Center("Asia/Shanghai", pools);

    public static CenterDefinition Center(string zone, params PoolDefinition[] pools) =>
        new(new("small"), new("Small", "小"), zone, null, 60_000_000, [.. pools], [], [], [], [], [], Draft: false);

    public static SimulationPlan Plan(double ratio = 1.5, int days = 4, ulong seed = 7) => new()
    {
        From = new(2021, 11, 15),
        Until = new DateOnly(2021, 11, 15).AddDays(days),
        Seed = seed,
        Pools = [new(Ai, new DemandTarget.OfCapacity(ratio)), new(Hpc, new DemandTarget.OfCapacity(0.7))],
        WarmUpDays = 7,
    };

    public static string Text(Action<TextWriter> write)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        write(writer);
        return writer.ToString();
    }

    /// <summary>The rows of a file without its header, split at commas: nothing here is quoted.</summary>
    public static List<string[]> Rows(string csv) => [.. csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','))];

    public static string TelemetryOf(SimulatedCenter simulated, DateOnly day)
    {
        using var reader = new StreamReader(simulated.OpenTelemetry(day));
        return reader.ReadToEnd();
    }

    private static Provenance Assumed => new(true, null, null);
}
