using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Ingest.Formats.Records;
using Headroom.Ingest.Formats.Telemetry;
using Headroom.Ingest.Tests.Records;
using Headroom.Ingest.Tests.Telemetry;

namespace Headroom.Ingest.Tests.Fuzz;

/// <summary>Every parser against damaged inputs of the fault corpus: no crash, no hang, no allocation beyond the bound. HEADROOM_FUZZ_SECONDS sets how long each is tried; default 1.</summary>
[TestClass]
public sealed class FuzzTests
{
    private const long MostAllocated = 64L << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static IEnumerable<object[]> Parsers =>
    [
        .. TelemetryFormats.Names.Select(name => new object[] { "telemetry", name }),
        .. RecordFormats.Kinds.SelectMany(kind => RecordFormats.NamesOf(kind).Select(name => new object[] { kind, name })),
    ];

    [TestMethod]
    [DynamicData(nameof(Parsers))]
    public void Parse_DamagedInputs_EndWithinBounds(string kind, string format)
    {
        var seconds = int.TryParse(Environment.GetEnvironmentVariable("HEADROOM_FUZZ_SECONDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 1;
        var seeds = Seeds(kind, format);
        var random = new Random(43);
        var (clock, runs) = (Stopwatch.StartNew(), 0);
        while (clock.Elapsed < TimeSpan.FromSeconds(seconds) || runs < 50)
        {
            runs++;
            var input = Damaged(seeds[random.Next(seeds.Count)], seeds[random.Next(seeds.Count)], random);
            var (begun, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            try
            {
                Take(kind, format, input);
            }
            catch (UserException)
            {
                // A message to a user is a defined end.
            }

            Assert.IsLessThan(Longest, Stopwatch.GetElapsedTime(begun), Convert.ToBase64String(input));
            Assert.IsLessThan(MostAllocated, GC.GetAllocatedBytesForCurrentThread() - before, Convert.ToBase64String(input));
        }
    }

    private static void Take(string kind, string format, byte[] input)
    {
        var rejects = new RejectCounts();
        if (kind == "telemetry")
        {
            var batch = new SampleBatch();
            TelemetryFormats.Create(format, Parsed.Source with { Zone = TimeZoneInfo.Utc })!.Parse(new ReadOnlySequence<byte>(input), last: true, batch, rejects);
            Assert.IsLessThanOrEqualTo(rejects.Received, batch.Count);
        }
        else
        {
            using var content = new MemoryStream(input);
            RecordFormats.Find(kind, format)!.Read(content, RecordText.Source, rejects, []);
        }

        Assert.AreEqual(rejects.Received, rejects.Accepted + rejects.Rejected);
    }

    // Bytes hit, a piece doubled, cut or taken from another input, the end cut off.
    private static byte[] Damaged(byte[] seed, byte[] other, Random random)
    {
        var input = seed.ToList();
        for (var hit = random.Next(6); hit > 0 && input.Count > 0; hit--)
        {
            var at = random.Next(input.Count);
            switch (random.Next(5))
            {
                case 0:
                    input[at] = (byte)random.Next(256);
                    break;
                case 1:
                    input.RemoveRange(at, random.Next(input.Count - at));
                    break;
                case 2:
                    input.InsertRange(at, input.GetRange(at, Math.Min(random.Next(200), input.Count - at)));
                    break;
                case 3 when other.Length > 0:
                    var from = random.Next(other.Length);
                    input.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(200), other.Length - from)).ToArray());
                    break;
                default:
                    input[at] = (byte)"0123456789|,;:{}[]\"\n\r\t-.\x1f"[random.Next(24)];
                    break;
            }
        }

        return [.. input.Take(1 << 20)];
    }

    private static List<byte[]> Seeds(string kind, string format)
    {
        var cases = Places.Repository("tests", "Ingest.Tests", "Faults", "cases");
        var seeds = Directory.GetFiles(cases, $"*.{kind}.{format}.*", SearchOption.AllDirectories).Select(File.ReadAllBytes).Where(bytes => bytes.Length is > 0 and < 100_000).ToList();
        seeds.Add("{\"kind\":\"List\",\"items\":[{\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\",\"creationTimestamp\":\"2026-03-01T00:00:00Z\"},\"spec\":{\"containers\":[{\"resources\":{\"limits\":{\"nvidia.com/gpu\":\"1\"}}}]},\"status\":{\"phase\":\"Pending\"}}]}"u8.ToArray());
        seeds.Add("; UnixStartTime: 1772323200\n1 0 60 120 4 -1 -1 4 600 -1 1 7 1 -1 1 2 -1 -1\n"u8.ToArray());
        seeds.Add("NodeName=gpu[1-2] State=IDLE+DRAIN CfgTRES=cpu=4,gres/gpu=2 Reason=x [root@2026-03-01T00:00:00]\n"u8.ToArray());
        seeds.Add("Cluster|NodeName|TimeStart|TimeEnd|State|Reason|User\nlab|vm|1772323200|Unknown|DOWN|x|root\n"u8.ToArray());
        seeds.Add("| npu-smi 25 |\n| 0 910B3 | OK | 331.1 66 0 / 0 |\n| 0 | 0000:C1:00.0 | 85 0 / 0 61609 / 65536 |\nNPU ID : 0\nAicore Usage Rate(%) : 5\nChip ID : 0\n"u8.ToArray());
        return seeds;
    }
}
