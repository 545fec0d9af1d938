using Headroom.Domain.Time;
using Headroom.Simulation.Draws;
using Headroom.Simulation.Fleets;
using Headroom.Simulation.Gauges;
using Headroom.Simulation.Plans;

namespace Headroom.Simulation.Telemetry;

/// <summary>The rows of one day's file, in order, a piece at a time: the day's samples by instant, then those of the day before that come late.</summary>
/// <remarks>Each host has its own second within the period. A late host-hour of the plan's last day comes at the end of its own file.</remarks>
internal sealed class TelemetryDay
{
    private static readonly byte[][] Broken = ["218322032"u8.ToArray(), "255"u8.ToArray(), "N/A"u8.ToArray()];

    private readonly Fleet _fleet;
    private readonly GaugeModel _gauges;
    private readonly RowWriter _rows;
    private readonly SimulationPlan _plan;
    private readonly Action<long[]> _busyIsComplete;
    private readonly HostTrack[] _hosts;
    private readonly long[] _busy;
    private readonly long _planFrom;
    private readonly long _from;
    private readonly long _until;
    private readonly int _ticks;
    private readonly ulong _duplicateBelow;
    private readonly Dictionary<(int Tick, int Device), byte[]> _broken = [];
    private readonly HashSet<int> _brokenTicks = [];
    private readonly Queue<(HostTrack Host, long From)> _late = [];

    private int _tick;
    private int _host;
    private long _lateSecond;
    private bool _headed;
    private bool _counted;

    /// <param name="busyIsComplete">Gets the true duty of the day, by pool and hour, in percent-seconds, once all its samples have passed.</param>
    public TelemetryDay(Fleet fleet, GaugeModel gauges, RowWriter rows, SimulationPlan plan, CenterClock clock, DateOnly day, Action<long[]> busyIsComplete)
    {
        (_fleet, _gauges, _rows, _plan, _busyIsComplete) = (fleet, gauges, rows, plan, busyIsComplete);
        var window = clock.Day(day);
        (_from, _until) = (window.From / Micros.PerSecond, window.Until / Micros.PerSecond);
        _planFrom = clock.Day(plan.From).From / Micros.PerSecond;
        _ticks = (int)((_until - _from) / plan.PeriodSeconds);
        _busy = new long[fleet.Pools.Length * (int)((_until - _from) / 3_600)];
        _duplicateBelow = (ulong)(plan.Faults.DuplicateShare * (1 << 24));
        _hosts =
        [
            .. fleet.Hosts.Where(host => fleet.Pools[host.Pool].HasGauge)
                .Select(host => new HostTrack(host, fleet, gauges, plan, _from))
                .OrderBy(host => host.Phase).ThenBy(host => host.Host.Ordinal),
        ];
        Break();
        if (day > plan.FirstTelemetry)
        {
            var yesterday = clock.Day(day.AddDays(-1)).From / Micros.PerSecond;
            Postpone(yesterday, _from);
        }

        if (day.AddDays(1) == plan.Until)
        {
            Postpone(_from, _until);
        }
    }

    /// <summary>Longest piece that is never split. Unit: bytes.</summary>
    public int LongestPiece => Math.Max(RowWriter.Header.Length, 2 * _rows.LongestRow * _hosts.Select(host => host.Devices.Length).DefaultIfEmpty(1).Max());

    /// <summary>Writes as many whole pieces as fit.</summary>
    /// <returns>Bytes written; 0 when the day is over.</returns>
    public int Fill(Span<byte> to)
    {
        var at = 0;
        if (!_headed)
        {
            RowWriter.Header.CopyTo(to);
            at = RowWriter.Header.Length;
            _headed = true;
        }

        while (to.Length - at >= LongestPiece && Next(to, ref at))
        {
        }

        return at;
    }

    private bool Next(Span<byte> to, ref int at)
    {
        if (_tick < _ticks && _hosts.Length > 0)
        {
            OnTime(_hosts[_host], to, ref at);
            if (++_host == _hosts.Length)
            {
                (_host, _tick) = (0, _tick + 1);
            }

            return true;
        }

        if (!_counted)
        {
            CountLastSpans();
            _busyIsComplete(_busy);
            _counted = true;
        }

        return NextLate(to, ref at);
    }

    private void OnTime(HostTrack host, Span<byte> to, ref int at)
    {
        var offset = (_tick * _plan.PeriodSeconds) + host.Phase;
        var second = _from + offset;
        var reports = !host.IsInGap(second) && !IsLate(host, second);
        var duty = 0L;
        for (var slot = 0; slot < host.Devices.Length; slot++)
        {
            if (!host.IsUp(slot, second))
            {
                continue;
            }

            var device = host.Devices[slot];
            var noise = _gauges.NoiseAt(device, second);
            var reading = _gauges.Read(device, second, ref host.Cursors[slot], noise);
            duty += reading.TrueDuty;
            if (reports)
            {
                at += Row(to[at..], second, device, reading, noise);
            }
        }

        Count(host.Host.Pool, offset, duty);
    }

