using System.Security;
using Headroom.Domain.Time;

namespace Headroom.Ingest;

/// <summary>Zones as a user names them.</summary>
internal static class Zones
{
    /// <summary>Null for what is no IANA zone here, and for a zone whose offset moves by part of an hour.</summary>
    public static TimeZoneInfo? Find(string name)
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(new CenterClock(name).ZoneId);
        }
        catch (Exception problem) when (problem is TimeZoneNotFoundException or InvalidTimeZoneException or ArgumentException or SecurityException
            or IOException or UnauthorizedAccessException)
        {
            // The last two: a name such as "Asia/" is a folder of the zone database.
            return null;
        }
    }
}
