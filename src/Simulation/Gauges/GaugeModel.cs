using System.Collections.Immutable;
using Headroom.Domain.Time;
using Headroom.Simulation.Draws;
using Headroom.Simulation.Fleets;
using Headroom.Simulation.Running;

namespace Headroom.Simulation.Gauges;

/// <summary>What a device's gauges show at one instant.</summary>
/// <param name="TrueDuty">Unit: percent. It differs from <paramref name="Utilization"/> only while the gauge is stuck.</param>
internal readonly record struct Reading(int TrueDuty, int Utilization, int MemoryMib, int PowerDeciwatts, int Celsius);

/// <summary>A run on one device. Unit of its ends: Unix seconds, half-open.</summary>
internal readonly record struct DeviceRun(long From, long Until, int Attempt);

/// <summary>Gauges as a pure function of device and instant, so that a file and a page show the same.</summary>
internal sealed class GaugeModel
{
    private const int CoolingSeconds = 3_600;
    private const int CoolingStep = 16;
    private const double CoolingTimeConstant = 600;
    private const int FullLoadKelvin = 34;

    private static readonly int[] Cooling =
        [.. Enumerable.Range(0, (CoolingSeconds / CoolingStep) + 1).Select(i => (int)(1_024 * StableMath.Exp(-i * CoolingStep / CoolingTimeConstant)))];

    private readonly DeviceRun[][] _runs;
    private readonly RunShape[] _shapes;
    private readonly Constants[] _constants;
    private readonly ulong[] _keys;

    public GaugeModel(Fleet fleet, ImmutableArray<Attempt> attempts, ulong seed)
    {
        var runs = fleet.Devices.Select(_ => new List<DeviceRun>()).ToArray();
        _shapes = new RunShape[attempts.Length];
        for (var i = 0; i < attempts.Length; i++)
        {
            if (attempts[i].Started is not { } started)
            {
                continue;
            }

            _shapes[i] = RunShape.Of(attempts[i]);
            var run = new DeviceRun(started / Micros.PerSecond, (attempts[i].Ended ?? (started + attempts[i].Runtime)) / Micros.PerSecond, i);
            foreach (var device in attempts[i].Devices)
            {
                runs[device].Add(run);
            }
        }

        _runs = [.. runs.Select(list => list.OrderBy(run => run.From).ToArray())];
        _constants = [.. fleet.Devices.Select(Constants.Of)];
        _keys = [.. fleet.Devices.Select(device => Draw.Key(seed, Purpose.Gauge, Draw.Name(device.Id.Value)))];
    }

    /// <summary>The first run of a device that ends after <paramref name="second"/>; where a cursor starts.</summary>
    public int FirstRunAfter(int device, long second)
    {
        var runs = _runs[device];
        var (low, high) = (0, runs.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = runs[middle].Until <= second ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>The attempt that holds the device, or -1.</summary>
    public int AttemptAt(int device, long second)
    {
        var run = FirstRunAfter(device, second);
        return run < _runs[device].Length && _runs[device][run].From <= second ? _runs[device][run].Attempt : -1;
    }

    public ulong NoiseAt(int device, long second) => Draw.At(_keys[device], (ulong)second);

    public Reading Read(int device, long second)
    {
        var cursor = FirstRunAfter(device, second);
        return Read(device, second, ref cursor, NoiseAt(device, second));
    }

    /// <param name="cursor">From <see cref="FirstRunAfter"/>, for an instant not after this one; moved forward.</param>
    public Reading Read(int device, long second, ref int cursor, ulong noise)
    {
        var runs = _runs[device];
        while (cursor < runs.Length && runs[cursor].Until <= second)
        {
            cursor++;
        }

        ref readonly var it = ref _constants[device];
        var (duty, memory, warm, since, before) = (0, it.IdleMemory, 0, long.MaxValue, 0);
        if (cursor > 0)
        {
            (since, before) = (second - runs[cursor - 1].Until, _shapes[runs[cursor - 1].Attempt].Level);
        }

        if (cursor < runs.Length && runs[cursor].From <= second)
        {
            ref readonly var shape = ref _shapes[runs[cursor].Attempt];
            var elapsed = second - runs[cursor].From;
            duty = shape.DutyAt(elapsed, noise);
            memory = elapsed < shape.QuietSeconds ? it.IdleMemory : Math.Max(it.IdleMemory, it.Memory * shape.MemoryPercent / 100) - it.Offset;
            var reached = elapsed >= shape.TailFromSeconds ? shape.Level - Settled(shape.Level, elapsed - shape.TailFromSeconds) : Settled(shape.Level, elapsed);
            warm = reached + Remaining(before, since);
        }
        else
        {
            warm = Remaining(before, since);
        }

        var power = it.IdlePower + (it.DynamicPower * duty / 100) + (it.IdlePower * (int)((noise >> 8) & 0xFF) / 4_096);
        var celsius = it.IdleCelsius + (FullLoadKelvin * Math.Min(warm, 100) / 100) + (int)((noise >> 16) & 1);
        var stuck = second >= it.SilentFrom && second < it.SilentUntil;
        return new(duty, stuck ? 0 : duty, memory + (int)((noise >> 20) & 0xF), power, celsius);
    }

    private static int Settled(int level, long elapsed) => level - Remaining(level, elapsed);

    private static int Remaining(int level, long elapsed) => elapsed >= CoolingSeconds ? 0 : level * Cooling[elapsed / CoolingStep] / 1_024;

    /// <param name="DynamicPower">Between idle and full load. Unit: 0.1 W.</param>
    /// <param name="Offset">Sets the cards of one job a little apart. Unit: MiB.</param>
    private readonly record struct Constants(
        int IdlePower, int DynamicPower, int IdleMemory, int Memory, int Offset, int IdleCelsius, long SilentFrom, long SilentUntil)
    {
        public static Constants Of(SimulatedDevice device)
        {
            var bits = Draw.Name(device.Id.Value);
            bits ^= bits >> 29;
            var idle = device.RatedDeciwatts * (22 + (int)(bits % 7)) / 100;
            return new(
                idle,
                (device.RatedDeciwatts * 96 / 100) - idle,
                Math.Min(device.MemoryMib / 4, 3_000 + (int)((bits >> 8) % 300)),
                device.MemoryMib,
                (int)((bits >> 16) % 97),
                34 + (int)((bits >> 24) % 7),
                device.Silent.From / Micros.PerSecond,
                device.Silent.Until / Micros.PerSecond);
        }
    }
}
