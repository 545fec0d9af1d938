using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>Reads sealed chunks. With a cache it keeps decoded ones, for a writer that meets the same days again and again.</summary>
/// <param name="cachedRows">Rows kept decoded; 0: none.</param>
internal sealed class ChunkReader(string path, long cachedRows = 0)
{
    private readonly ChunkCodec _codec = new();
    private readonly Dictionary<(long Device, int Day), SampleColumns?> _cache = [];
    private long _rowsInCache;

    /// <summary>The rows of one device and day; null when nothing is sealed. Do not change what you get.</summary>
    /// <exception cref="Domain.Messages.UserException">The chunk is damaged.</exception>
    public SampleColumns? Read(Session session, long device, int day)
    {
        if (cachedRows > 0 && _cache.TryGetValue((device, day), out var known))
        {
            return known;
        }

        var rows = Decode(session, device, day);
        if (cachedRows > 0)
        {
            _rowsInCache += rows?.Count ?? 1;
            if (_rowsInCache > cachedRows)
            {
                Forget();
            }

            _cache[(device, day)] = rows;
        }

        return rows;
    }

    public void Forget()
    {
        _cache.Clear();
        _rowsInCache = 0;
    }

    /// <summary>Days with a chunk, oldest first.</summary>
    public static List<int> Days(Session session, long device, int first, int last)
    {
        var days = new List<int>();
        using var reader = session.Read("SELECT day FROM chunk WHERE device = @1 AND day BETWEEN @2 AND @3 ORDER BY day", device, first, last);
        while (reader.Read())
        {
            days.Add(reader.GetInt32(0));
        }

        return days;
    }

    private SampleColumns? Decode(Session session, long device, int day)
    {
        byte[] bytes;
        using (var reader = session.Read("SELECT substr(b.data, c.start + 1, c.length) FROM chunk c JOIN block b ON b.id = c.block WHERE c.device = @1 AND c.day = @2", device, day))
        {
            if (!reader.Read())
            {
                return null;
            }

            bytes = reader.GetFieldValue<byte[]>(0);
        }

        try
        {
            var rows = new SampleColumns();
            _codec.Decode(bytes, device, day, rows);
            return rows;
        }
        catch (DamagedException damage)
        {
            throw SqliteProblems.Damaged(path, $"{Place(session, device)} {UtcDays.ToText(day)}", damage.Message);
        }
    }

    private static string Place(Session session, long device) =>
        (string)(session.Scalar("SELECT c.name || '/' || d.name FROM device d JOIN center c ON c.id = d.center WHERE d.id = @1", device) ?? $"device {device}");
}
