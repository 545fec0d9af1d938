using System.Collections.Immutable;
using Headroom.Domain.Accounting;
using Headroom.Domain.Devices;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;

namespace Headroom.Domain.Operations;

/// <summary>Gathers the findings of one local day, device after device. Pure.</summary>
/// <param name="now">Time from here on has not happened.</param>
public sealed class FindingsOfDay(AccountingRules rules, CenterClock clock, DateOnly day, long now)
{
    /// <summary>An idle run counts from here on. Unit: microseconds. Source: METRICS section 4.</summary>
    public const long LeastIdle = 15 * Micros.PerMinute;

    /// <summary>Below this a held device is idle. Unit: parts per million. Source: METRICS section 4.</summary>
    public const int IdleBelowPpm = 50_000;

    /// <summary>From here on a device is hot; data center cards slow down some degrees above. Unit: thousandths of a degree Celsius.</summary>
    public const int HotFrom = 85_000;

    /// <summary>A shorter time above it is a peak, not a finding. Unit: microseconds.</summary>
    public const long LeastHot = 15 * Micros.PerMinute;

    /// <summary>A job of fewer devices has no middle to compare with.</summary>
    private const int LeastDevices = 4;

    /// <summary>Where the middle of a job does less, nothing can be said of those below. Unit: parts per million.</summary>
    private const int LeastMedianPpm = 200_000;

    private readonly Window _day = clock.Day(day) is var whole ? whole with { Until = Math.Min(whole.Until, now) } : default;
    private readonly List<IdleRun> _idle = [];
    private readonly List<HotDevice> _hot = [];
    private readonly Dictionary<(TenantId Tenant, string JobId), List<Straggler>> _gangs = [];

    /// <param name="samples">Of the day and <see cref="CardDayAccountant.ContextMicros"/> around it.</param>
    public void Add(DeviceHistory device, DeviceSamples samples)
    {
        if (_day.IsEmpty || samples.Count == 0)
        {
            return;
        }

        var maxGap = UseSignal.MaxGap(rules.PeriodMicros ?? UseSignal.NominalPeriod(samples.Instants, clock.Day(day)) ?? UseSignal.DefaultPeriodMicros);

        // Whether a run that crosses midnight is long enough is seen from either day alike.
        var seen = new Window(_day.From - LeastIdle, Math.Min(_day.Until + LeastIdle, now));
        foreach (var group in HeldSpans.Of(device, seen).GroupBy(span => span.Placement.Model))
        {
            using var curve = new UseCurve(samples, UseSignal.SilentZeros(samples, maxGap, rules.RatedMilliwatts(group.Key)), maxGap);
            foreach (var span in group)
            {
                AddIdle(device.Device, span, curve);
                AddMember(device.Device, span, curve);
            }
        }

        AddHot(device, samples, maxGap);
    }

    public DayFindings Result() => new(
        day,
        [.. _idle.OrderBy(run => run.Device.Value, StringComparer.Ordinal).ThenBy(run => run.Time.From).ThenBy(run => run.JobId, StringComparer.Ordinal)],
        [.. _gangs.Values.SelectMany(StragglersOf).OrderBy(one => one.Device.Value, StringComparer.Ordinal).ThenBy(one => one.JobId, StringComparer.Ordinal)],
        [.. _hot.OrderBy(hot => hot.Device.Value, StringComparer.Ordinal).ThenBy(hot => hot.Pool.Value, StringComparer.Ordinal)]);

    private void AddIdle(DeviceId device, HeldSpan span, UseCurve curve)
    {
        var pieces = new List<UsePiece>();
        curve.Pieces(span.Time, pieces);
        var from = long.MaxValue;
        foreach (var piece in pieces.Append(new(span.Time.Until, span.Time.Until, span.Time.Until, null)))
        {
            if (piece.UsePpm < IdleBelowPpm)
            {
                from = Math.Min(from, piece.From);
                continue;
            }

            if (from != long.MaxValue && piece.From - from >= LeastIdle)
            {
                AddRun(device, span, new(from, piece.From));
            }

            from = long.MaxValue;
        }
    }

    private void AddRun(DeviceId device, HeldSpan span, Window run)
    {
        var inside = run.Within(_day);
        if (!inside.IsEmpty)
        {
            var part = run.From == span.Holding.Valid.From ? IdlePart.StartUp : run.Until == span.Holding.Valid.Until ? IdlePart.Tail : IdlePart.MidJob;
            _idle.Add(new(device, span.Placement.Pool, span.Placement.Model, span.Holding.Tenant, span.Holding.JobId, span.Holding.Kind, inside, part, span.SharePpm));
        }
    }

    private void AddMember(DeviceId device, HeldSpan span, UseCurve curve)
    {
        var time = span.Time.Within(_day);
        if (time.IsEmpty || !span.Holding.IsByScheduler || span.Holding.JobId.Length == 0)
        {
            return;
        }

        var begin = curve.Begin(time.From);
        var end = curve.At(time.Until, begin);
        var (busy, known) = (end.Busy - begin.Busy, end.Known - begin.Known);
        if (known * 2 < time.Length.Value || known == 0)
        {
            return;
        }

        var key = (span.Holding.Tenant, span.Holding.JobId);
        if (!_gangs.TryGetValue(key, out var members))
        {
            _gangs[key] = members = [];
        }

        members.Add(new(device, span.Placement.Pool, span.Placement.Model, span.Holding.Tenant, span.Holding.JobId, (int)(busy * (Int128)1_000_000 / known), 0, time.Length.Value));
    }

    // Less than half of the job's middle; a device that came in for a moment only is not compared.
    private static IEnumerable<Straggler> StragglersOf(List<Straggler> members)
    {
        var compared = members.Where(member => member.HeldMicros >= LeastIdle).OrderBy(member => member.UsePpm).ToList();
        if (compared.Select(member => member.Device).Distinct().Count() < LeastDevices)
        {
            return [];
        }

        var median = compared[compared.Count / 2].UsePpm;
        return median < LeastMedianPpm ? [] : compared.Where(member => member.UsePpm * 2L < median).Select(member => member with { MedianPpm = median });
    }

    private void AddHot(DeviceHistory device, DeviceSamples samples, long maxGap)
    {
        if (samples.TemperatureMillidegrees.Length != samples.Count)
        {
            return;
        }

        foreach (var placement in device.Placements.Where(placement => placement.Valid.Overlaps(_day)))
        {
            var within = placement.Valid.Within(_day);
            var (from, until, total, peak, runPeak) = (0L, 0L, 0L, 0, 0);
            for (var i = 0; i <= samples.Count; i++)
            {
                var isHot = i < samples.Count && samples.TemperatureMillidegrees[i] >= HotFrom;
                var span = isHot ? new Window(UseSignal.SpanStart(samples.Instants, i, maxGap), samples.Instants[i]).Within(within) : default;
                if (isHot && !span.IsEmpty && span.From == until)
                {
                    (until, runPeak) = (span.Until, Math.Max(runPeak, samples.TemperatureMillidegrees[i]));
                    continue;
                }

                if (until - from >= LeastHot)
                {
                    (total, peak) = (total + until - from, Math.Max(peak, runPeak));
                }

                (from, until, runPeak) = isHot && !span.IsEmpty ? (span.From, span.Until, samples.TemperatureMillidegrees[i]) : (0, 0, 0);
            }

            if (total > 0)
            {
                _hot.Add(new(device.Device, placement.Pool, total, peak));
            }
        }
    }
}
