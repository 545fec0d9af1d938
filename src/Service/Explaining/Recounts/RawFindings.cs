using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Reports.Daily;
using Headroom.Storage;
using Headroom.Storage.Accounting;

namespace Headroom.Service.Explaining.Recounts;

/// <summary>A held device that lay idle. Unit of <paramref name="Micros"/>: the part of the run inside its day.</summary>
/// <param name="Part">As cells name it: <c>start_up</c>, <c>mid_job</c>, <c>tail</c>.</param>
internal sealed record RawIdle(DeviceId Device, Stay Stay, Hold Hold, string Part, long From, long Micros, int Ppm);

/// <summary>A device of a job, and how it worked that day.</summary>
internal sealed record RawMember(DateOnly Day, DeviceId Device, Stay Stay, Hold Hold, long Held, int UsePpm, int MedianPpm)
{
    /// <summary>How far behind it was, and for how long.</summary>
    public long Lag => (MedianPpm - (long)UsePpm) * (Held / Micros.PerSecond);
}

internal sealed record RawHot(DeviceId Device, PoolId Pool, long From, long Micros, int Peak);

/// <summary>Five minutes of a pool's devices of one model. Unit: device-microseconds.</summary>
internal readonly record struct RawStep(long Busy, long Known, long Available);

/// <summary>What raw samples say of a period, found by plain loops over samples and records.</summary>
internal sealed class RawFindings
{
    private const long QuarterHour = 15 * Micros.PerMinute;
    private const long StepMicros = 5 * Micros.PerMinute;
    private const int IdleBelow = 50_000;
    private const int HotFrom = 85_000;
    private const int LeastGang = 4;
    private const int LeastMedian = 200_000;

    private readonly CenterDevices _devices;
    private readonly CardCatalog _catalog;
    private readonly PlainFleet _fleet;
    private readonly List<RawMember> _members = [];

    private RawFindings(CenterDevices devices, CardCatalog catalog, PlainFleet fleet) => (_devices, _catalog, _fleet) = (devices, catalog, fleet);

    public List<RawIdle> Idle { get; } = [];

    public List<RawMember> Stragglers { get; } = [];

    public List<RawHot> Hot { get; } = [];

    public Dictionary<(PoolId Pool, long Start, string Model), RawStep> Steps { get; } = [];

    /// <summary>Samples read, those shortly before and after a day included.</summary>
    public long Samples { get; private set; }

    /// <summary>Null: samples of the period were removed, or more came in after what is asked for.</summary>
    /// <param name="now">Time from here on has not happened.</param>
    public static async Task<RawFindings?> ReadAsync(IStore store, CenterDevices devices, DailyReportInput input, PlainFleet fleet, long now, CancellationToken cancellationToken)
    {
        var (center, clock) = (devices.Center, devices.Center.Clock());
        var days = clock.Days(input.Elapsed).ToList();
        var lapses = await store.ReadLapsesAsync(center.Id, Instants.Never, cancellationToken);
        var newest = (await store.ReadReceivedAsync(center.Id, Instants.Never, cancellationToken)).Select(note => note.Recorded).Append(long.MinValue).Max();
        if (newest > input.AsOf || days.Exists(day => lapses.IsRawGone(clock.Day(day), center.PeriodMicros)))
        {
            return null;
        }

        var found = new RawFindings(devices, input.Catalog, fleet);
        foreach (var day in days)
        {
            await found.AddAsync(store, day, clock.Day(day), now, cancellationToken);
        }

        return found;
    }

    private async Task AddAsync(IStore store, DateOnly day, Window window, long now, CancellationToken cancellationToken)
    {
        var around = new Window(window.From - (2 * Micros.PerHour), Math.Min(window.Until + (2 * Micros.PerHour), now));
        var silent = _fleet.Devices.Keys.ToHashSet();
        _members.Clear();
        await store.ReadUseAsync(
            _devices.Center.Id,
            around,
            withPower: true,
            (device, samples) =>
            {
                if (_fleet.Devices.TryGetValue(device, out var plain))
                {
                    silent.Remove(device);
                    Samples += samples.Count;
                    Add(plain, samples, day, window, now);
                }
            },
            cancellationToken);
        foreach (var device in silent)
        {
            AddSteps(_fleet.Devices[device], model => Of(DeviceSamples.None, window, model), window, now);
        }

        foreach (var job in _members.GroupBy(member => (member.Hold.Tenant, member.Hold.JobId)))
        {
            AddStragglers([.. job.Where(member => member.Held >= QuarterHour).OrderBy(member => member.UsePpm)]);
        }
    }

