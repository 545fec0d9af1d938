using System.Text;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Ingest.Formats.Telemetry;

namespace Headroom.Ingest.Tests.Telemetry;

[TestClass]
public sealed class CsvTelemetryFormatTests
{
    private const string Header = "timestamp,card,host,partition,utilization,memory_used_mib,power_w,temperature_c\n";

    [TestMethod]
    public void Parse_PlainRows_KeepsEveryGaugeInItsStoredUnit()
    {
        var parsed = Parsed.Of("csv", Header + "2026-03-01T00:00:15Z,npu-1,h1,ai,97.4,61609,310.25,66\n2026-03-01T00:00:30Z,npu-1,h1,ai,,,,\n");
        CollectionAssert.AreEqual(
            new[] { "npu-1 h1  ai 2026-03-01T00:00:15Z | 974000 63087616 310250 66000", "npu-1 h1  ai 2026-03-01T00:00:30Z | - - - -" },
            parsed.Rows());
        Assert.AreEqual((2L, 2L), (parsed.Rejects.Accepted, parsed.Rejects.Received));
    }

    [TestMethod]
    public void Parse_ColumnsReorderedAndUnknown_AreReadAndCounted()
    {
        var parsed = Parsed.Of("csv", "power_w,rack,Utilization, card ,timestamp\n100,r7,50,c1,1772323200\n");
        CollectionAssert.AreEqual(new[] { "c1 node01   2026-03-01T00:00:00Z | 500000 - 100000 -" }, parsed.Rows());
        CollectionAssert.AreEqual(new[] { "rack" }, parsed.Rejects.IgnoredColumns.ToArray());
    }

