using Dapper;
using Headroom.Domain.Accounting;
using Headroom.Domain.Time;
using Headroom.Storage.Columns;
using Headroom.Storage.Sqlite.CardDays;
using Headroom.Storage.Sqlite.Telemetry;
using Microsoft.Data.Sqlite;

namespace Headroom.Storage.Sqlite;

/// <summary>Reads everything and says what is not as it was written.</summary>
internal sealed class Verifier(Session session)
{
    private const string Resend = "Restore a backup, or ingest the files of that day again into a new database.";
    private readonly List<StoreFault> _faults = [];

    public IReadOnlyList<StoreFault> Verify(CancellationToken cancellationToken)
    {
        Try("pages", Pages);
        Try("samples", () => Chunks(cancellationToken));
        Try("staged samples", Staged);
        Try("card-days", () => CardDays(cancellationToken));
        return _faults;
    }

    private void Try(string place, Action check)
    {
        try
        {
            check();
        }
        catch (SqliteException failure)
        {
            _faults.Add(new(place, failure.Message, Resend));
        }
    }

    private void Pages()
    {
        foreach (var problem in session.Connection.Query<string>("PRAGMA integrity_check(20)").Where(text => text != "ok"))
        {
            _faults.Add(new("pages", problem, Resend));
        }
    }

    private void Chunks(CancellationToken cancellationToken)
    {
        var codec = new ChunkCodec();
        var rows = new SampleColumns();
        using var reader = session.Read(
            """
            SELECT c.device, c.day, c.rows, substr(b.data, c.start + 1, c.length), n.name || '/' || d.name
            FROM chunk c JOIN device d ON d.id = c.device JOIN center n ON n.id = d.center LEFT JOIN block b ON b.id = c.block
            ORDER BY c.device, c.day
            """);
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var day = reader.GetInt32(1);
            var place = $"{reader.GetString(4)} {UtcDays.ToText(day)}";
            try
            {
                codec.Decode(reader.IsDBNull(3) ? [] : reader.GetFieldValue<byte[]>(3), reader.GetInt64(0), day, rows);
                if (rows.Count != reader.GetInt32(2) || rows.Count == 0)
                {
                    _faults.Add(new(place, $"{rows.Count} samples where the directory says {reader.GetInt32(2)}", Resend));
                }
                else if (!IsRising(rows.Instants) || UtcDays.Of(rows.First) != day || UtcDays.Of(rows.Last) != day)
                {
                    _faults.Add(new(place, "instants do not rise inside the day", Resend));
                }
            }
            catch (DamagedException damage)
            {
                _faults.Add(new(place, damage.Message, Resend));
            }
        }
    }

    private void Staged()
    {
        var codec = new StagedCodec();
        using var reader = session.Read("SELECT id, data FROM staged ORDER BY id");
        while (reader.Read())
        {
            var place = $"staged batch {reader.GetInt64(0)}";
            try
            {
                codec.Decode(reader.GetFieldValue<byte[]>(1), (_, rows, start, end) =>
                {
                    if (!IsRising(rows.Instants[start..end]))
                    {
                        _faults.Add(new(place, "instants do not rise", Resend));
                    }
                });
            }
            catch (DamagedException damage)
            {
                _faults.Add(new(place, damage.Message, Resend));
            }
        }
    }

    private void CardDays(CancellationToken cancellationToken)
    {
        var words = new Words();
        var texts = session.Connection.Query<(long Id, string Text)>("SELECT id, text FROM word").ToDictionary(word => word.Id, word => word.Text);
        using var reader = session.Read("SELECT n.name || '/' || d.name, c.day, c.data FROM card_day c JOIN device d ON d.id = c.device JOIN center n ON n.id = c.center ORDER BY c.id");
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var place = $"{reader.GetString(0)} {DateOnly.FromDayNumber(reader.GetInt32(1)):yyyy-MM-dd}";
            try
            {
                if (CardDayCodec.Decode(reader.GetFieldValue<byte[]>(2), texts.GetValueOrDefault).FirstOrDefault(hour => Fault(hour) is not null) is { } hour)
                {
                    _faults.Add(new(place, $"hour {Instants.ToText(hour.HourStart)}: {Fault(hour)}", "Delete nothing; report this: it is a mistake of the program."));
                }
            }
            catch (DamagedException damage)
            {
                _faults.Add(new(place, $"card-day: {damage.Message}", Resend));
            }
        }
    }

    private static string? Fault(CardHour hour)
    {
        if (hour.Cells.Micros.ContainsAnyInRange(long.MinValue, -1) || hour is { SilentZero: < 0 } or { EnergyNanojoules: < 0 } or { EnergyKnown: < 0 } or { Samples: < 0 })
        {
            return "a negative number";
        }

        if (hour.Cells.Installed > Micros.PerHour)
        {
            return "more than an hour in an hour";
        }

        return hour.Tenants.Sum(tenant => tenant.Allocated) != hour.Cells.Allocated ? "tenants do not sum to the allocated time" : null;
    }

    private static bool IsRising(ReadOnlySpan<long> instants)
    {
        for (var i = 1; i < instants.Length; i++)
        {
            if (instants[i] <= instants[i - 1])
            {
                return false;
            }
        }

        return true;
    }
}
