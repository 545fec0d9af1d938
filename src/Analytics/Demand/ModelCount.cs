namespace Headroom.Analytics.Demand;

/// <summary>Devices of one model in one hour. Unit: mean devices.</summary>
/// <param name="Start">Unit: microseconds since the Unix epoch, UTC.</param>
/// <param name="Free">That work could have had and nobody held.</param>
public readonly record struct ModelCount(string Model, long Start, double Free);
