using System.Globalization;
using System.Text;
using Headroom.Domain.Messages;
using Headroom.Domain.Telemetry;
using Headroom.Domain.Time;
using Headroom.Ingest.Formats.Telemetry;

namespace Headroom.Ingest.Formats.Records;

/// <summary>Typed cells of one row. The first thing wrong with it decides why it is rejected; what is read after that is neutral.</summary>
internal sealed class RecordRow(Table table, RecordSource source)
{
    /// <summary>1990-01-01: logs of the first parallel machines are real, clocks that stand at 1970 or 1980 are not. Unit: microseconds since the Unix epoch.</summary>
    private const long Oldest = 631_152_000 * Micros.PerSecond;

    private bool _sawAnInstant;
    private (RejectReason Reason, string? Column, string Found)? _fault;

    public bool IsGood => _fault is null;

    /// <summary>Begins the row the table stands on.</summary>
    public void Begin() => _fault = table.IsMalformed ? (RejectReason.Malformed, null, table.Raw) : null;

    /// <summary>Why the row cannot be taken.</summary>
    public RejectedRow Rejected(string? device) =>
        new(table.Place, device, Instant: null, _fault!.Value.Column, _fault.Value.Found.Length <= 120 ? _fault.Value.Found : _fault.Value.Found[..120], _fault.Value.Reason);

    public void Fail(RejectReason reason, string column) => _fault ??= (reason, column, table.Cell(column) ?? "");

    public string? Optional(string column) => table.Cell(column);

    public string Text(string column)
    {
        if (table.Cell(column) is { } text)
        {
            return text;
        }

        Fail(RejectReason.MissingCell, column);
        return "";
    }

    public long RequiredInstant(string column)
    {
        if (Instant(column) is { } instant)
        {
            return instant;
        }

        Fail(RejectReason.MissingCell, column);
        return 0;
    }

    /// <summary>Null for an empty cell: has not happened.</summary>
    public long? Instant(string column)
    {
        if (table.Cell(column) is not { } text)
        {
            return null;
        }

        var outcome = TimeText.Read(Encoding.UTF8.GetBytes(text), source.Zone, out var instant);
        if (outcome == TimeOutcome.NoZone && !_sawAnInstant)
        {
            throw new UserException(UserMessage.Of(MessageCode.ZoneMissing, table.Place, text));
        }

        if (outcome != TimeOutcome.Good)
        {
            Fail(RejectReason.BadTime, column);
            return 0;
        }

        _sawAnInstant = true;
        if (instant < Oldest)
        {
            Fail(RejectReason.Ancient, column);
        }

        return instant;
    }

    /// <summary>An instant of something that has happened: not ahead of the clock.</summary>
    public long? PastInstant(string column)
    {
        var instant = Instant(column);
        if (instant > source.Now + Micros.PerHour)
        {
            Fail(RejectReason.Future, column);
        }

        return instant;
    }

    /// <summary>Null for an empty cell.</summary>
    public int? Whole(string column, int least, int most)
    {
        if (table.Cell(column) is not { } text)
        {
            return null;
        }

        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number != decimal.Truncate(number))
        {
            Fail(RejectReason.NotANumber, column);
            return least;
        }

        if (number < least || number > most)
        {
            Fail(RejectReason.OutOfRange, column);
            return least;
        }

        return (int)number;
    }

    public int RequiredWhole(string column, int least, int most)
    {
        if (Whole(column, least, most) is { } number)
        {
            return number;
        }

        Fail(RejectReason.MissingCell, column);
        return least;
    }

    /// <summary>Null for an empty cell.</summary>
    public double? Number(string column, double least, double most)
    {
        if (table.Cell(column) is not { } text)
        {
            return null;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || double.IsNaN(number))
        {
            Fail(RejectReason.NotANumber, column);
            return least;
        }

        if (number < least || number > most)
        {
            Fail(RejectReason.OutOfRange, column);
            return least;
        }

        return number;
    }

    public double RequiredNumber(string column, double least, double most)
    {
        if (Number(column, least, most) is { } number)
        {
            return number;
        }

        Fail(RejectReason.MissingCell, column);
        return least;
    }

    /// <summary>An empty cell is false.</summary>
    public bool Flag(string column)
    {
        switch (table.Cell(column)?.ToLowerInvariant())
        {
            case null or "false" or "0" or "no":
                return false;
            case "true" or "1" or "yes":
                return true;
            default:
                Fail(RejectReason.UnknownWord, column);
                return false;
        }
    }

    public int Revision() => Whole("revision", 0, int.MaxValue) ?? source.Revision;
}
