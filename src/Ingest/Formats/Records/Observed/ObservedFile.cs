using Headroom.Domain.Messages;

namespace Headroom.Ingest.Formats.Records.Observed;

/// <summary>One hour of one pool as an observer sees it. Unit: mean devices.</summary>
/// <param name="Hour">Start of the hour. Unit: microseconds since the Unix epoch.</param>
/// <param name="Queued">Null: not counted.</param>
/// <param name="Tenant">Whose; null: of the whole pool.</param>
public readonly record struct ObservedRow(long Hour, double Installed, double Allocated, double? Queued, string? Tenant = null);

/// <summary>The observed CSV: <c>hour,installed,allocated[,queued][,tenant]</c>. With tenants a row is one of them in one hour, and <c>installed</c> its quota.</summary>
public static class ObservedFile
{
    private const double MostDevices = 1e7;

    /// <param name="path">Plain or <c>.gz</c>.</param>
    /// <exception cref="UserException">Missing, unreadable, or without one of the columns.</exception>
    public static RowsOf<ObservedRow> Read(string path, RecordSource source) => RowsOf<ObservedRow>.Read(
        path,
        source,
        ["hour", "installed", "allocated"],
        ["queued", "tenant"],
        row => new(
            row.RequiredInstant("hour"),
            row.RequiredNumber("installed", 0, MostDevices),
            row.RequiredNumber("allocated", 0, MostDevices),
            row.Number("queued", 0, double.MaxValue),
            row.Optional("tenant")));
}
