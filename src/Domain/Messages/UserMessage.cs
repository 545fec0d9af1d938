using System.Collections.Immutable;
using System.Globalization;

namespace Headroom.Domain.Messages;

/// <summary>Every problem we tell a user of. Its texts are resources, in both languages: <c>Message.CODE.Found</c>, <c>.Expected</c>, <c>.Did</c>, <c>.ToDo</c>.</summary>
public enum MessageCode
{
    FileMissing,
    FileUnreadable,
    FolderUnwritable,
    ColumnMissing,
    ZoneMissing,
    ZoneUnknown,
    TimeMissing,
    FormatUnknown,
    FormatGuessed,
    ColumnsIgnored,
    RowRejected,
    ModelNotInCatalog,
    ConflictingRating,
    TableValue,
    CenterFileKey,
    CenterFileValue,
    CenterFileSyntax,
    CenterUnknown,
    CenterDrafted,
    OpenJobsWithoutTime,
    JobsHeld,
    JobsWithoutCards,
    TargetDown,
    TargetNotMetrics,
    DatabaseLocked,
    DatabaseNotOurs,
    DatabaseNewer,
    DatabaseDamaged,
    DiskFull,
    BackupExists,
    BackupDamaged,
    RestoreNotEmpty,
    HoursNotRecomputed,
    DayNotBegun,
    NothingInstalled,
    UsageError,
    AddressRefused,
    CenterNotNamed,
    DeviceUnknown,
    PageUnknown,
    ContentTypeUnsupported,
    BodyTooLarge,
    BodyCutShort,
    BodyUnpacksTooLarge,
    BodyNotSnappy,
    BodyNotWriteRequest,
    RemoteWriteUnsupported,
    ParameterUnusable,
    MethodUnsupported,
    OriginRefused,
    TokenRefused,
    TokenForbidden,
    ServiceBusy,
    StoreUnavailable,
    ClockSkewed,
    SeriesRow,
    SeriesTooShort,
    BrowserMissing,
    Unexpected,
}

/// <summary>A message to a user: place, found, expected, what we did, what to do; printed in that order in either language.</summary>
/// <param name="Place">File and line, target, day; as the user wrote it.</param>
/// <param name="Arguments">What the texts of the code refer to as {0}, {1} and so on.</param>
public sealed record UserMessage(MessageCode Code, string Place, ImmutableArray<string> Arguments)
{
    public static UserMessage Of(MessageCode code, string place, params ReadOnlySpan<object?> arguments)
    {
        var texts = ImmutableArray.CreateBuilder<string>(arguments.Length);
        foreach (var argument in arguments)
        {
            texts.Add(Convert.ToString(argument, CultureInfo.InvariantCulture) ?? "");
        }

        return new(code, place, texts.DrainToImmutable());
    }
}

/// <summary>The world failed in a way that a user can mend; carried to the command line or the HTTP border, which prints the messages.</summary>
public sealed class UserException(ImmutableArray<UserMessage> messages, Exception? inner = null)
    : Exception(string.Join("; ", messages.Select(m => $"{m.Place}: {m.Code} {string.Join(", ", m.Arguments)}")), inner)
{
    public UserException(UserMessage message, Exception? inner = null)
        : this([message], inner)
    {
    }

    public ImmutableArray<UserMessage> Messages { get; } = messages;
}
