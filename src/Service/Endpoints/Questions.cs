using System.Globalization;
using Headroom.Domain.Messages;

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
            : throw new UserException(UserMessage.Of(MessageCode.UsageError, name, argument, "2026-03-01"));
}
