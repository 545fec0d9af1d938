namespace Headroom.Analytics.Demand;

/// <summary>Who waited in one hour.</summary>
/// <param name="Tenant">Empty: not known.</param>
/// <param name="Hour">Its start. Unit: microseconds since the Unix epoch, UTC.</param>
/// <param name="Devices">Mean devices asked for.</param>
internal readonly record struct QueueWait(string Tenant, long Hour, double Devices)
{
    /// <summary>Fewer devices that wait are not a queue.</summary>
    public const double Somebody = 0.5;

    /// <summary>Devices of each job that waits; null: not known.</summary>
    public int? Gang { get; init; }

    /// <summary>The model asked for; empty: any, or not known.</summary>
    public string Model { get; init; } = "";

    /// <summary>What the tenant may hold; null: it has no quota, or it is not known.</summary>
    public double? Quota { get; init; }

    /// <summary>Mean devices that the tenant held, where it has a quota.</summary>
    public double Allocated { get; init; }

    /// <summary>Of <see cref="Devices"/> those of work that would have run in this hour had it begun when it could; null: not known how long it would have run.</summary>
    public double? Unserved { get; init; }
}
