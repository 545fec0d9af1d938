using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Headroom.Domain.Time;
using Headroom.Simulation.Plans;

namespace Headroom.Simulation.Records;

/// <summary>Writes a simulated center as a folder of input files, its hidden truth, and a note that says it is simulated.</summary>
public static class SimulationFiles
{
    private const string Notice = """
        SIMULATED DATA. Nothing in this folder was measured.
        模拟数据。本文件夹中没有任何实测数据。
        Made by `headroom simulate`; the plan and the seed are in truth.json. truth.csv is hidden truth: do not ingest it.

        """;

    /// <summary>Writes <c>telemetry-DAY.csv</c> for each day, <c>jobs.csv</c>, <c>inventory.csv</c>,
    /// <c>requests.csv</c>, <c>truth.csv</c>, <c>truth.json</c> and <c>SIMULATED.txt</c>.</summary>
    /// <param name="dayWritten">Called after each day's telemetry; null: nobody asks.</param>
    public static async Task WriteAsync(SimulatedCenter simulated, string folder, Action<DateOnly>? dayWritten, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(simulated);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "SIMULATED.txt"), Notice, cancellationToken).ConfigureAwait(false);
        foreach (var day in simulated.Days)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"telemetry-{day:yyyy-MM-dd}.csv");
            var file = File.Create(Path.Combine(folder, name));
            await using (file.ConfigureAwait(false))
            {
                var rows = simulated.OpenTelemetry(day);
                await using (rows.ConfigureAwait(false))
                {
                    await rows.CopyToAsync(file, 1 << 18, cancellationToken).ConfigureAwait(false);
                }
            }

            dayWritten?.Invoke(day);
        }

        Write(folder, "jobs.csv", writer => RecordFiles.WriteJobs(simulated, writer));
        Write(folder, "inventory.csv", writer => RecordFiles.WriteInventory(simulated, writer));
        Write(folder, "requests.csv", writer => RecordFiles.WriteRequests(simulated, writer));
        Write(folder, "truth.csv", writer => RecordFiles.WriteTruth(simulated, writer));
        await File.WriteAllTextAsync(Path.Combine(folder, "truth.json"), Manifest(simulated), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The plan, the seed and the mean demand reached, as JSON that says <c>"simulated": true</c>.</summary>
    public static string Manifest(SimulatedCenter simulated)
    {
        ArgumentNullException.ThrowIfNull(simulated);
        var plan = simulated.Plan;
        var manifest = new
        {
            simulated = true,
            center = simulated.Center.Id.Value,
            seed = plan.Seed,
            from = plan.From,
            telemetry_from = plan.FirstTelemetry,
            until = plan.Until,
            zone = simulated.Center.Zone,
            period_s = plan.PeriodSeconds,
            demand_means = "devices that would be held if every request started as soon as it could; applications of requests.csv lie after the plan and are not part of it",
            pools = simulated.Fleet.Pools.Select((pool, i) => new
            {
                pool = pool.Id.Value,
                model = pool.Model,
                devices = pool.Devices,
                mean_installed_devices = pool.Capacity,
                planned_mean_demand_devices = pool.MeanDemand,
                mean_demand_devices = simulated.Truth.MeanDemand(i),
                growth_per_month = plan.For(pool.Id).GrowthPerMonth,
            }),
            additions = plan.Additions.Select(a => new { day = a.Day, pool = a.Pool.Value, devices = a.Devices }),
            level_shift = plan.Shift is { } shift ? new { day = shift.Day, size = shift.Size } : null,
            failures_per_1000_device_days = plan.FailuresPerThousandDeviceDays,
            swap_share = plan.SwapShare,
            maintenance_every_days = plan.MaintenanceEveryDays,
            leave_share = plan.LeaveShare,
            mean_patience_hours = plan.MeanPatienceHours,
            warm_up_days = plan.WarmUpDays,
            faults = new
            {
                gaps_per_host_day = plan.Faults.GapsPerHostDay,
                late_share = plan.Faults.LateShare,
                duplicate_share = plan.Faults.DuplicateShare,
                broken_per_day = plan.Faults.BrokenPerDay,
                silent_share = plan.Faults.SilentShare,
            },
            silent_devices = simulated.Fleet.Devices.Where(device => !device.Silent.IsEmpty).Select(device => new
            {
                card = device.Id.Value,
                from = Instants.ToText(device.Silent.From),
                to = Instants.ToText(device.Silent.Until),
            }),
        };
        return JsonSerializer.Serialize(manifest, Options) + "\n";
    }

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static void Write(string folder, string name, Action<TextWriter> write)
    {
        using var writer = new StreamWriter(Path.Combine(folder, name), append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        write(writer);
    }
}
