using System.Globalization;
using System.Text.RegularExpressions;
using Headroom.Domain.Time;
using Headroom.Simulation.Pages;
using Headroom.Simulation.Plans;
using static Headroom.Simulation.Tests.SmallCenters;

namespace Headroom.Simulation.Tests.Pages;

[TestClass]
public sealed partial class ExporterPagesTests
{
    private static readonly SimulationPlan Calm = Plan(2.0, days: 1) with { Faults = TelemetryFaults.None, FailuresPerThousandDeviceDays = 0, MaintenanceEveryDays = 0 };

    private static SimulatedCenter Simulated(string model) => Simulator.Run(Center(Pool(Ai, 16, model: model), Pool(Hpc, 4, perHost: 1, model: null, hasGauge: false)), Calm, Catalog);

    [TestMethod]
    [DataRow("Ascend 910A", ExporterDialect.Npu7, "npu_chip_info_utilization", "vdie_id", DisplayName = "npu-exporter 7")]
    [DataRow("Ascend 910A", ExporterDialect.Npu5, "npu_chip_info_utilization", "vdie_id", DisplayName = "npu-exporter 5")]
    [DataRow("A100-SXM4-80GB", ExporterDialect.Dcgm, "DCGM_FI_DEV_GPU_UTIL", "UUID", DisplayName = "dcgm-exporter")]
    public void Page_AtASampleOfTheFile_ShowsTheSameCardsAndValues(string model, ExporterDialect dialect, string metric, string label)
    {
        var simulated = Simulated(model);
        var pages = new ExporterPages(simulated);
        var rows = Rows(TelemetryOf(simulated, Calm.From)).Where(row => row[2] == pages.Hosts[1]).Skip(8 * 700).Take(8).ToList();
        var page = pages.Page(pages.Hosts[1], long.Parse(rows[0][0], CultureInfo.InvariantCulture) * Micros.PerSecond, dialect)!;
        var samples = Samples(page);
        foreach (var row in rows)
        {
            var sample = samples.Single(s => s.Name == metric && s.Labels.GetValueOrDefault(label) == row[1]);
            Assert.AreEqual(row[4], sample.Value);
        }
    }

    [TestMethod]
    public void Page_Npu7_HasItsLabelsAndMilliseconds()
    {
        var pages = new ExporterPages(Simulated("Ascend 910A"));
        var instant = Simulated("Ascend 910A").Window.From + (13 * Micros.PerHour);
        var cards = Samples(pages.Page(pages.Hosts[0], instant)!).Where(s => s.Name == "npu_chip_info_power").ToList();
        Assert.HasCount(8, cards);
        foreach (var card in cards)
        {
            CollectionAssert.AreEqual(new[] { "container_name", "id", "model_name", "namespace", "pcie_bus_info", "pod_name", "vdie_id" }, card.Labels.Keys.ToArray());
            Assert.AreEqual("910A-Ascend-V1", card.Labels["model_name"]);
            Assert.AreEqual(instant / Micros.PerMillisecond, card.Milliseconds!.Value, 100);
            Assert.MatchesRegex(VdieId(), card.Labels["vdie_id"]);
        }

        Assert.Contains(card => card.Labels["pod_name"].StartsWith("job-", StringComparison.Ordinal), cards);
    }

    [TestMethod]
    public void Page_Npu5_HasNoPodLabels()
    {
        var pages = new ExporterPages(Simulated("Ascend 910A"));
        var card = Samples(pages.Page(pages.Hosts[0], Simulated("Ascend 910A").Window.From, ExporterDialect.Npu5)!).First(s => s.Name == "npu_chip_info_temperature");
        CollectionAssert.AreEqual(new[] { "id", "model_name", "pcie_bus_info", "vdie_id" }, card.Labels.Keys.ToArray());
    }

    [TestMethod]
    public void Page_NvidiaCards_AreADcgmPageWithoutTimestamps()
    {
        var simulated = Simulated("A100-SXM4-80GB");
        var pages = new ExporterPages(simulated);
        var samples = Samples(pages.Page(pages.Hosts[0], simulated.Window.From)!);
        Assert.IsTrue(samples.All(s => s.Milliseconds is null && s.Labels["Hostname"] == pages.Hosts[0] && s.Labels["UUID"].StartsWith("GPU-", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Page_UnknownHostOrNodeWithoutGauge_IsNull()
    {
        var simulated = Simulated("Ascend 910A");
        var pages = new ExporterPages(simulated);
        Assert.IsNull(pages.Page("nobody", simulated.Window.From));
        Assert.IsNull(pages.Page(simulated.Fleet.Hosts.First(host => host.Pool == 1).Name, simulated.Window.From));
        Assert.HasCount(2, pages.Hosts);
    }

    [TestMethod]
    public void Page_WhileTheExporterRestarts_IsNull()
    {
        var plan = Calm with { Faults = TelemetryFaults.None with { GapsPerHostDay = 10 } };
        var simulated = Simulator.Run(Center(Pool(Ai, 8)), plan, Catalog);
        var host = simulated.Fleet.Hosts[0];
        Assert.IsNull(new ExporterPages(simulated).Page(host.Name, host.Gaps[0].From));
    }

    private sealed record Sample(string Name, SortedDictionary<string, string> Labels, string Value, long? Milliseconds);

    /// <summary>Every line must be a comment or a sample of text format 0.0.4.</summary>
    private static List<Sample> Samples(string page)
    {
        Assert.EndsWith("\n", page, StringComparison.Ordinal);
        var samples = new List<Sample>();
        foreach (var line in page.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("# ", StringComparison.Ordinal)))
        {
            var match = SampleLine().Match(line);
            Assert.IsTrue(match.Success, line);
            var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (Match label in Label().Matches(match.Groups["labels"].Value))
            {
                labels.Add(label.Groups["name"].Value, label.Groups["value"].Value);
            }

            if (labels.ContainsKey("vdie_id") || labels.ContainsKey("UUID"))
            {
                samples.Add(new(match.Groups["name"].Value, labels, match.Groups["value"].Value, match.Groups["time"].Success ? long.Parse(match.Groups["time"].Value, CultureInfo.InvariantCulture) : null));
            }
        }

        return samples;
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="[^"\\\n]*",?)*)\})? (?<value>-?[0-9.]+)( (?<time>[0-9]{13}))?$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SampleLine();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>[^"]*)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Label();

    [GeneratedRegex("^([0-9A-F]{8}-){4}[0-9A-F]{8}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex VdieId();
}
