using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Facts;
using Headroom.Domain.Operations;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Tests.Accounting;
using Headroom.Domain.Time;

namespace Headroom.Domain.Tests.Operations;

[TestClass]
public sealed class FindingsOfDayTests
{
    private static readonly AccountingRules Minutely = new(Micros.PerMinute, _ => null);

    [TestMethod]
    public void Idle_OfAJobThatStartsLateRestsAndStops_IsSplitInThree()
    {
        // Held 1:00 to 9:00: busy 2-4, 5-7:50, 8-8:10; idle 1-2, 4-5, 7:50-8:00 (too short), 8:10-9.
        var runs = Find(new(Build.Hours(1, 9), new("t"), "7"), hour => hour is (> 2 and <= 4) or (> 5 and <= 7.8334) or (> 8 and <= 8.1667));

        CollectionAssert.AreEqual(
            new[] { (IdlePart.StartUp, 60L), (IdlePart.MidJob, 60L), (IdlePart.Tail, 50L) },
            runs.Select(run => (run.Part, run.DeviceMicros / Micros.PerMinute)).ToArray());
    }

    [TestMethod]
    public void Idle_OfASlice_CountsItsShare()
    {
        var run = Find(new Holding(Build.Hours(1, 3), new("t"), "7") { SharePpm = 250_000 }, _ => false).Single();

        Assert.AreEqual((IdlePart.StartUp, Micros.PerHour / 2), (run.Part, run.DeviceMicros));
    }

    [TestMethod]
    public void Idle_RandomDays_AreTheRunsFoundMinuteByMinuteAndAddUpOverMidnight()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var (device, samples) = RandomDevice(random);
            foreach (var day in (DateOnly[])[Build.Day, Build.Day.AddDays(1)])
            {
                var finder = new FindingsOfDay(Minutely, Build.Utc, day, Instants.Never);
                finder.Add(device, samples);
                Assert.AreEqual(MinuteByMinute(device, samples, Build.Utc.Day(day)), finder.Result().Idle.Sum(run => run.Time.Length.Value), $"seed {seed}, {day}");
            }
        }
    }

    [TestMethod]
    public void Stragglers_OfAJobOfEight_AreThoseFarBelowTheMiddle()
    {
        var finder = new FindingsOfDay(Minutely, Build.Utc, Build.Day, Instants.Never);
        for (var card = 0; card < 8; card++)
        {
            var device = Build.Device(holdings: [new Holding(Build.Hours(0, 10), new("t"), "7")]) with { Device = new($"card-{card}") };
            finder.Add(device, Build.Steady(0, 10, card == 5 ? 300_000 : 900_000 + card, seconds: 60));
        }

        var straggler = finder.Result().Stragglers.Single();
        Assert.AreEqual((new DeviceId("card-5"), 300_000, 900_003, 10 * Micros.PerHour), (straggler.Device, straggler.UsePpm, straggler.MedianPpm, straggler.HeldMicros));
    }

    [TestMethod]
    public void Hot_AboveTheLimitForLong_IsTimeAndPeak()
    {
        var samples = Build.Steady(0, 24, 500_000, seconds: 60);
        var degrees = samples.Instants.Select(at => at > Build.At(2) && at <= Build.At(3) ? 91_000 : at > Build.At(5) && at <= Build.At(5.1) ? 99_000 : 60_000).ToArray();
        var finder = new FindingsOfDay(Minutely, Build.Utc, Build.Day, Instants.Never);
        finder.Add(Build.Device(), samples with { TemperatureMillidegrees = degrees });

        var hot = finder.Result().Hot.Single();
        Assert.AreEqual((Micros.PerHour, 91_000), (hot.Micros, hot.PeakMillidegrees), "six minutes at 99 are a peak");
    }

    private static ImmutableArray<IdleRun> Find(Holding holding, Func<double, bool> isBusy)
    {
        var samples = Build.Steady(0, 24, 0, seconds: 60);
        var use = samples.Instants.Select(at => isBusy((at - Build.Midnight) / (double)Micros.PerHour) ? 900_000 : 10_000).ToArray();
        var finder = new FindingsOfDay(Minutely, Build.Utc, Build.Day, Instants.Never);
        finder.Add(Build.Device(holdings: [holding]), samples with { UsePpm = use });
        return finder.Result().Idle;
    }

    // Whole minutes only: the run that each idle minute belongs to is walked in both directions.
    private static long MinuteByMinute(DeviceHistory device, DeviceSamples samples, Window day)
    {
        bool IsIdle(long minute)
        {
            var at = Array.IndexOf(samples.Instants, minute + Micros.PerMinute);
            return at >= 0 && samples.UsePpm[at] != TelemetryMetrics.Missing && samples.UsePpm[at] < FindingsOfDay.IdleBelowPpm
                && !device.Down.Any(down => down.Contains(minute));
        }

        var sum = 0L;
        foreach (var holding in device.Holdings)
        {
            for (var minute = day.From; minute < day.Until; minute += Micros.PerMinute)
            {
                if (!IsIdle(minute) || !holding.Valid.Contains(minute))
                {
                    continue;
                }

                var length = 1;
                for (var back = minute - Micros.PerMinute; length < 15 && holding.Valid.Contains(back) && IsIdle(back); back -= Micros.PerMinute)
                {
                    length++;
                }

                for (var on = minute + Micros.PerMinute; length < 15 && holding.Valid.Contains(on) && IsIdle(on); on += Micros.PerMinute)
                {
                    length++;
                }

                sum += length >= 15 ? Micros.PerMinute : 0;
            }
        }

        return sum;
    }

    private static (DeviceHistory Device, DeviceSamples Samples) RandomDevice(Random random)
    {
        long At(int minute) => Build.Midnight + (minute * Micros.PerMinute);
        var cuts = Enumerable.Range(0, 4).Select(_ => random.Next(2 * 1_440)).Order().ToArray();
        var down = random.Next(2 * 1_440);
        var instants = Enumerable.Range(-80, (2 * 1_440) + 160).Where(_ => random.Next(200) > 0).Select(At).ToArray();
        var (use, left, value) = (new int[instants.Length], 0, 0);
        for (var i = 0; i < use.Length; i++)
        {
            (left, value) = left > 0 ? (left - 1, value) : (random.Next(40), random.Next(3) == 0 ? 800_000 : random.Next(50_000));
            use[i] = value;
        }

        // One sample stands for a minute here: what a lost one left is filled by its successor, up to the gap; so lost ones are made missing instead.
        var device = Build.Device(
            new(Instants.From(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)), Instants.Never),
            down: [new(At(down), At(down + 30))],
            holdings: [new(new(At(cuts[0]), At(cuts[1])), new("a"), "1"), new(new(At(cuts[2]), At(cuts[3])), new("b"), "2")]);
        var every = Enumerable.Range(-80, (2 * 1_440) + 160).Select(At).ToArray();
        var byInstant = instants.Zip(use).ToDictionary(pair => pair.First, pair => pair.Second);
        return (device, Build.Samples(every, [.. every.Select(at => byInstant.GetValueOrDefault(at, TelemetryMetrics.Missing))]));
    }
}
