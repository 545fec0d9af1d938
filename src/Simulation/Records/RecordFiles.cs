using System.Globalization;
using CsvHelper;
using Headroom.Domain.Facts;
using Headroom.Domain.Time;
using Headroom.Simulation.Fleets;
using Headroom.Simulation.Running;

namespace Headroom.Simulation.Records;

/// <summary>Jobs, inventory, applications and the truth as CSV, as they are known when the plan ends or at an earlier instant.</summary>
public static class RecordFiles
{
    /// <summary>All attempts submitted before <paramref name="known"/>, as they stood then.</summary>
    /// <param name="known">Null: the end of the plan.</param>
    /// <param name="changed">Only those that were submitted, started or ended in it; null: all.</param>
    public static void WriteJobs(SimulatedCenter simulated, TextWriter to, long? known = null, Window? changed = null)
    {
        ArgumentNullException.ThrowIfNull(simulated);
        using var csv = Open(to);
        Row(
            csv, "cluster", "job_id", "tenant", "submit_utc", "start_utc", "end_utc", "cards", "state",
            "pool", "model", "eligible_utc", "hosts", "card_ids", "priority", "preemptible", "requested_s", "attempt_of");
        var until = known ?? simulated.Window.Until;
        foreach (var attempt in simulated.Attempts.Where(a => a.Submitted < until && (changed is not { } window || Changed(a, window))))
        {
            Job(csv, simulated, attempt, until);
        }
    }

    /// <summary>Devices accepted and retired, and each outage that had begun before <paramref name="known"/>; one that had not ended has no end.</summary>
    /// <param name="known">Null: the end of the plan.</param>
    public static void WriteInventory(SimulatedCenter simulated, TextWriter to, long? known = null)
    {
        ArgumentNullException.ThrowIfNull(simulated);
        using var csv = Open(to);
        Row(csv, "card", "host", "slot", "model", "pool", "event", "from", "to", "reason");
        var until = known ?? simulated.Window.Until;
        var facts = simulated.Fleet.Devices.SelectMany(device => Facts(simulated, device)).Where(fact => fact.Valid.From < until);
        foreach (var fact in facts.OrderBy(f => f.Valid.From).ThenBy(f => f.Event))
        {
            Row(
                csv, fact.Device.Value, fact.Host, fact.Slot, fact.Model, fact.Pool?.Value, EventWord(fact.Event),
                Time(fact.Valid.From), fact.Valid.Until < until ? Time(fact.Valid.Until) : null, fact.Reason);
        }
    }

    /// <summary>Applications for capacity after the plan's days: none of them is part of the hidden demand of those days.</summary>
    public static void WriteRequests(SimulatedCenter simulated, TextWriter to)
    {
        ArgumentNullException.ThrowIfNull(simulated);
        using var csv = Open(to);
        Row(
            csv, "request_id", "center", "tenant", "pool", "cards", "submitted", "wanted_from", "wanted_to", "state", "decided",
            "reason", "probability", "model", "gang", "priority", "kind", "applicant_id");
        foreach (var application in Applications.Of(simulated))
        {
            Row(
                csv, application.Id, simulated.Center.Id.Value, application.Tenant.Value, application.Pool.Id.Value, Number(application.Devices),
                Time(application.Submitted), Time(application.Wanted.From), Time(application.Wanted.Until), application.State,
                application.Decided is { } decided ? Time(decided) : null, application.Reason,
                application.Probability?.ToString("0.00", CultureInfo.InvariantCulture), application.Pool.Model, Number(application.Gang),
                "normal", application.Kind, application.Applicant);
        }
    }

    /// <summary>The hidden truth by hour and pool; busy time is empty for pools without gauges and days whose telemetry was not read.</summary>
    public static void WriteTruth(SimulatedCenter simulated, TextWriter to)
    {
        ArgumentNullException.ThrowIfNull(simulated);
        using var csv = Open(to);
        Row(csv, "hour", "pool", "demand_devices", "queued_devices", "allocated_devices", "busy_device_hours");
        foreach (var row in simulated.Truth.Rows())
        {
            Row(
                csv, Time(row.Hour), simulated.Fleet.Pools[row.Pool].Id.Value, Number(row.Demand), Number(row.Queued), Number(row.Allocated),
                row.BusyDeviceHours is { } busy ? Number(busy) : null);
        }
    }

    /// <summary>The inventory as facts: what <see cref="WriteInventory"/> prints at the end of the plan.</summary>
    internal static IEnumerable<InventoryFact> Facts(SimulatedCenter simulated, SimulatedDevice device)
    {
        var (host, pool, slot) = (simulated.Fleet.HostOf(device).Name, simulated.Fleet.PoolOf(device), Number(device.Slot));
        yield return new(device.Id, InventoryEvent.Installed, device.Installed with { Until = Instants.Never }, host, slot, pool.Model, pool.Id, null);
        foreach (var outage in device.Outages)
        {
            yield return new(device.Id, outage.Event, outage.Valid, host, slot, pool.Model, pool.Id, outage.Reason);
        }

        if (device.Installed.Until != Instants.Never)
        {
            yield return new(device.Id, InventoryEvent.Retired, new(device.Installed.Until, Instants.Never), host, slot, pool.Model, pool.Id, "swapped after repair");
        }
    }

    private static void Job(CsvWriter csv, SimulatedCenter simulated, Attempt attempt, long until)
    {
        var pool = simulated.Fleet.Pools[attempt.Request.Pool];
        var started = attempt.Started is { } start && start < until ? attempt.Started : null;
        var ended = attempt.Ended is { } end && (end < until || until == simulated.Window.Until) ? attempt.Ended : null;
        var state = ended is not null ? attempt.State : started is not null ? JobState.Running : JobState.Pending;
        var devices = started is null ? [] : attempt.Devices.Select(ordinal => simulated.Fleet.Devices[ordinal]).ToArray();
        Row(
            csv, simulated.Center.Id.Value, attempt.JobId, attempt.Request.Tenant.Value, Time(attempt.Submitted),
            started is { } from ? Time(from) : null, ended is { } to ? Time(to) : null, Number(attempt.Request.Devices), StateWord(state),
            pool.Id.Value, pool.Model, Time(attempt.Eligible),
            string.Join(';', devices.Select(device => simulated.Fleet.HostOf(device).Name).Distinct(StringComparer.Ordinal)),
            string.Join(';', devices.Select(device => device.Id.Value)),
            "normal", "false", Number(attempt.Request.Requested / Micros.PerSecond), attempt.Number == 0 ? null : attempt.Request.JobId);
    }

    private static bool Changed(Attempt attempt, Window window) =>
        window.Contains(attempt.Submitted)
        || (attempt.Started is { } started && window.Contains(started))
        || (attempt.Ended is { } ended && window.Contains(ended));

    private static string StateWord(JobState state) => state switch
    {
        JobState.NodeFail => "NODE_FAIL",
        _ => state.ToString().ToUpperInvariant(),
    };

    private static string EventWord(InventoryEvent @event) => @event switch
    {
        InventoryEvent.Installed => "installed",
        InventoryEvent.Retired => "retired",
        InventoryEvent.Moved => "moved",
        InventoryEvent.Down => "down",
        InventoryEvent.Repair => "repair",
        InventoryEvent.Maintenance => "maintenance",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Time(long instant) => Instants.ToText(instant);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static CsvWriter Open(TextWriter to) => CsvWriter.Create(to, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);

    private static void Row(CsvWriter csv, params ReadOnlySpan<string?> cells)
    {
        foreach (var cell in cells)
        {
            csv.WriteField(cell ?? string.Empty);
        }

        csv.EndRecord();
    }
}
