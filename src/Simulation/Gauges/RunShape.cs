using Headroom.Simulation.Draws;
using Headroom.Simulation.Running;

namespace Headroom.Simulation.Gauges;

/// <summary>How one attempt uses its devices: nothing while it starts, a ramp, its own level, a dip at each checkpoint, now and then an idle tail.</summary>
/// <param name="Key">For its slow wobble.</param>
/// <param name="Level">Duty when it works. Unit: percent, 1 to 98.</param>
/// <param name="QuietSeconds">At zero after the start.</param>
/// <param name="RampSeconds">From zero to the level.</param>
/// <param name="DipEverySeconds">Between two checkpoints.</param>
/// <param name="TailFromSeconds">At zero from here on, counted from the start; <see cref="long.MaxValue"/> for most.</param>
/// <param name="MemoryPercent">Of the device's memory.</param>
internal readonly record struct RunShape(
    ulong Key,
    int Level,
    int QuietSeconds,
    int RampSeconds,
    int DipEverySeconds,
    int DipSeconds,
    int DipLevel,
    long TailFromSeconds,
    int MemoryPercent)
{
    private const int ShortestWithTailSeconds = 7_200;

    public static RunShape Of(Attempt attempt)
    {
        var draw = new DrawStream(attempt.Request.Key, Purpose.Gauge, (ulong)attempt.Number);
        var level = attempt.Request.WellTuned ? draw.Between(86, 98) : draw.Between(28, 64);
        var runtime = attempt.Runtime / Domain.Time.Micros.PerSecond;
        var tail = draw.Chance(0.08) && runtime > ShortestWithTailSeconds ? (long)(runtime * draw.Between(0.75, 0.95)) : long.MaxValue;
        return new(
            draw.Bits(),
            level,
            QuietSeconds: draw.Between(20, 240),
            RampSeconds: draw.Between(60, 420),
            DipEverySeconds: draw.Between(25, 70) * 60,
            DipSeconds: draw.Between(30, 150),
            DipLevel: draw.Between(2, 15),
            tail,
            MemoryPercent: draw.Between(35, 95));
    }

    /// <param name="elapsed">Seconds since the start; 0 or more.</param>
    /// <param name="noise">Random bits of this device and instant.</param>
    /// <returns>Duty in percent, 0 to 100.</returns>
    public int DutyAt(long elapsed, ulong noise)
    {
        if (elapsed < QuietSeconds || elapsed >= TailFromSeconds)
        {
            return 0;
        }

        if (elapsed >= DipEverySeconds && elapsed % DipEverySeconds < DipSeconds)
        {
            return DipLevel;
        }

        var wobble = (int)(Draw.At(Key, (ulong)elapsed >> 11) % 7) - 3;
        var level = Level + wobble + (int)((noise & 0xFF) * 5 >> 8) - 2;
        var working = elapsed - QuietSeconds;
        return Math.Clamp(working < RampSeconds ? (int)(level * working / RampSeconds) : level, 0, 100);
    }
}