    private void Add(PlainDevice device, DeviceSamples samples, DateOnly day, Window window, long now)
    {
        var past = window with { Until = Math.Min(window.Until, now) };
        var byModel = new Dictionary<string, PlainSamples>(StringComparer.Ordinal);
        if (samples.Count > 0)
        {
            AddHeld(device, OfModel, day, window, past, now);
            AddHot(device, OfModel(null), past);
        }

        AddSteps(device, OfModel, window, now);

        PlainSamples OfModel(string? model) => byModel.TryGetValue(model ?? "", out var known) ? known : byModel[model ?? ""] = Of(samples, window, model);
    }

    private PlainSamples Of(DeviceSamples samples, Window day, string? model) => new(samples, day, _devices.Center.PeriodMicros, _catalog.Find(model)?.RatedPowerMilliwatts);

    // What one holding has of a device without a break; a run across midnight is looked at a quarter of an hour further.
    private void AddHeld(PlainDevice device, Func<string?, PlainSamples> samples, DateOnly day, Window window, Window past, long now)
    {
        var seen = new Window(window.From - QuarterHour, Math.Min(past.Until + QuarterHour, now));
        var spans = new List<(Hold Hold, Stay Stay, int Ppm, long From, long Until)>();
        foreach (var still in device.Stills(seen, []))
        {
            foreach (var (hold, ppm) in still.Held)
            {
                var open = spans.FindIndex(span => ReferenceEquals(span.Hold, hold) && span.Until == still.From && span.Ppm == ppm && span.Stay == still.Stay);
                if (open >= 0)
                {
                    spans[open] = spans[open] with { Until = still.Until };
                }
                else
                {
                    spans.Add((hold, still.Stay, ppm, still.From, still.Until));
                }
            }
        }

        foreach (var (hold, stay, ppm, from, until) in spans)
        {
            var plain = samples(stay.Model);
            foreach (var run in plain.Runs(from, until, QuarterHour, i => plain.Use(i) < IdleBelow))
            {
                var inside = run.Within(past);
                if (!inside.IsEmpty)
                {
                    Idle.Add(new(device.Id, stay, hold, run.From == hold.From ? "start_up" : run.Until == hold.Until ? "tail" : "mid_job", inside.From, inside.Until - inside.From, ppm));
                }
            }

            var held = new Window(from, until).Within(past);
            if (!held.IsEmpty && hold is { IsJob: true, JobId.Length: > 0 } && plain.Sum(held.From, held.Until) is { Known: > 0 } sum && sum.Known * 2 >= held.Until - held.From)
            {
                _members.Add(new(day, device.Id, stay, hold, held.Until - held.From, (int)((Int128)sum.Busy * 1_000_000 / sum.Known), 0));
            }
        }
    }

    private void AddStragglers(List<RawMember> members)
    {
        if (members.Select(member => member.Device).Distinct().Count() < LeastGang || members[members.Count / 2].UsePpm is var median && median < LeastMedian)
        {
            return;
        }

        Stragglers.AddRange(members.Where(member => member.UsePpm * 2L < median).Select(member => member with { MedianPpm = median }));
    }

    private void AddHot(PlainDevice device, PlainSamples plain, Window past)
    {
        if (!plain.HasTemperature)
        {
            return;
        }

        foreach (var stay in device.Stays)
        {
            var (from, until) = (Math.Max(stay.From, past.From), Math.Min(stay.Until, past.Until));
            foreach (var run in plain.Runs(from, until, QuarterHour, i => plain.Temperature(i) >= HotFrom))
            {
                var peak = 0;
                for (var i = plain.After(run.From); i < plain.Count && plain.Start(i) < run.Until; i++)
                {
                    peak = Math.Max(peak, plain.Temperature(i));
                }

                Hot.Add(new(device.Id, stay.Pool, run.From, run.Until - run.From, peak));
            }
        }
    }

    // Of days that are over and that any feed speaks of.
    private void AddSteps(PlainDevice device, Func<string?, PlainSamples> samples, Window window, long now)
    {
        if (window.Until > now || !IsFed(window))
        {
            return;
        }

        foreach (var still in device.Stills(window, []).Where(still => !still.IsClosed))
        {
            var plain = samples(still.Stay.Model);
            for (var from = still.From; from < still.Until;)
            {
                var start = window.From + ((from - window.From) / StepMicros * StepMicros);
                var until = Math.Min(still.Until, start + StepMicros);
                var (busy, known) = plain.Sum(from, until);
                var key = (still.Stay.Pool, start, still.Stay.Model ?? "");
                var step = Steps.GetValueOrDefault(key);
                Steps[key] = new(step.Busy + busy, step.Known + known, step.Available + until - from);
                from = until;
            }
        }
    }

    private bool IsFed(Window day)
    {
        var feeds = _devices.Facts.Coverage.Where(span => span.Feed != Domain.Facts.FeedCoverage.Contracts).Select(span => span.Valid).Append(_devices.Facts.Telemetry).Where(span => !span.IsEmpty).ToList();
        return feeds.Count > 0 && feeds.Min(span => span.From) < day.Until && feeds.Max(span => span.Until) > day.From;
    }
}
