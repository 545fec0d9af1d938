using System.Globalization;
using Headroom.Domain.Centers;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;

namespace Headroom.Ingest.Formats.Records.Capacity;

/// <param name="From">Unit: microseconds since the Unix epoch.</param>
/// <param name="To">Null: stays.</param>
/// <param name="SlipDays">Triangular: least, most likely, most.</param>
public readonly record struct CapacityRow(long From, long? To, double Cards, PhaseStatus Status, (int Least, int Likely, int Most) SlipDays);

/// <summary>The capacity CSV: <c>from,to,cards[,status,slip_days]</c>.</summary>
/// <remarks>
/// <c>slip_days</c> is <c>least;likely;most</c>; one number is the most likely slip, of at least nothing and at most twice that.
/// Without a status a phase counts as committed: it holds, and slips only where it says so.
/// </remarks>
public static class CapacityFile
{
    private const double MostDevices = 1e7;
    private const int MostDays = 3_650;

    /// <param name="path">Plain or <c>.gz</c>.</param>
    /// <exception cref="UserException">Missing, unreadable, or without one of the columns.</exception>
    public static RowsOf<CapacityRow> Read(string path, RecordSource source) => RowsOf<CapacityRow>.Read(path, source, ["from", "to", "cards"], ["status", "slip_days"], Row);

    private static CapacityRow Row(RecordRow row)
    {
        var (from, to) = (row.RequiredInstant("from"), row.Instant("to"));
        if (to < from)
        {
            row.Fail(RejectReason.Backwards, "to");
        }

        return new(from, to, row.RequiredNumber("cards", 0, MostDevices), Status(row), Slip(row));
    }

    private static PhaseStatus Status(RecordRow row)
    {
        switch (row.Optional("status")?.ToLowerInvariant())
        {
            case "installed":
                return PhaseStatus.Installed;
            case null or "committed":
                return PhaseStatus.Committed;
            case "candidate":
                return PhaseStatus.Candidate;
            default:
                row.Fail(RejectReason.UnknownWord, "status");
                return PhaseStatus.Candidate;
        }
    }

    private static (int Least, int Likely, int Most) Slip(RecordRow row)
    {
        if (row.Optional("slip_days") is not { } text)
        {
            return default;
        }

        var days = text.Trim('[', ']', ' ').Split([';', ',', ' ', '|'], StringSplitOptions.RemoveEmptyEntries)
            .Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var day) && Math.Abs(day) <= MostDays ? (int)Math.Round(day) : int.MaxValue)
            .ToArray();
        if (days is [var likely] && likely != int.MaxValue)
        {
            return (Math.Min(0, 2 * likely), likely, Math.Max(0, 2 * likely));
        }

        if (days is [var least, var middle, var most] && least <= middle && middle <= most && most != int.MaxValue)
        {
            return (least, middle, most);
        }

        row.Fail(RejectReason.NotANumber, "slip_days");
        return default;
    }
}
