namespace Headroom.Analytics.Demand;

/// <summary>What an observer of one pool sees in one hour. Unit: mean devices.</summary>
/// <param name="Start">Unit: microseconds since the Unix epoch, UTC.</param>
/// <param name="Installed">Devices that work could have had; where outages are known, without those that were down.</param>
/// <param name="Queued">Devices asked for by those who wait; null: not counted.</param>
public readonly record struct ObservedHour(long Start, double Installed, double Allocated, double? Queued)
{
    /// <summary>From this share of the installed devices on an hour is full: a job may be waiting for the rest.</summary>
    public const double FullFrom = 0.95;

    public bool IsFull => Allocated >= FullFrom * Installed;
}
