namespace Headroom.Reports.Components;

/// <summary>The icon of every page and report: bars under a limit.</summary>
public static class PageIcon
{
    /// <summary>The picture itself, so that nothing is fetched.</summary>
    public const string Url =
        "data:image/svg+xml,%3Csvg xmlns='http%3A//www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='3' fill='%230072b2'/%3E"
        + "%3Cpath d='M2 4h12M4 13V9M8 13V7M12 13V4' stroke='%23fff' stroke-width='2'/%3E%3C/svg%3E";
}
