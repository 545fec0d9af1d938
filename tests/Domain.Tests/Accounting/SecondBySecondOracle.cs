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
            var allocation = device.Holdings.Any(holding => holding.Valid.Contains(second)) ? Cell.AllocatedBusy
                : device.AllocationKnown.Any(window => window.Contains(second)) ? Cell.FreeBusy
                : Cell.AllocUnknownBusy;
            if (Duty(samples, maxGap, second) is { } ppm)
            {
                cells[(int)allocation] += (Int128)ppm * Micros.PerSecond;
                cells[(int)allocation + 1] += (Int128)(1_000_000 - ppm) * Micros.PerSecond;
            }
            else
            {
                cells[(int)allocation + 2] += Whole;
            }
        }
    }

    // The sample that speaks for a second is the first one after it begins, if that is near enough.
    private static int? Duty(DeviceSamples samples, long maxGap, long second)
    {
        var next = samples.Instants.AsSpan().IndexOfAnyInRange(second + 1, long.MaxValue);
        return next >= 0 && samples.Instants[next] - maxGap <= second && samples.UsePpm[next] != TelemetryMetrics.Missing
            ? samples.UsePpm[next]
            : null;
    }
}
