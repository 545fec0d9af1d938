using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Domain.Tests.Accounting;

/// <summary>Short ways to say a device, its samples and its day.</summary>
internal static class Build
{
    public static readonly CenterClock Utc = new("UTC");
    public static readonly DateOnly Day = new(2026, 3, 2);
    public static readonly long Midnight = Utc.Day(Day).From;
    public static readonly AccountingRules Rules = new(15 * Micros.PerSecond, _ => null);

    public static long At(double hours) => Midnight + (long)(hours * Micros.PerHour);

    public static Window Hours(double from, double until) => new(At(from), At(until));

    public static DeviceHistory Device(
        Window? installed = null,
        ImmutableArray<Window>? down = null,
        ImmutableArray<Window>? maintenance = null,
        ImmutableArray<Window>? known = null,
        ImmutableArray<Holding>? holdings = null,
        string? model = null) =>
        new(
            new("card"),
            [new Placement(installed ?? new(Midnight, Instants.Never), "host", "0", model, new("ai"))],
            down ?? [],
            maintenance ?? [],
            known ?? [],
            holdings ?? []);

    /// <summary>Samples every <paramref name="seconds"/> seconds over (from, until], all of one value.</summary>
    public static DeviceSamples Steady(double fromHour, double untilHour, int ppm, int seconds = 15, int milliwatts = TelemetryMetrics.Missing)
    {
        var instants = new List<long>();
        for (var at = At(fromHour) + (seconds * Micros.PerSecond); at <= At(untilHour); at += seconds * Micros.PerSecond)
        {
            instants.Add(at);
        }

        return Samples([.. instants], [.. instants.Select(_ => ppm)], [.. instants.Select(_ => milliwatts)]);
    }

    public static DeviceSamples Samples(long[] instants, int[] ppm, int[]? milliwatts = null)
    {
        var missing = Enumerable.Repeat(TelemetryMetrics.Missing, instants.Length).ToArray();
        return new(instants, ppm, missing, milliwatts ?? missing, missing);
    }

    public static long Sum(CardDay day, Func<CardHour, long> value) => day.Hours.Sum(value);

    public static long Sum(CardDay day, Cell cell) => day.Hours.Sum(hour => hour.Cells[cell]);
}
