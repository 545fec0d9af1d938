using System.Diagnostics;
using System.Globalization;
using Headroom.Domain.Messages;

namespace Headroom.Ingest.Tests.Fuzz;

/// <summary>Every parser against damaged inputs: no crash, no hang, no allocation beyond the bound. HEADROOM_FUZZ_SECONDS sets how long each is tried; default 1. HEADROOM_FUZZ_SEED another course, default 43; HEADROOM_FUZZ_PARSER the one parser to try, else all.</summary>
[TestClass]
public sealed class FuzzTests
{
    private const long MostAllocated = 64L << 20;
    private const int LargestInput = 1 << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static readonly byte[][] Extremes =
    [
        "99999999999999999999"u8.ToArray(), "-9223372036854775808"u8.ToArray(), "1e400"u8.ToArray(), "NaN"u8.ToArray(), "9999-12-31T23:59:59Z"u8.ToArray(), "0001-01-01T00:00:00Z"u8.ToArray(),
        "253402300800"u8.ToArray(), "[0-99999999]"u8.ToArray(), "\u4e2d\u6587"u8.ToArray(), [0xFF, 0xFE], [0xED, 0xA0, 0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], "\"\"\""u8.ToArray(),
    ];

    public static IEnumerable<object[]> Parsers => FuzzSubject.All
        .Where(subject => Environment.GetEnvironmentVariable("HEADROOM_FUZZ_PARSER") is not { Length: > 0 } only || subject.Name == only)
        .Select(subject => new object[] { subject.Name });

    public required TestContext TestContext { get; set; }

    [TestMethod]
    [DynamicData(nameof(Parsers))]
    public void Parse_DamagedInputs_EndWithinBounds(string parser)
    {
        var subject = FuzzSubject.All.Single(one => one.Name == parser);
        var random = new Random(Setting("HEADROOM_FUZZ_SEED", 43));
        var seconds = Setting("HEADROOM_FUZZ_SECONDS", 1);
        var (clock, runs, refused) = (Stopwatch.StartNew(), 0, 0);
        while (clock.Elapsed < TimeSpan.FromSeconds(seconds) || runs < 50)
        {
            runs++;
            var input = Damaged(subject.Seeds[random.Next(subject.Seeds.Count)], subject.Seeds[random.Next(subject.Seeds.Count)], random);
            var (begun, cpu, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
            try
            {
                subject.Take(input);
            }
            catch (UserException)
            {
                refused++;
            }
            catch (Exception crash) when (crash is not AssertFailedException)
            {
                Assert.Fail($"{crash}\n{Convert.ToBase64String(input)}");
            }

            // A busy machine makes anything slow: what hangs takes time and CPU.
            var took = Stopwatch.GetElapsedTime(begun);
            Assert.IsTrue(took < Longest || Environment.CpuUsage.TotalTime - cpu < Longest, $"{took}: {Convert.ToBase64String(input)}");
            Assert.IsLessThan(MostAllocated, GC.GetAllocatedBytesForCurrentThread() - before, Convert.ToBase64String(input));
        }

        TestContext.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fuzz: {parser}: {runs} inputs in {clock.Elapsed.TotalSeconds:0} s, {refused} refused with a message"));
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : otherwise;

    // Bytes hit, a piece doubled, cut or taken from another input, a number made extreme, the end cut off; now and then nothing of the seed is left.
    private static byte[] Damaged(byte[] seed, byte[] other, Random random)
    {
        var input = seed.ToList();
        if (random.Next(50) == 0)
        {
            var noise = new byte[random.Next(4_096)];
            random.NextBytes(noise);
            return noise;
        }

        for (var hit = random.Next(6); hit > 0 && input.Count > 0; hit--)
        {
            var at = random.Next(input.Count);
            switch (random.Next(7))
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
                case 4:
                    input.InsertRange(at, Extremes[random.Next(Extremes.Length)]);
                    break;
                case 5:
                    var piece = input.GetRange(at, Math.Min(1 + random.Next(40), input.Count - at));
                    for (var times = random.Next(1_000); times > 0 && input.Count < LargestInput / 4; times--)
                    {
                        input.InsertRange(at, piece);
                    }

                    break;
                default:
                    input[at] = (byte)"0123456789|,;:{}[]\"\n\r\t-.\x1f"[random.Next(24)];
                    break;
            }
        }

        return [.. input.Take(LargestInput)];
    }
}
