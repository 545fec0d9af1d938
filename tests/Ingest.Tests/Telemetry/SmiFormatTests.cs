using System.Text;
using Headroom.Domain.Messages;
using Headroom.Ingest.Formats.Telemetry;

namespace Headroom.Ingest.Tests.Telemetry;

[TestClass]
public sealed class SmiFormatTests
{
    private static readonly TelemetrySource Shanghai = Parsed.Source with { Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai") };

    [TestMethod]
    [DataRow("timestamp, index, uuid, name, utilization.gpu [%], memory.used [MiB], power.draw [W], temperature.gpu\n2026/03/01 08:00:00.500, 3, GPU-1, NVIDIA A100, 97 %, 32480 MiB, 389.41 W, 61\n", DisplayName = "units")]
    [DataRow("utilization.gpu [%], timestamp, power.draw [W], index, uuid, name, memory.used [MiB], temperature.gpu\r\n97, 2026/03/01 08:00:00.500, 389.41, 3, GPU-1, NVIDIA A100, 32480, 61\r\n", DisplayName = "nounits, other order")]
    public void Parse_NvidiaSmi_IsTheSameWithAndWithoutUnits(string text) =>
        CollectionAssert.AreEqual(new[] { "GPU-1 node01 3 NVIDIA A100 2026-03-01T00:00:00.500Z | 970000 33259520 389410 61000" }, Parsed.Of("nvidia-smi", text, Shanghai).Rows());

    [TestMethod]
    public void Parse_NvidiaSmiWithoutUuid_GoesByBusThenIndexOnTheHost()
    {
        CollectionAssert.AreEqual(new[] { "0000:01:00.0@node01 node01 0  2026-11-21T00:00:00Z | 50000 - - -" }, Parsed.Of("nvidia-smi", "index, pci.bus_id, utilization.gpu [%]\n0, 00000000:01:00.0, 5 %\n").Rows());
        CollectionAssert.AreEqual(new[] { "0@node01 node01 0  2026-11-21T00:00:00Z | 50000 - - -" }, Parsed.Of("nvidia-smi", "index, utilization.gpu [%]\n0, 5 %\n").Rows());
        CollectionAssert.AreEqual(new[] { "page:2 NoDevice card 0" }, Parsed.Of("nvidia-smi", "index, utilization.gpu [%]\n0, 5 %\n", Parsed.Source with { Host = null }).RejectTexts());
    }

    [TestMethod]
    [DataRow("timestamp, uuid, utilization.gpu [%]\n2026/03/01 08:00:00, GPU-1, 5 %\n", MessageCode.ZoneMissing, DisplayName = "no zone")]
    [DataRow("uuid, utilization.gpu [%]\nGPU-1, 5 %\n", MessageCode.TimeMissing, DisplayName = "no time")]
    [DataRow("GPU-1, 5 %\n", MessageCode.ColumnMissing, DisplayName = "no header")]
    public void Parse_NvidiaSmiThatLacks_IsRefused(string text, MessageCode code) =>
        Assert.AreEqual(code, Assert.ThrowsExactly<UserException>(() => Parsed.Of("nvidia-smi", text, Parsed.Source with { At = null })).Messages[0].Code);

    [TestMethod]
    public void Parse_NvidiaSmiEdges_AreTheDocumentedRows()
    {
        var parsed = Parsed.Of("nvidia-smi", Places.Shared("nvidia-smi-nounits-edge.csv"), Shanghai);

        CollectionAssert.AreEqual(
            new[]
            {
                "GPU-604ac76c-d9cf-fef3-62e9-d92044ab6e52 node01 0 NVIDIA A100-SXM4-80GB 2026-09-27T18:50:43Z | 970000 77507584 389410 61000",
                "GPU-f3a2185e-464d-c671-4057-0d056df64b6e node01 1 NVIDIA A100-SXM4-80GB 2026-09-27T18:50:43Z | - 339968 120550 35000",
                "GPU-74f7fe3b-48f2-6d8b-3cb4-e70426fb669c node01 2 Tesla K80 2026-09-27T18:50:43Z | - 11264 - 33000",
                "GPU-0472e0b4-22a5-992d-e99a-b924703a82f7 node01 3 NVIDIA RTX A6000 2026-09-27T18:50:43Z | - 6144 - -",
            },
            parsed.Rows());
        CollectionAssert.AreEqual(
            new[] { "page:5 Sentinel utilization [Unknown Error]", "page:6 Malformed  Unable to determine the device handle for GPU0000:02:00.0: Unknown Error" },
            parsed.RejectTexts());
        Assert.AreEqual((3L, 2L), (parsed.Rejects.Accepted, parsed.Rejects.MissingCells));
    }

    [TestMethod]
    public void Parse_NvidiaSmiReal_IsTheDocumentedRows()
    {
        var bytes = Places.Shared("nvidia-smi.csv");
        Assert.AreEqual("nvidia-smi", TelemetryFormats.Guess(bytes));

        var parsed = Parsed.Of("nvidia-smi", bytes, Shanghai);

        Assert.HasCount(10, parsed.Rows());
        Assert.AreEqual("0@node01 node01 0  2020-11-12T05:48:11.412Z | 990000 31737856 - -", parsed.Rows()[0]);
        Assert.AreEqual(0, parsed.Rejects.Rejected);
    }

    [TestMethod]
    public void Parse_NvidiaSmiSnippets_ReadsEveryTableThatHasUtilization()
    {
        var parsed = Parsed.Of("nvidia-smi", Places.Shared("nvidia-smi-real-snippets.txt"), Shanghai);

        CollectionAssert.AreEqual(
            new[]
            {
                "0@node01 node01 0 NVIDIA H100 80GB HBM3 2026-11-21T00:00:00Z | 0 0 - 29000",
                "0@node01 node01 0  2026-11-21T00:00:00Z | 860000 8038400 863870 70000",
                "1@node01 node01 1  2026-11-21T00:00:00Z | 860000 8038400 871890 69000",
            },
            parsed.Rows());
        CollectionAssert.AreEqual(new[] { "page:13 NoDevice card " }, parsed.RejectTexts(), "a name alone is no device");
    }

    [TestMethod]
    [DataRow("npu-smi-info.txt", 4, 0, "0000:C1:00.0@node01 node01 0 Ascend 910B3 2026-11-21T00:00:00Z | 850000 63087616 331100 66000", DisplayName = "910B")]
    [DataRow("npu-smi-info-910a.txt", 2, 0, "0000:61:00.0@node01 node01 0 Ascend xxx 2026-11-21T00:00:00Z | 0 0 73100 37000", DisplayName = "910A, padded wrongly")]
    [DataRow("npu-smi-info-a3.txt", 3, 0, "0000:9D:00.0@node01 node01 0 Ascend910 2026-11-21T00:00:00Z | 70000 63087616 211300 43000", DisplayName = "A3, two dies")]
    public void Parse_NpuSmiInfo_IsTheDocumentedChips(string file, int chips, int rejected, string first)
    {
        var bytes = Places.Shared(file);
        Assert.AreEqual("npu-smi", TelemetryFormats.Guess(bytes));

        var parsed = Parsed.Of("npu-smi", bytes);

        Assert.HasCount(chips, parsed.Rows());
        Assert.AreEqual(first, parsed.Rows()[0]);
        Assert.AreEqual(((long)chips, (long)rejected), (parsed.Rejects.Accepted, parsed.Rejects.Rejected), string.Join('\n', parsed.RejectTexts()));
    }

    [TestMethod]
    public void Parse_NpuSmiInfoOfTwoDies_TellsThePowerOnce() =>
        Assert.AreEqual("0000:9F:00.0@node01 node01 1 Ascend910 2026-11-21T00:00:00Z | 70000 63104000 - 44000", Parsed.Of("npu-smi", Places.Shared("npu-smi-info-a3.txt")).Rows()[1]);

    [TestMethod]
    [DataRow("npu-smi-usages.txt", "0@node01 node01 0  2026-11-21T00:00:00Z | 0 0 - -", DisplayName = "910A, chip id last")]
    [DataRow("npu-smi-usages-a2.txt", "0@node01 node01 0  2026-11-21T00:00:00Z | 0 3355443 - -", DisplayName = "A2, a better utilization")]
    [DataRow("npu-smi-common.txt", "1@node01 node01 1  2026-11-21T00:00:00Z | 60000 - 130400 46000", DisplayName = "common, the controller is no chip")]
    public void Parse_NpuSmiLists_IsTheDocumentedChip(string file, string row)
    {
        var bytes = Places.Shared(file);
        Assert.AreEqual("npu-smi", TelemetryFormats.Guess(bytes));
        CollectionAssert.AreEqual(new[] { row }, Parsed.Of("npu-smi", bytes).Rows());
    }

    [TestMethod]
    public void Parse_NpuSmiOfOlderChip_HasItsMemoryWithoutHbm()
    {
        const string text = """
            | npu-smi 23.0.0                   Version: 23.0.0            |
            | NPU Name   | Health | Power(W) Temp(C) Hugepages-Usage(page) |
            | Chip Device| Bus-Id | AICore(%) Memory-Usage(MB)            |
            +============+========+=======================================+
            | 1    310P3 | OK     | NA    45   0 / 0                      |
            | 0    0     | 0000:01:00.0 | 12  1702 / 21534                |
            | 0    1     | NA     | NA    45   0 / 0                      |
            | 2    310P3 | OK     | 20    45   0 / 0                      |
            | 0    4     | NA     | 101  1702 / 21534                     |
            | 3    310P3 | OK     | 20    45   0 / 0                      |
            | NPU  Chip  | Process id | Process name | Process memory(MB) |
            | 0    0     | 17     | python | 12 |

            """;

        var parsed = Parsed.Of("npu-smi", text);

        CollectionAssert.AreEqual(
            new[]
            {
                "0000:01:00.0@node01 node01 0 Ascend 310P3 2026-11-21T00:00:00Z | 120000 1742848 - 45000",
                "4@node01 node01 4 Ascend 310P3 2026-11-21T00:00:00Z | - 1742848 20000 45000",
            },
            parsed.Rows());
        CollectionAssert.AreEqual(new[] { "page:7 Malformed  0 1", "page:8 OutOfRange utilization 101", "page:10 Malformed  3 310P3" }, parsed.RejectTexts());
    }

    // Own values in the layout of npu-smi 25.6 and 25.7 for the 950: a column for the name, "NPU Util(%)", a bus that may be NA.
    [TestMethod]
    public void Parse_NpuSmiOf950_HasItsChipsByBusElseByNumber()
    {
        const string text = """
            +--------+------------------+---------------+-----------------------------------------------------+
            | npu-smi 25.7.rc1                                 Version: 25.7.rc1                              |
            +--------+------------------+---------------+-----------------------------------------------------+
            | NPU ID | Name             | Health        | Power(W)    Temp(C)           Hugepages-Usage(page) |
            |        |                  | Bus-Id        | NPU Util(%) Memory-Usage(MB)  HBM-Usage(MB)         |
            +========+==================+===============+=====================================================+
            | 0      | Ascend950PR      | OK            | 205.7       71                0     / 0             |
            |        |                  | 0000:71:00.0  | 97          0    / 0          90633 / 114688        |
            +========+==================+===============+=====================================================+
            | 1      | Ascend950PR      | Alarm         | 190.5       46                0     / 0             |
            |        |                  | NA            | 0           0    / 0          6056  / 114688        |
            +========+==================+===============+=====================================================+
            | 2      | Ascend950PR      | OK            | -           NA                0     / 0             |
            |        |                  | 0000:61:00.0  | 101         0    / 0          6056  / 114688        |
            +========+==================+===============+=====================================================+
            | 3      | Ascend950PR      | OK            | 190.5       46                0     / 0             |
            +----------------+---------------+-------------------------+--------------------------------------+
            | NPU ID         | Process id    | Process name            | Process memory(MB)                   |
            +================+===============+=========================+======================================+
            | 0              | 2066378       | python                  | 360                                  |

            """;

        Assert.AreEqual("npu-smi", TelemetryFormats.Guess(Encoding.UTF8.GetBytes(text)));
        var parsed = Parsed.Of("npu-smi", text);

        CollectionAssert.AreEqual(
            new[]
            {
                "0000:71:00.0@node01 node01 0 Ascend950PR 2026-11-21T00:00:00Z | 970000 92808192 205700 71000",
                "1@node01 node01 1 Ascend950PR 2026-11-21T00:00:00Z | 0 6201344 190500 46000",
                "0000:61:00.0@node01 node01 2 Ascend950PR 2026-11-21T00:00:00Z | - 6201344 - -",
            },
            parsed.Rows());
        CollectionAssert.AreEqual(new[] { "page:13 OutOfRange utilization 101", "page:16 Malformed  3 Ascend950PR" }, parsed.RejectTexts());
    }

    [TestMethod]
    public void Parse_NpuSmiWithoutHostOrTime_IsRefused()
    {
        var bytes = Encoding.UTF8.GetBytes("NPU ID : 0\nAicore Usage Rate(%) : 5\nChip ID : 0\n");
        Assert.AreEqual(MessageCode.TimeMissing, Assert.ThrowsExactly<UserException>(() => Parsed.Of("npu-smi", bytes, Parsed.Source with { At = null })).Messages[0].Code);
        Assert.AreEqual("page:1 NoDevice card 0", Parsed.Of("npu-smi", bytes, Parsed.Source with { Host = null }).RejectTexts().Single());
    }
}
