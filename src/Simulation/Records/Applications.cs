using System.Globalization;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Simulation.Draws;
using Headroom.Simulation.Fleets;
using Headroom.Simulation.Tenants;

namespace Headroom.Simulation.Records;

/// <summary>A tenant's application for capacity in the months after the plan.</summary>
/// <param name="State"><c>PENDING</c>, <c>APPROVED</c>, <c>REJECTED</c> or <c>WITHDRAWN</c>.</param>
/// <param name="Decided">Null while it is pending.</param>
/// <param name="Probability">That it comes, 0 to 1; null: nobody said.</param>
/// <param name="Gang">Largest number of devices it needs at once.</param>
internal sealed record Application(
    string Id, TenantId Tenant, SimulatedPool Pool, int Devices, long Submitted, Window Wanted, string State, long? Decided, string? Reason,
    double? Probability, int Gang, string Kind, string Applicant);

internal static class Applications
{
    private const double EveryDays = 3;

    private static readonly string[] Kinds = ["training", "inference", "research"];

    /// <summary>About one in three days and pool, by submission, in the days that have telemetry.</summary>
    public static IReadOnlyList<Application> Of(SimulatedCenter simulated)
    {
        var tenants = simulated.Center.Tenants.IsDefaultOrEmpty ? InventedTenants.All : simulated.Center.Tenants;
        var applications = new List<Application>();
        var plan = simulated.Window with { From = simulated.Center.Clock().Day(simulated.Plan.FirstTelemetry).From };
        foreach (var pool in simulated.Fleet.Pools)
        {
            var draw = new DrawStream(simulated.Plan.Seed, Purpose.Application, Draw.Name(pool.Id.Value));
            var days = draw.Exponential(EveryDays);
            for (; plan.From + At(days) < plan.Until; days += draw.Exponential(EveryDays))
            {
                var tenant = tenants[draw.Between(0, tenants.Length - 1)].Id;
                applications.Add(One(plan, pool, tenant, plan.From + At(days), ref draw));
            }
        }

        return [.. applications.OrderBy(a => a.Submitted).ThenBy(a => a.Pool.Id.Value, StringComparer.Ordinal).Select((a, i) => a with { Id = Name("R", i + 1) })];
    }

    private static Application One(Window plan, SimulatedPool pool, TenantId tenant, long submitted, ref DrawStream draw)
    {
        var largest = Math.Clamp(pool.Devices / 4, 1, 96);
        var devices = Math.Min(largest, 1 << draw.Between(2, 6));
        var from = Math.Max(plan.Until, submitted) + At(draw.Between(3, 120));
        var wanted = new Window(from, from + At(draw.Between(60, 360)));
        var decided = submitted + At(draw.Between(2.0, 14.0));
        (string state, string? reason, double? probability) = draw.Unit() switch
        {
            < 0.45 => ("PENDING", null, draw.Between(0.2, 0.8)),
            < 0.75 => ("APPROVED", null, 1.0),
            < 0.90 => ("REJECTED", "no capacity", 0.0),
            _ => ("WITHDRAWN", "went elsewhere", 0.0),
        };
        if (state != "PENDING" && decided >= plan.Until)
        {
            (state, reason, probability) = ("PENDING", null, 0.5);
        }

        return new(
            string.Empty, tenant, pool, devices, submitted, wanted, state, state == "PENDING" ? null : decided, reason, probability,
            Math.Max(1, devices >> draw.Between(0, 2)), Kinds[draw.Between(0, Kinds.Length - 1)], Name("A", draw.Between(1, 60)));
    }

    private static long At(double days) => (long)(days * 86_400) * Micros.PerSecond;

    private static string Name(string letter, int number) => string.Create(CultureInfo.InvariantCulture, $"{letter}-{number:0000}");
}
