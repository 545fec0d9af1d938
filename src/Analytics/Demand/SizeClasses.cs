namespace Headroom.Analytics.Demand;

/// <summary>Sizes by powers of two.</summary>
internal static class SizeClasses
{
    public const int Count = 32;

    /// <summary>0 for 1 device, 1 for 2, 2 for 3 and 4, 3 for 5 to 8.</summary>
    public static int Of(int devices) => 32 - int.LeadingZeroCount(devices - 1);
}