    private int Row(Span<byte> to, long second, int device, in Reading reading, ulong noise)
    {
        ReadOnlySpan<byte> broken = default;
        if (_brokenTicks.Contains(_tick) && _broken.TryGetValue((_tick, device), out var text))
        {
            broken = text;
        }

        var length = _rows.Write(to, second, device, reading, broken);
        if (noise >> 40 < _duplicateBelow)
        {
            to[..length].CopyTo(to[length..]);
            return 2 * length;
        }

        return length;
    }

    /// <summary>A sample stands for the period before it; what lies before the day is the day before's.</summary>
    private void Count(int pool, int offset, long duty)
    {
        var hours = _busy.Length / _fleet.Pools.Length;
        var (hour, inHour) = (offset / 3_600, offset % 3_600);
        var here = Math.Min(_plan.PeriodSeconds, inHour);
        if (hour < hours)
        {
            _busy[(pool * hours) + hour] += duty * here;
        }

        if (hour > 0)
        {
            _busy[(pool * hours) + hour - 1] += duty * (_plan.PeriodSeconds - here);
        }
    }

    /// <summary>The last seconds of the day belong to samples of the next one.</summary>
    private void CountLastSpans()
    {
        foreach (var host in _hosts)
        {
            var second = _until + host.Phase;
            var duty = 0L;
            for (var slot = 0; slot < host.Devices.Length; slot++)
            {
                if (host.IsUp(slot, second))
                {
                    duty += _gauges.Read(host.Devices[slot], second).TrueDuty;
                }
            }

            Count(host.Host.Pool, (int)(_until - _from) + host.Phase, duty);
        }
    }

    private bool NextLate(Span<byte> to, ref int at)
    {
        if (!_late.TryPeek(out var late))
        {
            return false;
        }

        var second = late.From + late.Host.Phase + _lateSecond;
        if (!late.Host.Host.Gaps.Any(gap => gap.Contains(second * Micros.PerSecond)))
        {
            foreach (var device in late.Host.Devices.Where(device => _fleet.Devices[device].IsUpAt(second * Micros.PerSecond)))
            {
                at += _rows.Write(to[at..], second, device, _gauges.Read(device, second), broken: default);
            }
        }

        _lateSecond += _plan.PeriodSeconds;
        if (_lateSecond >= 3_600)
        {
            _lateSecond = 0;
            _late.Dequeue();
        }

        return true;
    }

    private void Postpone(long from, long until)
    {
        for (var hour = from; hour < until; hour += 3_600)
        {
            foreach (var host in _hosts.Where(host => IsLate(host, hour + host.Phase)))
            {
                _late.Enqueue((host, hour));
            }
        }
    }

    private bool IsLate(HostTrack host, long second) =>
        _plan.Faults.LateShare > 0 && Draw.Unit(Draw.At(host.LateKey, (ulong)((second - host.Phase - _planFrom) / 3_600))) < _plan.Faults.LateShare;

    private void Break()
    {
        var devices = _hosts.SelectMany(host => host.Devices).ToArray();
        var draw = new DrawStream(_plan.Seed, Purpose.Broken, (ulong)_from);
        for (var i = 0; i < _plan.Faults.BrokenPerDay && devices.Length > 0; i++)
        {
            var tick = draw.Between(0, _ticks - 1);
            _broken[(tick, devices[draw.Between(0, devices.Length - 1)])] = Broken[i % Broken.Length];
            _brokenTicks.Add(tick);
        }
    }

    /// <summary>One host, with how far its devices' runs, outages and gaps have been read.</summary>
    private sealed class HostTrack
    {
        private readonly SimulatedDevice[] _devices;
        private readonly int[] _dark;
        private int _gap;

        public HostTrack(SimulatedHost host, Fleet fleet, GaugeModel gauges, SimulationPlan plan, long from)
        {
            Host = host;
            Devices = [.. host.Devices];
            _devices = [.. host.Devices.Select(ordinal => fleet.Devices[ordinal])];
            _dark = new int[Devices.Length];
            Cursors = [.. Devices.Select(device => gauges.FirstRunAfter(device, from))];
            var name = Draw.Name(host.Name);
            Phase = (int)(Draw.At(plan.Seed, Purpose.Gauge, name, 0) % (ulong)plan.PeriodSeconds);
            LateKey = Draw.Key(plan.Seed, Purpose.LateHour, name);
        }

        public SimulatedHost Host { get; }

        public int[] Devices { get; }

        public int[] Cursors { get; }

        /// <summary>Its second within the period.</summary>
        public int Phase { get; }

        public ulong LateKey { get; }

        /// <summary>Instants must not fall.</summary>
        public bool IsInGap(long second)
        {
            var instant = second * Micros.PerSecond;
            while (_gap < Host.Gaps.Length && Host.Gaps[_gap].Until <= instant)
            {
                _gap++;
            }

            return _gap < Host.Gaps.Length && Host.Gaps[_gap].Contains(instant);
        }

        /// <summary>Instants must not fall.</summary>
        public bool IsUp(int slot, long second)
        {
            var instant = second * Micros.PerSecond;
            var device = _devices[slot];
            ref var dark = ref _dark[slot];
            while (dark < device.Dark.Length && device.Dark[dark].Until <= instant)
            {
                dark++;
            }

            return device.Installed.Contains(instant) && !(dark < device.Dark.Length && device.Dark[dark].Contains(instant));
        }
    }
}
