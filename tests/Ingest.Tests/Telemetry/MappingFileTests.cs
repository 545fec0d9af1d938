using System.Buffers;
using System.Text;
using Headroom.Domain.Messages;
using Headroom.Ingest.Formats.Telemetry;
using Headroom.Ingest.Formats.Telemetry.Mapped;

namespace Headroom.Ingest.Tests.Telemetry;

[TestClass]
public sealed class MappingFileTests
{
    [TestMethod]
    public void Load_EveryShippedMapping_IsGood()
    {
        var files = Directory.GetFiles(Places.Data("mappings"), "*.yaml");
        Assert.IsGreaterThanOrEqualTo(2, files.Length);
        foreach (var file in files)
        {
            Assert.AreEqual(Path.GetFileNameWithoutExtension(file), MappingFile.Load(file).Name);
        }
    }

    [TestMethod]
    public void Parse_SpreadsheetWithDecimalCommasAndSerialDates_IsItsRows()
    {
        var parsed = Parse(
            MappingFile.Load(Places.Data("mappings", "spreadsheet-zh.yaml")),
            "采集时间;主机;卡号;型号;利用率;显存;功率;备注\n46082,5;h1;0;Ascend 910A;97,5;31,5;0,31;x\n46082,75;h1;0;Ascend 910A;离线;无;;\n46083;h1;0;;97.5;;;\n2026;h1\n昨天;h1;0;;1;;;\n");

        CollectionAssert.AreEqual(
            new[]
            {
                "0@h1 h1 0 Ascend 910A 2026-03-01T04:00:00Z | 975000 33030144 310000 -",
                "0@h1 h1 0 Ascend 910A 2026-03-01T10:00:00Z | - - - -",
                "0@h1 h1 0  2026-03-01T16:00:00Z | - - - -",
            },
            parsed.Rows());
        CollectionAssert.AreEqual(new[] { "page:4 NotANumber utilization ?97.5", "page:5 Malformed  2026;h1", "page:6 BadTime 采集时间 昨天" }, parsed.RejectTexts());
        Assert.Contains("备注", parsed.Rejects.IgnoredColumns);
    }

    [TestMethod]
    public void Parse_ExporterOfItsOwn_IsItsGauges() =>
        CollectionAssert.AreEqual(
            new[] { "0000:01:00.0@node01 node01 0000:01:00.0  2026-11-21T00:00:00Z | 250000 1048576 200500 -" },
            Parse(
                MappingFile.Load(Places.Data("mappings", "intel-xpumanager.yaml")),
                "hw_gpu_utilization_ratio{pci_bdf=\"0000:01:00.0\"} 0.25\nhw_power_watts{pci_bdf=\"0000:01:00.0\"} 200.5\nhw_memory_usage_bytes{pci_bdf=\"0000:01:00.0\"} 1073741824\n").Rows());

    [TestMethod]
    public void Parse_TableWithQuotesAndRatio_IsItsRows() =>
        CollectionAssert.AreEqual(
            new[] { "a,b node01   2026-03-01T08:05:00Z | 500000 - - -" },
            Parse(
                MappingFile.Parse("mapping: m\nkind: table\nzone: UTC\ntime: at\ncard: id\ngauges: [{gauge: utilization, column: u, unit: ratio}]\n", "m.yaml"),
                "AT,id,u\n2026/3/1 8:05,\"a,b\",0.5\n").Rows());

    [TestMethod]
    public void Parse_WrongMapping_TellsEveryProblem()
    {
        var problems = Assert.ThrowsExactly<UserException>(() => MappingFile.Parse(
            "mapping: m\nkind: table\nseparator: x\nzone: Mars\ntime: at\ncolour: red\ngauges: [{gauge: utilization, column: u, unit: bananas}]\n", "m.yaml")).Messages;
        CollectionAssert.AreEquivalent(
            new[] { "m.yaml:6:1 CenterFileKey", "m.yaml:3:12 CenterFileValue", "m.yaml:4:7 CenterFileValue", "m.yaml:1:1 CenterFileValue", "m.yaml:7:48 CenterFileValue" },
            problems.Select(problem => $"{problem.Place} {problem.Code}").ToArray());
    }

    [TestMethod]
    public void Parse_TableWithoutAColumn_SaysWhich()
    {
        var mapping = MappingFile.Load(Places.Data("mappings", "spreadsheet-zh.yaml"));
        var problem = Assert.ThrowsExactly<UserException>(() => Parse(mapping, "时间;卡号\n")).Messages[0];
        Assert.AreEqual((MessageCode.ColumnMissing, "采集时间, 利用率"), (problem.Code, problem.Arguments[0]));
    }

    private static Parsed Parse(TelemetryMapping mapping, string text)
    {
        var parsed = new Parsed();
        mapping.Create(Parsed.Source).Parse(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text)), last: true, parsed.Batch, parsed.Rejects);
        return parsed;
    }
}
