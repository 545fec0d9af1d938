using Headroom.Domain.Accounting;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Domain.Tests.Accounting;

/// <summary>The slow truth: walks a day second by second and asks of each what the device was doing. Everything happens on whole seconds.</summary>
internal static class SecondBySecondOracle
{
    /// <summary>Eleven sums in units of one millionth of a second x ppm, so that no rounding enters: cells[hour][cell].</summary>
    public static Int128[][] Account(DeviceHistory device, DeviceSamples samples, long maxGap, CenterClock clock, DateOnly day)
    {
        return
        [
            .. clock.Hours(day).Select(hour =>
            {
                var cells = new Int128[HourCells.Count];
                for (var second = hour.From; second < hour.Until; second += Micros.PerSecond)
                {
                    Add(device, samples, maxGap, second, cells);
                }

                return cells;
            }),
        ];
    }

    private static void Add(DeviceHistory device, DeviceSamples samples, long maxGap, long second, Int128[] cells)
    {
        const long Whole = 1_000_000L * Micros.PerSecond;
        if (!device.Placements.Any(placement => placement.Valid.Contains(second)))
        {
            return;
        }

        if (device.Down.Any(window => window.Contains(second)))
        {
            cells[(int)Cell.Down] += Whole;
        }
        else if (device.Maintenance.Any(window => window.Contains(second)))
        {
            cells[(int)Cell.Maintenance] += Whole;
        }
        else
        {
            var held = Math.Min(1_000_000, device.Holdings.Where(holding => holding.Valid.Contains(second)).Sum(holding => (long)holding.SharePpm));
            var rest = device.AllocationKnown.Any(window => window.Contains(second)) ? Cell.FreeBusy : Cell.AllocUnknownBusy;
            if (Duty(samples, maxGap, second) is { } ppm)
            {
                // What is busy belongs to what is held, as far as that goes.
                var busy = Math.Min(held, ppm);
                cells[(int)Cell.AllocatedBusy] += (Int128)busy * Micros.PerSecond;
                cells[(int)Cell.AllocatedIdle] += (Int128)(held - busy) * Micros.PerSecond;
                cells[(int)rest] += (Int128)(ppm - busy) * Micros.PerSecond;
                cells[(int)rest + 1] += (Int128)(1_000_000 - held - ppm + busy) * Micros.PerSecond;
            }
            else
            {
                cells[(int)Cell.AllocatedUseUnknown] += (Int128)held * Micros.PerSecond;
                cells[(int)rest + 2] += (Int128)(1_000_000 - held) * Micros.PerSecond;
            }
        }
    }

    // The sample that speaks for a second is the first one after it begins, if that is near enough.
    private static int? Duty(DeviceSamples samples, long maxGap, long second)
    {
        var found = Array.BinarySearch(samples.Instants, second + 1);
        var next = found >= 0 ? found : ~found;
        return next < samples.Count && samples.Instants[next] - maxGap <= second && samples.UsePpm[next] != TelemetryMetrics.Missing
            ? samples.UsePpm[next]
            : null;
    }
}
