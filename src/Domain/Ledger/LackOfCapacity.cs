using System.Collections.Immutable;

namespace Headroom.Domain.Ledger;

/// <summary>Whether a refused or withdrawn request was lost because the devices were not there.</summary>
public static class LackOfCapacity
{
    private static readonly ImmutableArray<string> Words =
    [
        "capacity", "resource", "insufficient", "not enough", "no card", "full", "queue", "wait", "elsewhere",
        "容量", "算力", "资源", "不足", "已满", "饱和", "排队", "等待", "另寻", "转投", "转至",
    ];

    /// <param name="reason">As it was written; null: nobody said why, and it is taken as such: demand that was there.</param>
    public static bool Is(string? reason) => reason is null || Words.Any(word => reason.Contains(word, StringComparison.OrdinalIgnoreCase));
}