    [TestMethod]
    [DataRow("1772323200", "2026-03-01T00:00:00Z", DisplayName = "Unix seconds")]
    [DataRow("1772323200.5", "2026-03-01T00:00:00.500Z", DisplayName = "Unix seconds with decimals")]
    [DataRow("1772323200123", "2026-03-01T00:00:00.123Z", DisplayName = "Unix milliseconds")]
    [DataRow("2026-03-01T08:00:00+08:00", "2026-03-01T00:00:00Z", DisplayName = "offset")]
    [DataRow("2026-03-01 08:00:00.25+0800", "2026-03-01T00:00:00.250Z", DisplayName = "blank, decimals, short offset")]
    [DataRow("2026-03-01T08:00:00", "2026-03-01T00:00:00Z", DisplayName = "local, zone declared")]
    public void Parse_TimeShapes_AreOneInstant(string text, string instant)
    {
        var parsed = Parsed.Of("csv", $"timestamp,card,utilization\n{text},c,1\n", Parsed.Source with { Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai") });
        Assert.AreEqual($"c node01   {instant} | 10000 - - -", parsed.Rows().Single());
    }

    [TestMethod]
    public void Parse_LocalTimesWithoutZone_AsksForTheZone()
    {
        var message = Assert.ThrowsExactly<UserException>(() => Parsed.Of("csv", "timestamp,card,utilization\n2026-03-01T08:00:00,c,1\n")).Messages.Single();
        Assert.AreEqual((MessageCode.ZoneMissing, "page:2", "2026-03-01T08:00:00"), (message.Code, message.Place, message.Arguments[0]));
    }

    [TestMethod]
    public void Parse_NoUtilizationColumn_IsColumnMissing()
    {
        var message = Assert.ThrowsExactly<UserException>(() => Parsed.Of("csv", "timestamp,card,util\n1,c,1\n")).Messages.Single();
        Assert.AreEqual((MessageCode.ColumnMissing, "page:1", "utilization"), (message.Code, message.Place, message.Arguments[0]));
        Assert.AreEqual("timestamp,card,util", message.Arguments[1]);
    }

    // Device and time can be read: the row is in the batch without utilization, so that its time is unknown and not the neighbor's.
    [TestMethod]
    [DataRow("218322032", RejectReason.OutOfRange, DisplayName = "METRICS F7")]
    [DataRow("100.0001", RejectReason.OutOfRange, DisplayName = "just above 100")]
    [DataRow("-0.5", RejectReason.OutOfRange, DisplayName = "negative")]
    [DataRow("-1", RejectReason.Sentinel, DisplayName = "-1")]
    [DataRow("255", RejectReason.Sentinel, DisplayName = "255")]
    [DataRow("65535", RejectReason.Sentinel, DisplayName = "65535")]
    [DataRow("4294967295", RejectReason.Sentinel, DisplayName = "4294967295")]
    [DataRow("9223372036854775794", RejectReason.Sentinel, DisplayName = "INT64 blank of DCGM")]
    [DataRow("140737488355328", RejectReason.Sentinel, DisplayName = "FP64 blank of DCGM")]
    [DataRow("2147483632", RejectReason.Sentinel, DisplayName = "INT32 blank of DCGM")]
    [DataRow("NaN", RejectReason.Sentinel, DisplayName = "NaN")]
    [DataRow("[N/A]", RejectReason.NotANumber, DisplayName = "a word")]
    [DataRow("1e999", RejectReason.OutOfRange, DisplayName = "beyond a double")]
    [DataRow("--5", RejectReason.NotANumber, DisplayName = "two signs")]
    public void Parse_BadUtilization_RejectsAndKeepsTheInstantAsUnknown(string text, RejectReason reason)
    {
        var parsed = Parsed.Of("csv", Header + $"2026-03-01T00:00:15Z,c,h,,{text},1,200,30\n");
        Assert.AreEqual("c h   2026-03-01T00:00:15Z | - 1024 200000 30000", parsed.Rows().Single());
        Assert.AreEqual((0L, 1L), (parsed.Rejects.Accepted, parsed.Rejects.Of(reason)));
        Assert.AreEqual($"page:2 {reason} utilization {text}", parsed.RejectTexts().Single());
        Assert.AreEqual("c", parsed.Rejects.Rows[0].Device);
    }

    [TestMethod]
    public void Parse_OnlyPowerIsBad_LosesTheCellAndAcceptsTheRow()
    {
        var parsed = Parsed.Of("csv", Header + "2026-03-01T00:00:15Z,c,h,,50,65535,4294967295,999\n");
        Assert.AreEqual("c h   2026-03-01T00:00:15Z | 500000 67107840 - -", parsed.Rows().Single());
        Assert.AreEqual((1L, 0L, 2L), (parsed.Rejects.Accepted, parsed.Rejects.Rejected, parsed.Rejects.MissingCells));
    }

    [TestMethod]
    public void Parse_BrokenRows_AreCountedByReasonAndLeftOut()
    {
        var parsed = Parsed.Of("csv", Header
            + "2026-03-01T00:00:15Z,c,h,,50,1,1\n"
            + "2026-02-30T00:00:15Z,c,h,,50,1,1,1\n"
            + "1999-12-31T23:59:59Z,c,h,,50,1,1,1\n"
            + "2026-11-21T01:00:01Z,c,h,,50,1,1,1\n"
            + ",c,h,,50,1,1,1\n"
            + "2026-03-01T00:00:15Z,,h,,50,1,1,1\n"
            + "\n"
            + "2026-03-01T00:00:15Z,\"c,h,,50,1,1,1\n"
            + "2026-03-01T00:00:15Z,c,h,,50,1,1,1,1\n");
        Assert.IsEmpty(parsed.Rows());
        CollectionAssert.AreEqual(
            new[] { "page:2 Malformed", "page:3 BadTime", "page:4 Ancient", "page:5 Future", "page:6 BadTime", "page:7 NoDevice", "page:9 Malformed", "page:10 Malformed" },
            parsed.Rejects.Rows.Select(r => $"{r.Place} {r.Reason}").ToArray());
        Assert.AreEqual(8, parsed.Rejects.Received);
    }

    [TestMethod]
    public void Parse_QuotesAndBomAndCrLf_AreText()
    {
        var parsed = Parsed.Of("csv", "\uFEFF\"timestamp\",\"card\",\"utilization\"\r\n2026-03-01T00:00:15Z,\"a,\"\"b\"\"\",\"7\"\r\n");
        Assert.AreEqual("a,\"b\" node01   2026-03-01T00:00:15Z | 70000 - - -", parsed.Rows().Single());
    }

    [TestMethod]
    public void Parse_ClockChanges_SkippedTimeIsBadAndRepeatedTimeIsTheFirst()
    {
        var source = Parsed.Source with { Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") };
        var parsed = Parsed.Of("csv", "timestamp,card,utilization\n2026-03-29T02:30:00,c,1\n2026-10-25T02:30:00,c,1\n", source);
        Assert.AreEqual("c node01   2026-10-25T00:30:00Z | 10000 - - -", parsed.Rows().Single());
        Assert.AreEqual(1, parsed.Rejects.Of(RejectReason.BadTime));
    }

    [TestMethod]
    public void Parse_CutAtEveryByte_SaysTheSame()
    {
        var bytes = Encoding.UTF8.GetBytes("\uFEFF" + Header
            + "2026-03-01T00:00:15Z,npu-1,h1,ai,97.4,61609,310.25,66\r\n2026-03-01T00:00:15Z,npu-2,h1,,-1,,,\n"
            + "broken\n2026-03-01T00:00:30Z,\"n,3\",h2,ai,5,,,9\n1772323200,npu-1,h1,ai,1,2,3,4");
        var whole = Parsed.Of("csv", bytes);
        Assert.HasCount(4, whole.Rows());
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var cutOnce = Parsed.Of("csv", bytes, null, cut);
            CollectionAssert.AreEqual(whole.Rows(), cutOnce.Rows());
            CollectionAssert.AreEqual(whole.RejectTexts(), cutOnce.RejectTexts());
        }

        var byteByByte = Parsed.Of("csv", bytes, null, [.. Enumerable.Range(1, bytes.Length - 1)]);
        CollectionAssert.AreEqual(whole.Rows(), byteByByte.Rows());
    }

    [TestMethod]
    public void Parse_LineWithoutEnd_IsOneRejectAndTheNextLineIsRead()
    {
        var bytes = Encoding.UTF8.GetBytes("timestamp,card,utilization\n" + new string('x', (1 << 20) + 5) + "\n1772323200,c,1\n");
        foreach (var cuts in new int[][] { [], [500_000], [1_048_600], [40, (1 << 20) + 27, (1 << 20) + 28, (1 << 20) + 33] })
        {
            var parsed = Parsed.Of("csv", bytes, null, cuts);
            Assert.HasCount(1, parsed.Rows());
            Assert.AreEqual((1L, 1L), (parsed.Rejects.Of(RejectReason.Malformed), parsed.Rejects.Rejected));
        }
    }

    [TestMethod]
    public void Parse_AnotherBatch_GetsItsOwnDevices()
    {
        var format = TelemetryFormats.Create("csv", Parsed.Source)!;
        var rejects = new RejectCounts();
        var (first, second) = (new SampleBatch(), new SampleBatch());
        format.Parse(new(Encoding.UTF8.GetBytes("timestamp,card,utilization\n1772323200,a,1\n1772323200,b,1\n")), false, first, rejects);
        format.Parse(new(Encoding.UTF8.GetBytes("1772323215,b,2\n")), true, second, rejects);
        Assert.AreEqual("b", second.Devices[second.Device[0]].Id);
        Assert.HasCount(1, second.Devices);
    }

    [TestMethod]
    public void Parse_RandomRows_AreAllCounted()
    {
        var random = new Random(11);
        var alphabet = Encoding.UTF8.GetBytes("0123456789,,,,::TZ-+.\"\r eE中NaN");
        for (var run = 0; run < 2_000; run++)
        {
            var bytes = new byte[random.Next(400)];
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = random.Next(12) switch { 0 => (byte)'\n', 1 => (byte)random.Next(256), _ => alphabet[random.Next(alphabet.Length)] };
            }

            byte[] file = [.. "timestamp,card,utilization,power_w\n1772323200,c,1,\n"u8, .. bytes];
            var lines = Encoding.Latin1.GetString(file).Split('\n').Skip(1).Count(line => line.Trim('\r').Length > 0 || line.Length > 1);
            var parsed = Parsed.Of("csv", file, Parsed.Source with { Zone = TimeZoneInfo.Utc }, random.Next(file.Length));
            Assert.AreEqual(lines, parsed.Rejects.Received);
            Assert.AreEqual(parsed.Rejects.Received, parsed.Rejects.Accepted + parsed.Rejects.Rejected);
            Assert.IsLessThanOrEqualTo(parsed.Rejects.Received, parsed.Batch.Count);
        }
    }
}
