using System.Collections.Immutable;
using Headroom.Domain.Devices;
using Headroom.Domain.Time;
using Headroom.Simulation.Draws;

namespace Headroom.Simulation.Tenants;

/// <summary>How a tenant asks for devices: how much, how large, how long, at which hours of the week, and how it keeps holidays.</summary>
/// <param name="Weight">Relative number of jobs among tenants.</param>
/// <param name="SizeWeights">Of gangs of 1, 2, 4 ... 64 devices.</param>
/// <param name="MedianMinutes">Median runtime of its one-device jobs.</param>
/// <param name="Sigma">Of the log-normal runtime.</param>
/// <param name="WeekendFactor">Arrivals on Saturday and Sunday, relative to other days.</param>
/// <param name="PeakHour">Local hour of most arrivals.</param>
/// <param name="NightFactor">Arrivals at the quietest hour, relative to the peak.</param>
/// <param name="HolidayFactor">Arrivals on public holidays, relative to the same day without one.</param>
/// <param name="WellTuned">Share of its jobs that keep their devices busy.</param>
internal sealed record TenantProfile(
    TenantId Id,
    double Weight,
    ImmutableArray<double> SizeWeights,
    double MedianMinutes,
    double Sigma,
    double WeekendFactor,
    int PeakHour,
    double NightFactor,
    double HolidayFactor,
    double WellTuned)
{
    public static TenantProfile Draw(ulong seed, TenantId id)
    {
        var draw = new DrawStream(seed, Purpose.Tenant, Draws.Draw.Name(id.Value));
        var weight = draw.LogNormal(1, 0.7);
        var center = draw.Between(0.8, 3.2);
        var spread = draw.Between(1.1, 1.9);
        return new(
            id,
            weight,
            [.. Enumerable.Range(0, 7).Select(power => StableMath.Exp(-(power - center) * (power - center) / (2 * spread * spread)))],
            MedianMinutes: draw.Between(40, 150),
            Sigma: draw.Between(1.2, 1.6),
            WeekendFactor: draw.Between(0.35, 0.9),
            PeakHour: draw.Between(10, 19),
            NightFactor: draw.Between(0.25, 0.6),
            HolidayFactor: draw.Between(0.2, 0.6),
            WellTuned: draw.Between(0.45, 0.85));
    }

    /// <summary>Arrivals in the local hour that holds <paramref name="instant"/>, relative to the tenant's busiest.</summary>
    public double Rhythm(CenterClock clock, long instant)
    {
        var local = clock.Local(instant);
        var distance = Math.Abs(local.Hour - PeakHour);
        var nearness = 1 - (Math.Min(distance, 24 - distance) / 12.0);
        var hour = NightFactor + ((1 - NightFactor) * nearness * nearness * (3 - (2 * nearness)));
        var day = local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? WeekendFactor : 1;
        return hour * day * (Holidays.Contains(DateOnly.FromDateTime(local.DateTime)) ? HolidayFactor : 1);
    }
}
