namespace Headroom.Service;

/// <summary>What a running service writes to its log.</summary>
internal static partial class ServiceLog
{
    [LoggerMessage(LogLevel.Information, "Serving {Address}")]
    public static partial void Serving(ILogger logger, string address);

    [LoggerMessage(LogLevel.Information, "Stopped: everything acknowledged is in the store")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(LogLevel.Information, "Collecting from {Targets} targets of {Center}")]
    public static partial void Collecting(ILogger logger, string center, int targets);

    [LoggerMessage(LogLevel.Information, "Target {Target} of {Center} is up")]
    public static partial void TargetUp(ILogger logger, string center, string target);

    [LoggerMessage(LogLevel.Warning, "{Problem}")]
    public static partial void TargetProblem(ILogger logger, string problem);

    [LoggerMessage(LogLevel.Information, "Accounted for {Days} card-days of {Center}")]
    public static partial void Accounted(ILogger logger, string center, int days);

    [LoggerMessage(LogLevel.Error, "Accounting for {Center} failed; it is tried again at the next turn")]
    public static partial void AccountingFailed(ILogger logger, string center, Exception problem);

    [LoggerMessage(LogLevel.Error, "Collecting from {Center} ended by a failure; it begins anew within a minute")]
    public static partial void CollectingFailed(ILogger logger, string center, Exception problem);

    [LoggerMessage(LogLevel.Error, "Pages of {Center} could not be made ahead; who asks for one waits for it or is told why")]
    public static partial void WarmingFailed(ILogger logger, string center, Exception problem);

    [LoggerMessage(LogLevel.Information, "Retention of {Center}: {Rows} samples of {Days} days removed; the file has {After} bytes, {Before} before")]
    public static partial void Retained(ILogger logger, string center, long rows, int days, long before, long after);

    [LoggerMessage(LogLevel.Error, "{Pieces} pieces of samples of {Center} are damaged; headroom verify store names them")]
    public static partial void Damaged(ILogger logger, string center, int pieces);

    [LoggerMessage(LogLevel.Error, "Retention of {Center} failed; it is tried again at the next turn")]
    public static partial void RetainingFailed(ILogger logger, string center, Exception problem);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(ILogger logger, string method, string path, Exception problem);
}
