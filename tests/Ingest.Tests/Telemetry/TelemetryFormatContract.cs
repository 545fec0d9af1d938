using System.Text;
using Headroom.Domain.Messages;
using Headroom.Ingest.Formats.Telemetry;

namespace Headroom.Ingest.Tests.Telemetry;

/// <summary>What every telemetry format keeps to. A new format is one line in <see cref="Formats"/>.</summary>
[TestClass]
public sealed class TelemetryFormatContract
{
    private static readonly TelemetrySource Source = Parsed.Source with { Zone = TimeZoneInfo.Utc };

    /// <summary>A format and a page of it with good, broken and rejected rows.</summary>
    public static IEnumerable<object[]> Formats =>
    [
        ["csv", "timestamp,card,host,partition,utilization,power_w\n2026-03-01T00:00:15Z,c1,h,p,50,100.5\n1772323215000,\"c,2\",h,,255,\r\nbroken\n2026-03-01 00:00:30,c1,h,p,,9\n"],
        ["dcgm-exporter", "# HELP x\nDCGM_FI_DEV_GPU_UTIL{gpu=\"0\",UUID=\"GPU-0\",pod=\"a\\\"b\"} 5\nDCGM_FI_DEV_GPU_UTIL{UUID=\"GPU-1\"} 777\nbad{\nDCGM_FI_PROF_GR_ENGINE_ACTIVE{UUID=\"GPU-2\",GPU_I_ID=\"1\",GPU_I_PROFILE=\"3g.40gb\"} 0.5\n"],
        ["npu-exporter", "npu_chip_info_utilization{id=\"0\",vdie_id=\"A B\"} 5 1723621883587\nnpu_chip_info_utilization{id=\"1\"} -1 1723621883587\nnpu_chip_info_power{id=\"0\",vdie_id=\"A B\"} x\nvnpu_pod_aicore_utilization{aicore_count=\"2.00\",id=\"0\",model_name=\"310P3-Ascend-V1\",v_dev_id=\"1\"} 7 1723621883587\n"],
        ["amd-exporter", "gpu_gfx_activity{gpu_id=\"0\",serial_number=\"S1\",hostname=\"n\"} 30\ngpu_gfx_activity{gpu_id=\"1\",serial_number=\"S2\",hostname=\"n\"} 101\n"],
        ["mlu-exporter", "mlu_utilization{mlu=\"0\",uuid=\"U\",node=\"n\"} 30\nmlu_memory_used{uuid=\"U\"} 1e9\nbroken\n"],
        ["nvidia-smi", "timestamp, index, uuid, utilization.gpu [%], power.draw [W]\n2026/03/01 08:00:00, 0, GPU-0, 5 %, 100.5 W\n2026/03/01 08:00:00, 1, GPU-1, [Unknown Error], [N/A]\nUnable to determine\n2026/03/01 08:00:30, 0, GPU-0, [N/A], 9 W\n"],
        ["npu-smi", "| npu-smi 25.0 | | |\n| 0 910B3 | OK | 331.1 66 0 / 0 |\n| 0 | 0000:C1:00.0 | 85 0 / 0 61609 / 65536 |\n| 1 910B3 | OK | - 46 0 / 0 |\n| 0 | NA | 255 0 / 0 3344/ 65536 |\n| 2 910B3 | OK | 1 2 |\nNPU ID : 3\nAicore Usage Rate(%) : 5\nChip ID : 0\n"],
    ];

    [TestMethod]
    [DynamicData(nameof(Formats))]
    public void Create_ItsOwnName_IsFoundAndGuessed(string format, string page)
    {
        Assert.Contains(format, TelemetryFormats.Names);
        Assert.AreEqual(format, TelemetryFormats.Create(format, Source)!.Name);
        Assert.AreEqual(format, TelemetryFormats.Guess(Encoding.UTF8.GetBytes(page)));
    }

    [TestMethod]
    [DynamicData(nameof(Formats))]
    public void Parse_CutAtEveryByte_SaysTheSame(string format, string page)
    {
        var bytes = Encoding.UTF8.GetBytes(page);
        var whole = Parsed.Of(format, bytes, Source);
        Assert.IsGreaterThan(0, whole.Rejects.Accepted);
        Assert.IsGreaterThan(0, whole.Rejects.Rejected);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Same(whole, Parsed.Of(format, bytes, Source, cut));
        }

        Same(whole, Parsed.Of(format, bytes, Source, [.. Enumerable.Range(1, bytes.Length - 1)]));
    }

    [TestMethod]
    [DynamicData(nameof(Formats))]
    public void Parse_DamagedPage_CountsEveryRowAndThrowsOnlyToUsers(string format, string page)
    {
        var random = new Random(17);
        var intact = Encoding.UTF8.GetBytes(page);
        for (var run = 0; run < 3_000; run++)
        {
            var damaged = (byte[])intact.Clone();
            for (var hit = random.Next(5); hit >= 0; hit--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            Counted(format, damaged, random.Next(damaged.Length));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Formats))]
    public void Parse_NoiseAlone_CountsEveryRowAndThrowsOnlyToUsers(string format, string page)
    {
        Assert.IsNotEmpty(page);
        var random = new Random(29);
        for (var run = 0; run < 1_000; run++)
        {
            var noise = new byte[1 + random.Next(300)];
            random.NextBytes(noise);
            Counted(format, noise, random.Next(noise.Length));
        }
    }

    private static void Counted(string format, byte[] bytes, int cut)
    {
        try
        {
            var parsed = Parsed.Of(format, bytes, Source, cut);
            Assert.AreEqual(parsed.Rejects.Received, parsed.Rejects.Accepted + parsed.Rejects.Rejected);
            Assert.IsLessThanOrEqualTo(parsed.Rejects.Received, parsed.Batch.Count);
            Assert.IsGreaterThanOrEqualTo(parsed.Rejects.Accepted, parsed.Batch.Count);
        }
        catch (UserException problem)
        {
            Assert.IsTrue(problem.Messages.Single().Code is MessageCode.ColumnMissing or MessageCode.ZoneMissing, problem.Message);
        }
    }

    private static void Same(Parsed whole, Parsed pieces)
    {
        CollectionAssert.AreEqual(whole.Rows(), pieces.Rows());
        CollectionAssert.AreEqual(whole.RejectTexts(), pieces.RejectTexts());
        Assert.AreEqual((whole.Rejects.Accepted, whole.Rejects.MissingCells), (pieces.Rejects.Accepted, pieces.Rejects.MissingCells));
    }
}
