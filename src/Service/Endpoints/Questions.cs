using System.Globalization;
using Headroom.Domain.Messages;
using Headroom.Domain.Time;

namespace Headroom.Service.Endpoints;

/// <summary>Reads what a question gives.</summary>
internal static class Questions
{
    /// <exception cref="UserException">None is named.</exception>
    public static string Center(string? center, string place) =>
        string.IsNullOrEmpty(center) ? throw new UserException(UserMessage.Of(MessageCode.CenterNotNamed, place)) : center;

    /// <exception cref="UserException">It is no day.</exception>
    public static DateOnly? Day(string? argument, string name) => argument is not { Length: > 0 }
        ? null
        : DateOnly.TryParseExact(argument, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1970 and < 9990
            ? day
            : throw new UserException(UserMessage.Of(MessageCode.ParameterUnusable, name, argument, "2026-03-01"));

    /// <returns>Microseconds since the Unix epoch; null: none is given.</returns>
    /// <exception cref="UserException">It is no instant.</exception>
    public static long? Instant(string? argument, string name) => argument is not { Length: > 0 }
        ? null
        : DateTimeOffset.TryParse(argument, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? Instants.From(instant)
            : throw new UserException(UserMessage.Of(MessageCode.ParameterUnusable, name, argument, "2026-03-01T08:00:00Z"));

    /// <exception cref="UserException">It is no whole number of the range.</exception>
    public static int? WholeNumber(string? argument, string name, int least, int most) => argument is not { Length: > 0 }
        ? null
        : int.TryParse(argument, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new UserException(UserMessage.Of(MessageCode.ParameterUnusable, name, argument, $"{least} - {most}"));

    /// <summary>False where nothing is given.</summary>
    /// <exception cref="UserException">It is neither <c>true</c> nor <c>false</c>.</exception>
    public static bool YesOrNo(string? argument, string name) => argument is { Length: > 0 }
        && (bool.TryParse(argument, out var isYes) ? isYes : throw new UserException(UserMessage.Of(MessageCode.ParameterUnusable, name, argument, "true, false")));
}
